using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Resources;
using Aggregator.Server.Search;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Publish;

/// <summary>
/// Knows which topics there are and at which version they stand. The store is asked at most once per second and topic, whatever the
/// number of requests; so a change, also one made by another node, shows within two seconds.
/// </summary>
internal sealed class TopicDirectory : IDisposable
{
    private readonly ICategoryStore _categories;
    private readonly ISourceStore _sources;
    private readonly IEntryStore _entries;
    private readonly ISearchStore _search;
    private readonly ISelectionStore _selections;
    private readonly PublishOptions _settings;
    private readonly RecentAnswers<TopicName, PublishedTopic> _topics;

    public TopicDirectory(
        ICategoryStore categories, ISourceStore sources, IEntryStore entries, ISearchStore search, ISelectionStore selections, IOptions<PublishOptions> options, StoreTrust trust,
        TimeProvider time)
    {
        (_categories, _sources, _entries, _search, _selections, _settings) = (categories, sources, entries, search, selections, options.Value);
        _topics = new RecentAnswers<TopicName, PublishedTopic>(AskAsync, trust, time);
    }

    /// <summary>The topic, with the timestamp of the question, when somebody has asked within <see cref="StoreTrust.Interval"/>; else null.</summary>
    public (PublishedTopic Value, long AskedAt)? FindKnown(TopicName name) => _topics.Find(name);

    /// <summary>The topic as it stands, at most <see cref="StoreTrust.Interval"/> old; null when there is none of that name.</summary>
    public ValueTask<PublishedTopic?> FindAsync(TopicName name, CancellationToken cancellationToken) =>
        name.IsUnbounded ? _topics.GetAnewAsync(name, cancellationToken) : _topics.GetAsync(name, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _topics.Dispose();

    private async Task<PublishedTopic?> AskAsync(TopicName name, CancellationToken cancellationToken) =>
        await ReadAsync(name, cancellationToken) is { } read ? read with { OncePerStory = name.OncePerStory } : null;

    private async Task<PublishedTopic?> ReadAsync(TopicName name, CancellationToken cancellationToken)
    {
        var settings = _settings;
        if (name.Slug is not null)
        {
            if (!CategorySlug.IsValid(name.Slug) || await _categories.FindAsync(name.Slug, cancellationToken) is not { } category) return null;
            var ofCategory = Topic.Category(category.Id);
            return new PublishedTopic(
                ofCategory, category.Slug, category.Title, category.Description, category.Language, category.ShowAttribution,
                await _entries.VersionAsync(ofCategory, cancellationToken));
        }

        if (name.SourceId is { } sourceId)
        {
            if (await _sources.FindAsync(sourceId, cancellationToken) is not { Level: > RepublishLevel.Nothing } source) return null;
            var ofSource = Topic.Source(sourceId);
            return new PublishedTopic(
                ofSource, Slug: null, PublicSourceAddress.Title(source), source.Feed.Description,
                source.Feed.Language ?? source.DefaultLanguage ?? settings.Language, settings.ShowAttribution,
                await _entries.VersionAsync(ofSource, cancellationToken));
        }

        if (name.Search is { } query)
        {
            return new PublishedTopic(
                Topic.Search(query), Slug: null, $"{settings.Title}: {SearchAddress.Read(query).Query.Canonical}", Description: null,
                settings.Language, settings.ShowAttribution, await _search.VersionAsync(cancellationToken));
        }

        if (name.Selection is { } token)
        {
            if (await _selections.FindAsync(token.Hash(), cancellationToken) is not { } selection) return null;
            var version = await _selections.VersionAsync(selection, cancellationToken);
            if (selection.Searches.Count > 0) version = version with { Number = version.Number + (await _search.VersionAsync(cancellationToken)).Number };
            return new PublishedTopic(
                Topic.Selection(token.Value), Slug: null, $"{settings.Title}: {Text.In(SiteLanguage.Find(settings.Language) ?? SiteLanguage.English).MySubscriptions}",
                Description: null, settings.Language, settings.ShowAttribution, version)
            { Revision = selection.Revision };
        }

        return new PublishedTopic(
            Topic.Everything, Slug: null, settings.Title, Description: null, settings.Language, settings.ShowAttribution,
            await _entries.VersionAsync(Topic.Everything, cancellationToken));
    }
}
