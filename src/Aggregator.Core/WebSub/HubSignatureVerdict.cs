namespace Aggregator.Core.WebSub;

/// <summary>What a push's signature says of it.</summary>
internal enum HubSignatureVerdict
{
    /// <summary>The hub sent this content.</summary>
    Valid,

    /// <summary>It fits, by an algorithm that is not trusted with content (SHA-1).</summary>
    Weak,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It does not fit, or cannot be read.</summary>
    Wrong,
}
