using Aggregator.Core.Model;
using Aggregator.Core.Publishing;

namespace Aggregator.Core.Snapshots;

/// <summary>The documents of what one feed said at one time: what they have in common is worked out once.</summary>
public sealed class FeedDocuments
{
    private readonly Source _source;
    private readonly DateTimeOffset _capturedAt;
    private readonly SnapshotSource _named;

    /// <summary>Works out how the source may be named.</summary>
    /// <param name="source">The source.</param>
    /// <param name="capturedAt">When its document was taken.</param>
    public FeedDocuments(Source source, DateTimeOffset capturedAt)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _capturedAt) = (source, capturedAt);
        _named = new SnapshotSource(PublicSourceAddress.Title(source), PublicSourceAddress.Own(source));
    }

    /// <summary>The document of an entry.</summary>
    public SnapshotDocument Of(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new SnapshotDocument
        {
            Kind = SnapshotKind.Feed,
            CapturedAt = _capturedAt,
            Url = entry.Url,
            Title = entry.Title,
            // The bytes go out as they are, so what must not leave the server does not come in.
            Content = entry.Content is null || !_source.Url.Contains('@', StringComparison.Ordinal)
                ? entry.Content
                : PublicSourceAddress.WithoutCredentials(_source, entry.Content),
            Summary = entry.Summary,
            Authors = entry.Authors,
            Tags = entry.Tags,
            Enclosures = entry.Enclosures,
            ImageUrl = entry.ImageUrl,
            Language = entry.Language,
            PublishedAt = entry.PublishedAt,
            UpdatedAt = entry.UpdatedAt,
            Source = _named,
        };
    }
}
