namespace Aggregator.Core.Stores;

/// <summary>A page of an admin's list of sources.</summary>
public sealed record SourceQuery
{
    /// <summary>The most sources of a page.</summary>
    public const int MaxLimit = 500;

    /// <summary>Which sources.</summary>
    public SourceFilter Filter { get; init; } = new();

    /// <summary>In which order.</summary>
    public SourceOrder Order { get; init; }

    /// <summary>Only those behind that place of the same order; a key of another order gives an arbitrary page, never an error.</summary>
    public SourceKey? After { get; init; }

    /// <summary>How many at most: 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>How many days are counted back from today, today included: 1 to 31.</summary>
    public int Days { get; init; } = 14;
}
