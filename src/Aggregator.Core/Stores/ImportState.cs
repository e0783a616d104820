namespace Aggregator.Core.Stores;

/// <summary>How far an import of a subscription list is. All times are UTC.</summary>
public sealed record ImportState
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>What its admin called it: a file's name or an address.</summary>
    public required string Name { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended, or null while it runs or waits.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How many of its sources have been looked at.</summary>
    public int Done { get; init; }

    /// <summary>How many sources it names; 0 until it has been read.</summary>
    public int Total { get; init; }

    /// <summary>What came of it, in its writer's own format; null while it runs, and in lists.</summary>
    public string? Report { get; init; }
}
