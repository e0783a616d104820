namespace Aggregator.Core.Fetching;

/// <summary>How a feed was found, the surest first.</summary>
public enum FeedCandidateOrigin
{
    /// <summary>The address given is a feed itself; it was read.</summary>
    Page,

    /// <summary>The page names it (<c>link rel=alternate</c>); it was not asked for.</summary>
    Link,

    /// <summary>The page links to it, and its address looks like a feed's; it was not asked for.</summary>
    Anchor,

    /// <summary>It stands where many programs have theirs; it was read.</summary>
    CommonPath,
}
