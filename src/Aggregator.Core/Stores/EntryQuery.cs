using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>Which entries of a topic to read, newest first.</summary>
public sealed record EntryQuery
{
    /// <summary>The most entries that one query may ask for.</summary>
    public const int MaxLimit = 500;

    /// <summary>The topic.</summary>
    public required Topic Topic { get; init; }

    /// <summary>How many at most: 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Only entries older than this place.</summary>
    public PageKey? Before { get; init; }

    /// <summary>Only entries newer than this place: the ones next to it, still returned newest first. Not together with <see cref="Before"/>.</summary>
    public PageKey? After { get; init; }

    /// <summary>Only entries whose place in time is not before this moment.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>
    /// Whether of the entries of a story that the query would give only the first is given: the one that leads, where it is among them.
    /// </summary>
    public bool OncePerStory { get; init; }

    /// <summary>Only entries of this source, or of all.</summary>
    public long? SourceId { get; init; }

    /// <summary>Only entries of this language, by its primary subtag in small letters (<c>zh</c>, <c>en</c>), or of all.</summary>
    public string? Language { get; init; }

    /// <summary>
    /// How many entries a narrowed query looks at, at the most: no index knows all that lists are narrowed by. A page may have fewer
    /// entries than it could; <see cref="IEntryStore.ReachAsync"/> tells where to go on.
    /// </summary>
    public const int MaxScanned = 5_000;

    /// <summary>Whether it asks for a part of the topic's entries.</summary>
    public bool IsNarrowed => SourceId is not null || Language is not null;

    /// <summary>Whether to read bodies too; lists do without.</summary>
    public bool WithContent { get; init; }
}
