using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;
using Aggregator.Server.Selections;
using Aggregator.Server.Stories;

namespace Aggregator.Server.Browse;

/// <summary>Reads the pages of lists, each in a number of statements that does not grow with what it shows.</summary>
internal sealed class ListReader(
    TopicDirectory topics, Navigation navigation, EntryPager pager, IEntryStore entries, ISourceStore sources, IStoryStore stories, SiteLinks links)
{
    /// <summary>How many of its newest entries a category shows beside the newest of all.</summary>
    private const int Headlines = 4;

    /// <summary>How many categories show headlines; the others are in the navigation.</summary>
    private const int HeadlineCategories = 24;

    /// <summary>How many sources stand on a page of their list.</summary>
    private const int SourcesPerPage = 60;

    /// <summary>The home page: the newest of everything, and beside its beginning the newest of each category.</summary>
    public async Task<PageDraft?> HomeAsync(ListAddress address, string siteTitle, CancellationToken cancellationToken)
    {
        var all = await navigation.ListAsync(cancellationToken);
        if (await topics.FindAsync(TopicName.Everything, cancellationToken) is not { } topic) return null;
        var list = await ReadAsync(topic, address, "/", FeedAddresses.Of(links, siteTitle, Topic.Everything), cancellationToken);
        IReadOnlyList<HomeSection> sections = [];
        if (!address.IsDeep && !address.IsNarrowed)
        {
            var shown = all.Take(HeadlineCategories).ToList();
            var newest = await entries.ListNewestAsync([.. shown.Select(category => category.Id)], Headlines, cancellationToken);
            sections = [.. shown.Select(category => new HomeSection(category, [.. newest[category.Id]]))];
        }

        return PageDraft.Of<HomePage>(new HomeModel(all, sections, list), all, [(TopicName.Everything, topic)], PageResult.ListSecurityPolicy);
    }

    /// <summary>A category's page, or null when there is none of that slug.</summary>
    public async Task<PageDraft?> CategoryAsync(string slug, ListAddress address, CancellationToken cancellationToken)
    {
        var all = await navigation.ListAsync(cancellationToken);
        var name = TopicName.Category(slug);
        if (await topics.FindAsync(name, cancellationToken) is not { } topic || all.FirstOrDefault(category => category.Slug == slug) is not { } category) return null;
        var list = await ReadAsync(topic, address, $"/categories/{slug}", FeedAddresses.Of(links, category.Title, topic.Topic, slug), cancellationToken);
        return PageDraft.Of<CategoryPage>(new CategoryModel(all, category, list with { Follow = (FollowedTopic.Category, slug) }), all, [(name, topic)], PageResult.ListSecurityPolicy);
    }

    /// <summary>A source's page, or null when there is none of that number.</summary>
    public async Task<PageDraft?> SourceAsync(long id, ListAddress address, CancellationToken cancellationToken)
    {
        var all = await navigation.ListAsync(cancellationToken);
        var name = TopicName.Source(id);
        if (await topics.FindAsync(name, cancellationToken) is not { } topic || await sources.FindAsync(id, cancellationToken) is not { } source) return null;
        var list = await ReadAsync(
            topic, address with { SourceId = null }, FormattableString.Invariant($"/sources/{id}"),
            FeedAddresses.Of(links, PublicSourceAddress.Title(source), topic.Topic), cancellationToken);
        return PageDraft.Of<SourcePage>(new SourceModel(all, source, list with { NamesSources = false, Follow = (FollowedTopic.Source, id.ToString(CultureInfo.InvariantCulture)) }), all, [(name, topic)], PageResult.ListSecurityPolicy);
    }

    /// <summary>The list of the sources behind the one with that number; null when there is none behind it.</summary>
    public async Task<PageDraft?> SourcesAsync(long after, CancellationToken cancellationToken)
    {
        var all = await navigation.ListAsync(cancellationToken);
        if (await topics.FindAsync(TopicName.Everything, cancellationToken) is not { } topic) return null;
        var listed = await sources.ListPublicAsync(categoryId: null, after, SourcesPerPage + 1, cancellationToken);
        if (listed.Count == 0 && after > 0) return null;
        var next = listed.Count > SourcesPerPage ? listed[SourcesPerPage - 1].Source.Id : (long?)null;
        var model = new SourceIndexModel(all, [.. listed.Take(SourcesPerPage)], after, next);
        return PageDraft.Of<SourceIndexPage>(model, all, [(TopicName.Everything, topic)]);
    }

    private async Task<ListModel> ReadAsync(PublishedTopic topic, ListAddress address, string path, FeedAddresses feeds, CancellationToken cancellationToken)
    {
        var page = await pager.ReadAsync(topic.Topic, address, cancellationToken);
        var origins = await entries.OriginsAsync(topic.Topic, cancellationToken);
        var languages = origins.Where(origin => origin.Language is not null)
            .GroupBy(origin => Primary(origin.Language!), StringComparer.Ordinal)
            .OrderByDescending(language => language.Sum(origin => origin.Entries)).Select(language => language.Key).ToList();
        if (address.Language is { } asked && !languages.Contains(asked)) languages.Add(asked);

        var offered = topic.Topic is Topic.OfSource ? [] : origins.Select(origin => origin.SourceId).Distinct().Take(ListChoices.MaxSources);
        var ids = page.Entries.Select(entry => entry.SourceId).Concat(offered).Concat(address.SourceId is { } chosen ? [chosen] : []).Distinct().ToList();
        var known = ids.Count == 0 ? [] : (await sources.FindManyAsync(ids, cancellationToken)).ToDictionary(source => source.Id);
        var choices = offered.Concat(address.SourceId is { } one ? [one] : []).Distinct()
            .Where(id => known.TryGetValue(id, out var source) && source.Level > RepublishLevel.Nothing)
            .Select(id => (id, PublicSourceAddress.Title(known[id]))).OrderBy(choice => choice.Item2, StringComparer.OrdinalIgnoreCase).ToList();
        var told = await StoryLists.WithAsync([.. page.Entries.Select(entry => new ListedEntry(entry, known.GetValueOrDefault(entry.SourceId)))], stories, cancellationToken);
        return new ListModel(path, address, told, page, feeds, new ListChoices(choices, languages));
    }

    private static string Primary(string language)
    {
        var dash = language.IndexOf('-', StringComparison.Ordinal);
        return (dash < 0 ? language : language[..dash]).ToLowerInvariant();
    }
}
