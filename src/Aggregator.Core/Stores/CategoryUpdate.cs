namespace Aggregator.Core.Stores;

/// <summary>What became of a category to update.</summary>
public enum CategoryUpdate
{
    /// <summary>It is written.</summary>
    Done,

    /// <summary>There is no such category.</summary>
    Unknown,

    /// <summary>Another category has the slug, or once had it: nothing is written.</summary>
    SlugTaken,

    /// <summary>It is not what the caller has seen any more: nothing is written.</summary>
    Changed,
}
