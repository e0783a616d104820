namespace Aggregator.Core.Stores;

/// <summary>What became of an edit.</summary>
public enum SourceEditOutcome
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>There is no such source, or it is deleted.</summary>
    NotFound,

    /// <summary>Another source has that address, or a deleted one still has.</summary>
    AddressTaken,

    /// <summary>A category does not exist any more.</summary>
    NoSuchCategory,

    /// <summary>The settings are not what the caller has seen any more: nothing is stored.</summary>
    Changed,
}
