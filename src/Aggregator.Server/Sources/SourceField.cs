namespace Aggregator.Server.Sources;

/// <summary>What of a source an admin may get wrong.</summary>
public enum SourceField
{
    /// <summary>It is no http or https address.</summary>
    Address,

    /// <summary>The address is longer than a source's may be.</summary>
    AddressLength,

    /// <summary>The address is not on the public internet, and not allowed.</summary>
    PrivateAddress,

    /// <summary>The address holds the dots that stand for its secret, and is not the shown one.</summary>
    AddressMasked,

    /// <summary>Another source has the address.</summary>
    AddressTaken,

    /// <summary>The title.</summary>
    Title,

    /// <summary>A category that does not exist.</summary>
    Category,

    /// <summary>The zone of dates.</summary>
    Zone,

    /// <summary>The language.</summary>
    Language,

    /// <summary>The bounds of the interval.</summary>
    Interval,

    /// <summary>Headers, cookies, user name, password, user agent, proxy, certificate or charset.</summary>
    Request,

    /// <summary>The proxy's address holds the dots that stand for its password, and is not the shown one.</summary>
    ProxyMasked,

    /// <summary>Which pages are captured, and what of them.</summary>
    Capture,

    /// <summary>How much of its entries may be shown.</summary>
    Republish,

    /// <summary>Somebody else has changed the settings meanwhile.</summary>
    Changed,
}
