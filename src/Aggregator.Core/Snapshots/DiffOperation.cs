namespace Aggregator.Core.Snapshots;

/// <summary>What became of a piece of text between two versions.</summary>
public enum DiffOperation
{
    /// <summary>It stands in both.</summary>
    Same = 0,

    /// <summary>Only the earlier version has it.</summary>
    Removed = 1,

    /// <summary>Only the later version has it.</summary>
    Added = 2,
}
