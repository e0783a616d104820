using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>An entry to publish and the source that credit goes to. Writers take nothing else, and it holds no more than may be shown.</summary>
public sealed record PublishedEntry
{
    /// <summary>What <see cref="RepublishRule"/> leaves of an entry.</summary>
    /// <param name="stored">The entry, with its body.</param>
    /// <param name="source">The source that <see cref="StoredEntry.SourceId"/> names.</param>
    public PublishedEntry(StoredEntry stored, Source source)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(source);
        (Source, Stored) = (source, stored);
    }

    /// <summary>The entry, as far as it may be shown.</summary>
    public StoredEntry Stored
    {
        get;
        init => field = RepublishRule.Show(value, Source.Level)
            ?? value with { Entry = RepublishRule.Show(value.Entry, RepublishLevel.Nothing), Level = RepublishLevel.Nothing };
    }

    /// <summary>The source that it is from.</summary>
    public Source Source { get; }

    /// <summary>Whether it may be shown at all: <see cref="Publication.Entries"/> leaves it out where it may not.</summary>
    public bool MayBeShown => Stored.Level > RepublishLevel.Nothing;

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
