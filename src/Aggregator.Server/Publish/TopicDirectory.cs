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
internal sealed class TopicDirectory(
    ICategoryStore categories, ISourceStore sources, IEntryStore entries, ISearchStore search, ISelectionStore selections, IOptions<PublishOptions> options, StoreTrust trust, TimeProvider time) : IDisposable
{
    /// <summary>How long an answer of the store is taken for true.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many topics are remembered. Names that do not exist are never among them, so nobody can fill this with nonsense.</summary>
    private const int MaxTopics = 100_000;

    private readonly BoundedCache<TopicName, Checked> _topics = new(MaxTopics, static _ => 1, time);
    private readonly SingleFlight<(TopicName Name, long Epoch), PublishedTopic?> _checks = new();

    /// <summary>The topic when somebody has asked for it within <see cref="CheckInterval"/>, else null.</summary>
    public PublishedTopic? FindKnown(TopicName name) =>
        _topics.TryGet(name, out var known) && known.Epoch == trust.Epoch && time.GetElapsedTime(known.At) < CheckInterval ? known.Topic : null;

    /// <summary>The topic as it stands, at most <see cref="CheckInterval"/> old; null when there is none of that name.</summary>
    public ValueTask<PublishedTopic?> FindAsync(TopicName name, CancellationToken cancellationToken) =>
        FindKnown(name) is { } known
            ? ValueTask.FromResult<PublishedTopic?>(known)
            : new ValueTask<PublishedTopic?>(_checks.RunAsync((name, trust.Epoch), stopping => CheckAsync(name, stopping), cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _checks.Dispose();

    private async Task<PublishedTopic?> CheckAsync(TopicName name, CancellationToken cancellationToken)
    {
        // The time before the question: the answer may be that old.
        var (asked, epoch) = (time.GetTimestamp(), trust.Epoch);
        var topic = await ReadAsync(name, cancellationToken) is { } read ? read with { OncePerStory = name.OncePerStory } : null;
        if (name.IsUnbounded) return topic;
        if (topic is null) _topics.Remove(name);
        else _topics.Set(name, new Checked(topic, asked, epoch));
        return topic;
    }

    private async Task<PublishedTopic?> ReadAsync(TopicName name, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (name.Slug is not null)
        {
            if (!CategorySlug.IsValid(name.Slug) || await categories.FindAsync(name.Slug, cancellationToken) is not { } category) return null;
            var ofCategory = Topic.Category(category.Id);
            return new PublishedTopic(
                ofCategory, category.Slug, category.Title, category.Description, category.Language, category.ShowAttribution,
                await entries.VersionAsync(ofCategory, cancellationToken));
        }

        if (name.SourceId is { } sourceId)
        {
            if (await sources.FindAsync(sourceId, cancellationToken) is not { Level: > RepublishLevel.Nothing } source) return null;
            var ofSource = Topic.Source(sourceId);
            return new PublishedTopic(
                ofSource, Slug: null, PublicSourceAddress.Title(source), source.Feed.Description,
                source.Feed.Language ?? source.DefaultLanguage ?? settings.Language, settings.ShowAttribution,
                await entries.VersionAsync(ofSource, cancellationToken));
        }

        if (name.Search is { } query)
        {
            return new PublishedTopic(
                Topic.Search(query), Slug: null, $"{settings.Title}: {SearchAddress.Read(query).Query.Canonical}", Description: null,
                settings.Language, settings.ShowAttribution, await search.VersionAsync(cancellationToken));
        }

        if (name.Selection is { } token)
        {
            if (await selections.FindAsync(token.Hash(), cancellationToken) is not { } selection) return null;
            var version = await selections.VersionAsync(selection, cancellationToken);
            if (selection.Searches.Count > 0) version = version with { Number = version.Number + (await search.VersionAsync(cancellationToken)).Number };
            return new PublishedTopic(
                Topic.Selection(token.Value), Slug: null, $"{settings.Title}: {Text.In(SiteLanguage.Find(settings.Language) ?? SiteLanguage.English).MySubscriptions}",
                Description: null, settings.Language, settings.ShowAttribution, version)
            { Revision = selection.Revision };
        }

        return new PublishedTopic(
            Topic.Everything, Slug: null, settings.Title, Description: null, settings.Language, settings.ShowAttribution,
            await entries.VersionAsync(Topic.Everything, cancellationToken));
    }

    private sealed record Checked(PublishedTopic Topic, long At, long Epoch);
}
