namespace Aggregator.Core.Takedowns;

/// <summary>How far a request has come. The numbers are stored; never renumber them.</summary>
public enum TakedownState
{
    /// <summary>Nobody has decided yet.</summary>
    Open = 1,

    /// <summary>The article was taken down.</summary>
    Approved = 2,

    /// <summary>The article stays.</summary>
    Refused = 3,
}
