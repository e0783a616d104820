namespace Aggregator.Core.Crawling;

/// <summary>
/// How many versions of an entry are kept. A publisher who changes an article at every poll would fill the store with states
/// that nobody reads: beyond a first few, changes wait, what came between is dropped, and the newest is kept in the end.
/// </summary>
public static class VersionBudget
{
    /// <summary>The time over which versions are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Versions of an entry inside <see cref="Window"/> that are kept as they come; further ones at most every <see cref="Gap"/>.</summary>
    public const int Burst = 24;

    /// <summary>The least time between further versions.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromHours(1);

    /// <summary><see cref="Burst"/> of a source that changes everything at every poll.</summary>
    public const int VolatileBurst = 2;

    /// <summary><see cref="Gap"/> of a source that changes everything at every poll: at most six versions of an entry a day.</summary>
    public static readonly TimeSpan VolatileGap = TimeSpan.FromHours(6);

    /// <summary>The <see cref="Model.Source.Churn"/> from which a source counts as one that changes everything: about ten such polls in a row.</summary>
    public const int VolatileChurn = 700;

    /// <summary>Fewer known entries in a document say nothing about a source.</summary>
    private const int FewestKnown = 3;

    // A poll counts for an eighth.
    private const int Weight = 8;

    /// <summary>Whether a source changes nearly everything at every poll.</summary>
    public static bool IsVolatile(int churn) => churn >= VolatileChurn;

    /// <summary>The churn after a poll in which <paramref name="changed"/> of <paramref name="known"/> stored entries came otherwise.</summary>
    public static int Churn(int churn, int changed, int known) =>
        known < FewestKnown ? churn : (churn * (Weight - 1) + changed * 1000 / known) / Weight;

    /// <summary>Whether another version may be kept.</summary>
    /// <param name="isVolatile">Whether its source is <see cref="IsVolatile"/>.</param>
    /// <param name="recent">Its versions inside the last <see cref="Window"/>.</param>
    /// <param name="newestAt">When the newest of them was taken.</param>
    /// <param name="at">The moment.</param>
    public static bool Allows(bool isVolatile, int recent, DateTimeOffset newestAt, DateTimeOffset at) =>
        recent < (isVolatile ? VolatileBurst : Burst) || at - newestAt >= (isVolatile ? VolatileGap : Gap);
}
