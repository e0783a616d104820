namespace Aggregator.Core.Model;

/// <summary>An entry as it stands in the store, with when we had it. All times are UTC.</summary>
public sealed record StoredEntry
{
    /// <summary>The entry's number, which its article page and its published id are made of.</summary>
    public required long Id { get; init; }

    /// <summary>The source it came from.</summary>
    public required long SourceId { get; init; }

    /// <summary>What it says now.</summary>
    public required Entry Entry { get; init; }

    /// <summary>When we first had it.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When we took its newest snapshot.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>The number of its newest snapshot, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// The number of the snapshot whose body is shown: the newest captured page, else what the feed said last. Title and everything
    /// else always are what the feed said last.
    /// </summary>
    public int BodyVersion { get; init; }

    /// <summary>How much of it may be shown; what is more has been left out of <see cref="Entry"/> (see <see cref="Publishing.RepublishRule"/>).</summary>
    public RepublishLevel Level { get; init; } = RepublishLevel.Full;

    /// <summary>
    /// Its place in time: the earlier of <see cref="Entry.PublishedAt"/> and <see cref="FirstSeenAt"/>,
    /// so that a date in the future cannot pin it to the top.
    /// </summary>
    public required DateTimeOffset SortAt { get; init; }
}
