namespace Aggregator.Core.WebSub;

/// <summary>What became of a push.</summary>
public enum PushOutcome
{
    /// <summary>No subscription has this callback: the hub may forget us.</summary>
    Unknown,

    /// <summary>It is not ours to take now: nothing was verified, or we are leaving.</summary>
    NotSubscribed,

    /// <summary>Its signature is missing or wrong: ignored and counted.</summary>
    BadSignature,

    /// <summary>Its entries are stored.</summary>
    Stored,

    /// <summary>Its entries were there already.</summary>
    Unchanged,

    /// <summary>There is news, but not in a form that is taken: the source is to be refreshed.</summary>
    RefreshNeeded,
}
