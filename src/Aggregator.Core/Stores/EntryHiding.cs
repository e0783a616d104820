namespace Aggregator.Core.Stores;

/// <summary>Why an entry that is there is shown to nobody.</summary>
public enum EntryHiding
{
    /// <summary>Its source is deleted and may come back.</summary>
    SourceDeleted,

    /// <summary>Its publisher, or an admin, allows nothing of it to be shown.</summary>
    NotRepublished,
}
