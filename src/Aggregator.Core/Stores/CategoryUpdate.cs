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
}
