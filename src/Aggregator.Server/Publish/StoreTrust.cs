namespace Aggregator.Server.Publish;

/// <summary>
/// How long answers of the store may be taken for true in this process: until something is changed through it. A take-down is then
/// seen by the next request and not by one a second later; what other nodes change shows when the answers have aged.
/// </summary>
internal sealed class StoreTrust
{
    /// <summary>How long an answer of the store is taken for true, while nothing is changed here.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _epoch;

    /// <summary>Rises with every change; an answer belongs to the one in which it was asked for.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Something was changed.</summary>
    public void End() => Interlocked.Increment(ref _epoch);
}
