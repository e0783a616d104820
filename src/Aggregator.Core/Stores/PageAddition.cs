namespace Aggregator.Core.Stores;

/// <summary>What became of a captured page.</summary>
public enum PageAddition
{
    /// <summary>It is the entry's newest version.</summary>
    Added,

    /// <summary>It says what the last captured page said; nothing was written.</summary>
    Unchanged,

    /// <summary>There is no such entry any more.</summary>
    EntryGone,
}
