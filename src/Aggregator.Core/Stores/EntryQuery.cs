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

    /// <summary>Whether of the entries of a story that the topic has only the one that leads is given.</summary>
    public bool OncePerStory { get; init; }

    /// <summary>Whether to read bodies too; lists do without.</summary>
    public bool WithContent { get; init; }
}
