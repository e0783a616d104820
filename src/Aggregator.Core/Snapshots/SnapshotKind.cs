namespace Aggregator.Core.Snapshots;

/// <summary>What was captured. The numbers are stored; never renumber them.</summary>
public enum SnapshotKind
{
    /// <summary>What the feed said.</summary>
    Feed = 1,

    /// <summary>The article as it was extracted from its page.</summary>
    Page = 2,
}
