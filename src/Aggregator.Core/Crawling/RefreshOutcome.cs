using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>What came of refreshing one source.</summary>
public abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    /// <summary>It brought new or changed entries.</summary>
    /// <param name="Added">How many new ones.</param>
    /// <param name="Edited">How many changed ones.</param>
    public sealed record Changed(int Added, int Edited) : RefreshOutcome;

    /// <summary>Nothing new.</summary>
    public sealed record Unchanged : RefreshOutcome;

    /// <summary>It failed; the failure stands on the source, and nothing that was stored has changed.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(FetchFailure Failure) : RefreshOutcome;

    /// <summary>A redirect led to a host that had no time for us. Nothing was written and the lease stands: whoever holds it gives the source back.</summary>
    /// <param name="Until">When the source is due again.</param>
    public sealed record Postponed(DateTimeOffset Until) : RefreshOutcome;

    /// <summary>Somebody else refreshed it meanwhile, so that nothing was written.</summary>
    public sealed record LeaseLost : RefreshOutcome;
}
