using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>Which entries of a selection to read, newest first and without their bodies: those of its categories and sources, and those that its searches found.</summary>
public sealed record SelectionQuery
{
    /// <summary>The most entries that one query may ask for.</summary>
    public const int MaxLimit = 500;

    /// <summary>The selection.</summary>
    public required Selection Selection { get; init; }

    /// <summary>The places of what its searches found, in any order, repeated or not.</summary>
    public IReadOnlyCollection<PageKey> Found { get; init; } = [];

    /// <summary>How many at most: 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Only entries older than this place.</summary>
    public PageKey? Before { get; init; }

    /// <summary>Only entries newer than this place: the ones next to it, still returned newest first. Not together with <see cref="Before"/>.</summary>
    public PageKey? After { get; init; }

    /// <summary>Whether an entry gives way to one that leads its story and stands in a category or source of the selection itself.</summary>
    public bool OncePerStory { get; init; }
}
