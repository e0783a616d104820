using Aggregator.Core.Extracting;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Capturing;

/// <summary>What came of reading an article's page, or all of its pages.</summary>
public abstract record PageReading
{
    private PageReading()
    {
    }

    /// <summary>It holds an article that may be kept.</summary>
    /// <param name="Article">What it says, its pages joined.</param>
    /// <param name="Url">The address that answered, after redirects.</param>
    /// <param name="Facts">How the first page came.</param>
    /// <param name="Pages">How many pages it has.</param>
    public sealed record Read(ExtractedArticle Article, Uri Url, CaptureFacts Facts, int Pages) : PageReading;

    /// <summary>The publisher says that it has not changed (304).</summary>
    public sealed record NotModified : PageReading;

    /// <summary>There is nothing to keep, and asking again soon would change nothing.</summary>
    /// <param name="Outcome">Why.</param>
    /// <param name="Reason">One English sentence for an admin.</param>
    public sealed record Refused(CaptureOutcome Outcome, string Reason) : PageReading;

    /// <summary>It failed; later it may succeed.</summary>
    /// <param name="Outcome">Why.</param>
    /// <param name="Reason">One English sentence for an admin.</param>
    /// <param name="RetryAfter">How long the publisher asks us to wait, or null.</param>
    public sealed record Failed(CaptureOutcome Outcome, string Reason, TimeSpan? RetryAfter = null) : PageReading;

    /// <summary>A host was not free soon enough; nothing was asked that would count as an attempt.</summary>
    /// <param name="RetryAt">When it is worth trying again.</param>
    public sealed record Busy(DateTimeOffset RetryAt) : PageReading;
}
