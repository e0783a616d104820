using Aggregator.Core.Model;

namespace Aggregator.Core.Normalizing;

/// <summary>A document as it would be stored.</summary>
public sealed record NormalizedFeed
{
    /// <summary>What the feed says of itself.</summary>
    public required FeedFacts Facts { get; init; }

    /// <summary>Its entries in document order, each key once.</summary>
    public required IReadOnlyList<Entry> Entries { get; init; }

    /// <summary>The rung on which the entries were told apart: the one asked for, or a lower one when keys collided.</summary>
    public required IdentityRule IdentityRule { get; init; }

    /// <summary>What an admin should know of it (repairs, a step down the ladder, entries left out), each a short English phrase.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
