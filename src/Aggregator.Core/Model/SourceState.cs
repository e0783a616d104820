namespace Aggregator.Core.Model;

/// <summary>Whether a source is polled. The numbers are stored; never renumber them.</summary>
public enum SourceState
{
    /// <summary>Polled when due.</summary>
    Active = 1,

    /// <summary>Not polled until an admin resumes it; its entries stay published.</summary>
    Paused = 2,

    /// <summary>
    /// The publisher answered 410 Gone (RFC 9110 §15.5.11), or nothing was at its address for weeks (404, no DNS): not polled
    /// until an admin resumes it, or a refresh by hand brings a feed.
    /// </summary>
    Gone = 3,

    /// <summary>An admin deleted it: it and its entries are hidden from everything at once, until it is restored or purged.</summary>
    Deleted = 4,
}
