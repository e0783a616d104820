using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>Which sources an admin looks at. Everything that is set has to hold.</summary>
public sealed record SourceFilter
{
    /// <summary>The longest text that is looked for, in characters.</summary>
    public const int MaxTextLength = 200;

    /// <summary>A source that brought nothing new for so long is silent.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromDays(30);

    /// <summary>A fetch that takes so long is slow. The index of slow sources has the same number.</summary>
    public static readonly TimeSpan SlowFrom = TimeSpan.FromSeconds(5);

    /// <summary>Only sources in that state; null is all that are not deleted.</summary>
    public SourceState? State { get; init; }

    /// <summary>Only sources of that category.</summary>
    public long? CategoryId { get; init; }

    /// <summary>Only active sources with which that is wrong.</summary>
    public SourceHealth? Health { get; init; }

    /// <summary>Only sources with that text in their title or address, whatever its case in ASCII; at most <see cref="MaxTextLength"/> characters.</summary>
    public string? Text { get; init; }
}
