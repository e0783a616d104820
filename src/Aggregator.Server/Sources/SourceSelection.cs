using Aggregator.Core.Stores;

namespace Aggregator.Server.Sources;

/// <summary>Which sources a change is for.</summary>
public abstract record SourceSelection
{
    /// <summary>The most sources that one change is for.</summary>
    public const int Most = 100_000;

    private SourceSelection()
    {
    }

    /// <summary>These.</summary>
    /// <param name="Ids">Their numbers.</param>
    public sealed record Chosen(IReadOnlyList<long> Ids) : SourceSelection;

    /// <summary>All that a filter lets through when the change begins.</summary>
    /// <param name="Filter">The filter.</param>
    public sealed record Matching(SourceFilter Filter) : SourceSelection;
}
