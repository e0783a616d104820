namespace Aggregator.Core.Model;

/// <summary>What a feed, or one entry of it, asks of those who would republish it. The numbers are stored; never renumber them.</summary>
[Flags]
public enum PublisherWishes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>itunes:block</c> (<c>Yes</c>), and the same of Google Play's and of the podcast namespace: it is not to be listed.</summary>
    Blocked = 1,

    /// <summary><c>access:restriction relationship="deny"</c> (Feed Access Control 1.0): it is not to be in public directories and searches.</summary>
    Denied = 2,

    /// <summary><c>noarchive</c>, <c>nosnapshot</c> or <c>none</c>, in a robots <c>meta</c> of XHTML or in <c>X-Robots-Tag</c>: no copy is to be shown.</summary>
    NotArchived = 4,
}
