using System.Globalization;
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
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Browse;

/// <summary>The pages of lists that visitors read: home, category, source, and the list of sources.</summary>
internal static class BrowseEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what pages need. <see cref="SiteLinks"/> and the stores are registered elsewhere.</summary>
    public static IServiceCollection AddBrowsing(this IServiceCollection services)
    {
        services.AddRazorComponents();

        // The default encoder turns every Chinese character into an entity of eight bytes.
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));

        services.AddOptions<SiteOptions>().BindConfiguration(SiteOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteOptions>, SiteOptionsValidator>();
        services.AddSingleton<SiteAssets>();
        services.AddSingleton<EntryPager>();
        services.AddSingleton<Navigation>();
        services.AddSingleton<ListReader>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PageCache>();
        services.AddScoped<RenderedFor>();
        services.AddScoped<PageContext>();
        return services;
    }

    public static IEndpointRouteBuilder MapBrowsing(this IEndpointRouteBuilder routes)
    {
        var assets = routes.ServiceProvider.GetRequiredService<SiteAssets>();
        foreach (var name in assets.Names)
            routes.MapMethods("/" + name, GetAndHead, (HttpContext context) => assets.WriteAsync(name, context));

        routes.MapMethods("/", GetAndHead, HomeAsync);
        routes.MapMethods("/categories/{slug}", GetAndHead, CategoryAsync);
        routes.MapMethods("/sources", GetAndHead, SourcesAsync);
        routes.MapMethods("/sources/{id:long}", GetAndHead, SourceAsync);
        routes.MapMethods("/bot", GetAndHead, BotAsync);
        routes.MapCrawlerFiles();
        return routes;
    }

    private static Task<IResult?> BotAsync(HttpContext context, SiteLinks links, Navigation navigation)
    {
        var fetching = context.RequestServices.GetService<FetchingOptions>() ?? new FetchingOptions();
        return CachedPages.GetStaticAsync<BotPage>(context, navigation, "/bot", new BotModel(
            CoreServices.UserAgent(fetching, links), fetching.PerHostConcurrency, fetching.PerHostGap.TotalSeconds, ProductToken.Of(fetching.UserAgent)));
    }

    private static async Task<IResult> HomeAsync(HttpContext context, ListReader lists, IOptions<SiteOptions> site)
    {
        var address = ListAddress.Read(context.Request.Query);
        var title = LanguageChoice.Of(context.Request).Choose(site.Value.Title);
        return await CachedPages.GetAsync(context, "/" + address.Canonical, stopping => lists.HomeAsync(address, title, stopping))
            ?? PageResult.Status(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> CategoryAsync(HttpContext context, string slug, ListReader lists)
    {
        var address = ListAddress.Read(context.Request.Query);
        if (CategorySlug.IsValid(slug)
            && await CachedPages.GetAsync(context, $"/categories/{slug}{address.Canonical}", stopping => lists.CategoryAsync(slug, address, stopping)) is { } page)
            return page;

        if (await CategoryRedirects.TargetAsync(context, slug, extension: null) is not { } target) return PageResult.Status(StatusCodes.Status404NotFound);
        CategoryRedirects.Answer(context, target);
        return Results.Empty;
    }

    private static async Task<IResult> SourceAsync(HttpContext context, long id, ListReader lists)
    {
        var address = ListAddress.Read(context.Request.Query) with { SourceId = null };
        return id > 0 && await CachedPages.GetAsync(
                context, string.Create(CultureInfo.InvariantCulture, $"/sources/{id}{address.Canonical}"), stopping => lists.SourceAsync(id, address, stopping)) is { } page
            ? page
            : PageResult.Status(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SourcesAsync(HttpContext context, ListReader lists)
    {
        var after = context.Request.Query["after"] is [{ } number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        return await CachedPages.GetAsync(
                context, after == 0 ? "/sources" : string.Create(CultureInfo.InvariantCulture, $"/sources?after={after}"), stopping => lists.SourcesAsync(after, stopping))
            ?? PageResult.Status(StatusCodes.Status404NotFound);
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
