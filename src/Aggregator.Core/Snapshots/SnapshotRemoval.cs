namespace Aggregator.Core.Snapshots;

/// <summary>Why a snapshot's text is no longer kept. The numbers are stored; never renumber them.</summary>
public enum SnapshotRemoval
{
    /// <summary>Retention kept the entry's first and last versions and let this one go.</summary>
    Thinned = 1,

    /// <summary>Retention forgot the whole entry.</summary>
    Expired = 2,

    /// <summary>It was taken down.</summary>
    TakenDown = 3,
}
