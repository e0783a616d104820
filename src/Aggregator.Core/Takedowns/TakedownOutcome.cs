namespace Aggregator.Core.Takedowns;

/// <summary>What became of a decision about a request.</summary>
public enum TakedownOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>There is no such request.</summary>
    NotFound,

    /// <summary>Somebody decided before, or there is nothing to undo.</summary>
    AlreadyDecided,

    /// <summary>The article is not there any more: retention forgot it.</summary>
    EntryGone,

    /// <summary>The grace period is over; the text is gone for good.</summary>
    TooLate,
}
