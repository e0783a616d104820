namespace Aggregator.Core.Searching;

/// <summary>A search with everything that narrows it.</summary>
public sealed record SearchRequest
{
    /// <summary>The most results of one page.</summary>
    public const int MaxLimit = 100;

    /// <summary>What is looked for; an empty one finds nothing.</summary>
    public required SearchQuery Query { get; init; }

    /// <summary>Only this category.</summary>
    public long? CategoryId { get; init; }

    /// <summary>Only this source.</summary>
    public long? SourceId { get; init; }

    /// <summary>Only this language (BCP 47); regions do not count.</summary>
    public string? Language { get; init; }

    /// <summary>Only entries whose place in time is at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only entries whose place in time is before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether earlier versions are searched too.</summary>
    public bool WithVersions { get; init; }

    /// <summary>The order.</summary>
    public SearchOrder Order { get; init; }

    /// <summary>Only what comes after this place in the order.</summary>
    public SearchKey? After { get; init; }

    /// <summary>How many at most: 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 30;

    /// <summary>Whether bodies are wanted with the entries, for feeds.</summary>
    public bool WithContent { get; init; }
}
