namespace Aggregator.Core.Capturing;

/// <summary>How a look at an article's page ended. The numbers are stored; never renumber them.</summary>
public enum CaptureOutcome
{
    /// <summary>The page says something that was not kept yet; it is.</summary>
    Captured = 1,

    /// <summary>The page says what it said.</summary>
    Unchanged = 2,

    /// <summary>The feed's own text is long enough, or captures of the source were switched off.</summary>
    NotWanted = 3,

    /// <summary>The host's robots.txt does not let us read the page (RFC 9309).</summary>
    Disallowed = 4,

    /// <summary>The page or its headers ask that no copy be kept (<c>noarchive</c>, <c>nosnapshot</c>, <c>none</c>, <c>unavailable_after</c>).</summary>
    NoArchive = 5,

    /// <summary>There is no page any more: 404 or 410.</summary>
    NotFound = 6,

    /// <summary>The publisher does not let us read it: 401, 403, 451 or another refusal of the request.</summary>
    Denied = 7,

    /// <summary>The page came, and gave no article.</summary>
    NoArticle = 8,

    /// <summary>It is larger than the limit.</summary>
    TooLarge = 9,

    /// <summary>The address, or one that it leads to, is none that we connect to.</summary>
    TargetRefused = 10,

    /// <summary>The host asks for fewer requests: 429, or 503 with <c>Retry-After</c>.</summary>
    TooManyRequests = 11,

    /// <summary>robots.txt cannot be read, so that nothing of the host may be.</summary>
    RobotsUnreachable = 12,

    /// <summary>The fetch failed in another way; it may succeed later.</summary>
    Failed = 13,
}
