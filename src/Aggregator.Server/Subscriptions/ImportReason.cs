namespace Aggregator.Server.Subscriptions;

/// <summary>Why something of a subscription list was not taken, or not wholly. The numbers stand in stored reports: new ones come last.</summary>
public enum ImportReason
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The list named it before.</summary>
    Repeated,

    /// <summary>Its address is no http or https address that can be polled.</summary>
    NotAnAddress,

    /// <summary>The same, and it is no document inside the catalogue folder either.</summary>
    NotADocument,

    /// <summary>Its fetch settings cannot be used; the detail says why.</summary>
    FetchSettings,

    /// <summary>Its bounds of the time between two fetches cannot be used.</summary>
    Intervals,

    /// <summary>Its rules cannot be read; the detail says where and why.</summary>
    Rules,

    /// <summary>Its settings of page captures cannot be used; it was added without.</summary>
    Capture,

    /// <summary>The slug that a category asks for cannot stand in an address; another was made.</summary>
    Slug,

    /// <summary>The whole file: there is none.</summary>
    NoFile,

    /// <summary>The whole file: it is larger than the detail says, in bytes.</summary>
    TooLarge,

    /// <summary>The whole file: it is packed (gzip, zip, zstd).</summary>
    Packed,

    /// <summary>The whole file: it declares entities, which can make a small file a large one.</summary>
    Entities,

    /// <summary>The whole file: it is no subscription list; the detail says why.</summary>
    NoList,

    /// <summary>The whole list: it could not be fetched; the detail says why.</summary>
    NotFetched,

    /// <summary>The whole list: the import broke off; what was added until then stays.</summary>
    BrokenOff,

    /// <summary>Its address is not public, and nobody allowed it.</summary>
    Private,

    /// <summary>Its title or description cannot be used as it is.</summary>
    Title,

    /// <summary>Its zone is none.</summary>
    Zone,

    /// <summary>Its language is none.</summary>
    Language,

    /// <summary>Its retention cannot be used.</summary>
    Retention,

    /// <summary>What may be shown is no level that there is; nothing is shown until it is set. The detail is what stood there.</summary>
    Republish,
}
