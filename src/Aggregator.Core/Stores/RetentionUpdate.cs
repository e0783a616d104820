namespace Aggregator.Core.Stores;

/// <summary>What became of a retention to set.</summary>
public enum RetentionUpdate
{
    /// <summary>It is written.</summary>
    Done,

    /// <summary>There is no such source or category.</summary>
    Unknown,

    /// <summary>It is not what the caller has seen any more: nothing is written.</summary>
    Changed,
}
