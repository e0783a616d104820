using System.Text.Encodings.Web;
using System.Text.Unicode;
using Aggregator.Core.Capturing;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Categories;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Hosting;
using Aggregator.Server.Stories;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Browse;

/// <summary>The pages of lists that visitors read: home, category, source.</summary>
internal static class BrowseEndpoints
{
    /// <summary>How many of its newest entries a category shows on the home page.</summary>
    private const int HomeEntries = 6;

    /// <summary>How many categories the home page shows with entries; the others are in the navigation.</summary>
    private const int HomeCategories = 40;

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what pages need. <see cref="SiteLinks"/> and the stores are registered elsewhere.</summary>
    public static IServiceCollection AddBrowsing(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();

        // The default encoder turns every Chinese character into an entity of eight bytes.
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));

        services.AddOptions<SiteOptions>().BindConfiguration(SiteOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteOptions>, SiteOptionsValidator>();
        services.AddSingleton<SiteAssets>();
        services.AddSingleton<EntryPager>();
        services.AddScoped<PageContext>();
        return services;
    }

    public static IEndpointRouteBuilder MapBrowsing(this IEndpointRouteBuilder routes)
    {
        var assets = routes.ServiceProvider.GetRequiredService<SiteAssets>();
        foreach (var name in assets.Names)
            routes.MapMethods("/" + name, GetAndHead, (HttpContext context) => assets.Get(name, context));

        routes.MapMethods("/", GetAndHead, HomeAsync);
        routes.MapMethods("/categories/{slug}", GetAndHead, CategoryAsync);
        routes.MapMethods("/sources/{id:long}", GetAndHead, SourceAsync);
        routes.MapMethods("/bot", GetAndHead, Bot);
        return routes;
    }

    private static IResult Bot(HttpContext context, SiteLinks links)
    {
        var fetching = context.RequestServices.GetService<FetchingOptions>() ?? new FetchingOptions();
        return PageResult.Shared<BotPage>(new BotModel(
            CoreServices.UserAgent(fetching, links), fetching.PerHostConcurrency, fetching.PerHostGap.TotalSeconds, ProductToken.Of(fetching.UserAgent)));
    }

    private static async Task<IResult> HomeAsync(
        ICategoryStore categories, IEntryStore entries, ISourceStore sources, IStoryStore stories, SiteLinks links, PageContext page,
        CancellationToken cancellationToken)
    {
        var all = await categories.ListAsync(cancellationToken);
        var sections = new List<HomeSection>();
        foreach (var category in all.Take(HomeCategories))
        {
            var newest = await entries.ListAsync(
                new EntryQuery { Topic = Topic.Category(category.Id), OncePerStory = true, Limit = HomeEntries }, cancellationToken);
            sections.Add(new HomeSection(category, await WithSourcesAsync(newest, sources, cancellationToken)));
        }

        var told = await stories.OfEntriesAsync([.. sections.SelectMany(section => section.Entries).Select(listed => listed.Stored.Id)], cancellationToken);
        sections = sections.ConvertAll(section => section with { Entries = StoryLists.With(section.Entries, told) });
        return PageResult.Shared<HomePage>(new HomeModel(all, sections, FeedAddresses.Of(links, page.SiteTitle, Topic.Everything)));
    }

    private static async Task<IResult> CategoryAsync(
        HttpContext context, string slug, string? before, string? after,
        ICategoryStore categories, EntryPager pager, ISourceStore sources, IStoryStore stories, SiteLinks links, CancellationToken cancellationToken)
    {
        if (!CategorySlug.IsValid(slug) || await categories.FindAsync(slug, cancellationToken) is not { } category)
        {
            if (await CategoryRedirects.TargetAsync(context, slug, extension: null) is not { } target) return PageResult.Status(StatusCodes.Status404NotFound);
            CategoryRedirects.Answer(context, target);
            return Results.Empty;
        }

        var topic = Topic.Category(category.Id);
        var read = await pager.ReadAsync(topic, before, after, cancellationToken);
        return PageResult.Shared<CategoryPage>(new CategoryModel(
            await categories.ListAsync(cancellationToken),
            category,
            await StoryLists.WithAsync(await WithSourcesAsync(read.Entries, sources, cancellationToken), stories, cancellationToken),
            read,
            FeedAddresses.Of(links, category.Title, topic, category.Slug)));
    }

    private static async Task<IResult> SourceAsync(
        long id, string? before, string? after,
        ICategoryStore categories, EntryPager pager, ISourceStore sources, IStoryStore stories, SiteLinks links, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(id, cancellationToken) is not { } source)
            return PageResult.Status(StatusCodes.Status404NotFound);

        var topic = Topic.Source(source.Id);
        var read = await pager.ReadAsync(topic, before, after, cancellationToken);
        return PageResult.Shared<SourcePage>(new SourceModel(
            await categories.ListAsync(cancellationToken),
            source,
            await StoryLists.WithAsync([.. read.Entries.Select(entry => new ListedEntry(entry, source))], stories, cancellationToken),
            read,
            FeedAddresses.Of(links, source.DisplayTitle, topic)));
    }

    /// <summary>Entries with the sources they came from, read together.</summary>
    internal static async Task<IReadOnlyList<ListedEntry>> WithSourcesAsync(
        IReadOnlyList<StoredEntry> entries, ISourceStore sources, CancellationToken cancellationToken)
    {
        if (entries.Count == 0) return [];
        var ids = entries.Select(entry => entry.SourceId).Distinct().ToList();
        var found = (await sources.FindManyAsync(ids, cancellationToken)).ToDictionary(source => source.Id);
        return [.. entries.Select(entry => new ListedEntry(entry, found.GetValueOrDefault(entry.SourceId)))];
    }
}
