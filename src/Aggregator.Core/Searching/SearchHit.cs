using Aggregator.Core.Model;

namespace Aggregator.Core.Searching;

/// <summary>An entry that was found.</summary>
public sealed record SearchHit
{
    /// <summary>The entry as it is now.</summary>
    public required StoredEntry Stored { get; init; }

    /// <summary>The title, now or in the version that was found, with what was looked for marked.</summary>
    public required IReadOnlyList<TextPiece> Title { get; init; }

    /// <summary>The passage in which it stands; null when it stands in no text (in the authors' names, say).</summary>
    public IReadOnlyList<TextPiece>? Passage { get; init; }

    /// <summary>When the earlier version was captured that it was found in; null when it stands in the entry as it is now.</summary>
    public DateTimeOffset? EarlierVersionAt { get; init; }
}
