namespace Aggregator.Core.Stores;

/// <summary>How much a host may be asked, over all workers.</summary>
/// <param name="Concurrency">Requests in progress, at least 1.</param>
/// <param name="Gap">The least time between two starts; with one over zero a call gets one slot of a host at the most.</param>
public sealed record HostLimits(int Concurrency, TimeSpan Gap)
{
    /// <summary>The least time since the start before, whoever's that was and whatever gap it kept.</summary>
    public TimeSpan LookBack { get; init; }
}
