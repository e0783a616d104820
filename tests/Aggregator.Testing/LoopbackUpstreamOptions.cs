namespace Aggregator.Testing;

/// <summary>What a <see cref="LoopbackUpstream"/> publishes. The same options publish the same documents.</summary>
public sealed record LoopbackUpstreamOptions
{
    /// <summary>How many sources there are; at least 1.</summary>
    public int Sources { get; init; } = 10;

    /// <summary>How many entries each source holds at the start; 0 or more.</summary>
    public int EntriesPerSource { get; init; } = 20;

    /// <summary>Over how many categories the sources are spread, one after the other; at least 1.</summary>
    public int Categories { get; init; } = 1;

    /// <summary>Chooses the texts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// On how many loopback addresses (127.0.0.1, 127.0.0.2, …) the sources are spread, 1–200: a crawler that spares a
    /// single host can then be tried at speed. More than one needs Linux, where all of 127.0.0.0/8 is loopback.
    /// </summary>
    public int Hosts { get; init; } = 1;

    /// <summary>How many of its newest entries a document shows; older ones have left the feed.</summary>
    public int MaxEntriesInDocument { get; init; } = 200;

    /// <summary>How many paragraphs the body of an entry has; at least 1.</summary>
    public int Paragraphs { get; init; } = 2;

    /// <summary>When the oldest entry of every source was published; each next one is ten minutes later.</summary>
    public DateTimeOffset FirstPublishedAt { get; init; } = new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);
}
