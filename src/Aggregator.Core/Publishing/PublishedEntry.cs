using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>An entry to publish and the source that credit goes to.</summary>
/// <param name="Stored">The entry, with its body.</param>
/// <param name="Source">The source that <see cref="StoredEntry.SourceId"/> names.</param>
public sealed record PublishedEntry(StoredEntry Stored, Source Source)
{
    /// <summary>The story that the entry stands for, where the feed shows each story once.</summary>
    public PublishedStory? Story { get; init; }

    /// <summary>The entry with so much of its text.</summary>
    public PublishedEntry With(FeedContent content) => content switch
    {
        FeedContent.Summary => this with { Stored = Stored with { Entry = Stored.Entry with { Content = null } } },
        FeedContent.None => this with { Stored = Stored with { Entry = Stored.Entry with { Content = null, Summary = null } } },
        _ => this,
    };
}
