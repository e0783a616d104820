namespace Aggregator.Core.Stores;

/// <summary>What became of a <see cref="CaptureWrite"/>.</summary>
public enum CaptureSaved
{
    /// <summary>It is written; it brought no page.</summary>
    Noted,

    /// <summary>It is written, and its page is the entry's newest version.</summary>
    Added,

    /// <summary>It is written; the page says what the last one said.</summary>
    Unchanged,

    /// <summary>Somebody else has the capture by now; nothing was written.</summary>
    LeaseLost,

    /// <summary>There is no such entry any more; nothing was written.</summary>
    EntryGone,
}
