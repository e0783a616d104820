namespace Aggregator.Server.Sources;

/// <summary>What became of an address that was to be added.</summary>
public enum AddOutcome
{
    /// <summary>It is a source now, and is fetched.</summary>
    Added,

    /// <summary>It is a source already.</summary>
    Known,

    /// <summary>A source has an address that most probably gives the same; nothing was added.</summary>
    Alike,

    /// <summary>It had been deleted and is back, with all it had.</summary>
    Restored,

    /// <summary>It is refused.</summary>
    Refused,
}
