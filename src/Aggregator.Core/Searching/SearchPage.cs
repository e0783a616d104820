namespace Aggregator.Core.Searching;

/// <summary>One page of results.</summary>
public sealed record SearchPage
{
    /// <summary>Up to how many results the count is exact. Further ones are not shown: a search that finds more wants more words.</summary>
    public const int MaxCounted = 1_000;

    /// <summary>Nothing.</summary>
    public static SearchPage Empty { get; } = new() { Hits = [], Count = 0 };

    /// <summary>The results of this page.</summary>
    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>How many results there are on all pages, at most <see cref="MaxCounted"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Whether there are more than <see cref="Count"/>, or may be, because the time for a search ended.</summary>
    public bool HasMore { get; init; }

    /// <summary>Where the next page goes on; null at the end.</summary>
    public SearchKey? Next { get; init; }
}
