using Aggregator.Core.Background;
using Aggregator.Core.Extracting;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Capturing;

/// <summary>
/// Reads the page of an article, all pages of it, as its publisher allows: robots.txt of every host on the way, its crawl delay, the
/// page's own robots directives, limits on time and size. Stores nothing, so that it also is the preview of an admin who tries
/// selectors: what it gives is what would be kept.
/// </summary>
/// <param name="fetcher">Fetches.</param>
/// <param name="robots">What hosts say of crawlers.</param>
/// <param name="extractor">Finds the article in a page.</param>
/// <param name="options">The limits of captures.</param>
/// <param name="fetching">The limits of fetches.</param>
/// <param name="budget">The memory of bodies.</param>
/// <param name="time">The clock.</param>
public sealed class PageReader(
    PoliteFetcher fetcher, RobotsCache robots, ArticleExtractor extractor, CaptureOptions options, FetchingOptions fetching, ByteBudget budget, TimeProvider time) : IDisposable
{
    private const string Accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

    // Whatever name a source's requests carry, rules for us are rules for us.
    private readonly string _productToken = ProductToken.Of(fetching.UserAgent);

    // The tree of a large page takes many times its bytes, and readers want the processor too.
    private readonly SemaphoreSlim _extracting = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Reads an article.</summary>
    /// <param name="source">Its source. Its headers, cookies and password go to the origin of its own address only.</param>
    /// <param name="url">The address of the article's first page.</param>
    /// <param name="selectors">What of its pages is kept and removed.</param>
    /// <param name="validators">What the last reading lets us ask with, or null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<PageReading> ReadAsync(
        Source source, string url, ContentSelectors selectors, Validators? validators, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(selectors);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), patience, options.Timeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await ReadPagesAsync(source, url, selectors, validators, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PageReading.Failed(CaptureOutcome.Failed, $"The article was not complete within {options.Timeout.TotalSeconds:0.###} seconds (Capture:Timeout).");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _extracting.Dispose();

    private async Task<PageReading> ReadPagesAsync(
        Source source, string url, ContentSelectors selectors, Validators? validators, CancellationToken cancellationToken)
    {
        var (reading, gap) = await ReadPageAsync(source, url, selectors, validators, isFurther: false, cancellationToken).ConfigureAwait(false);
        if (reading is not PageReading.Read first) return reading;
        var pages = new List<ExtractedArticle> { first.Article };
        var seen = new HashSet<Uri> { first.Url };
        var most = MostPages(gap);
        while (pages[^1].NextPageUrl is { } next && pages.Count < most && seen.Add(next))
        {
            var (following, _) = await ReadPageAsync(source, next.AbsoluteUri, selectors, null, isFurther: true, cancellationToken).ConfigureAwait(false);
            if (following is PageReading.Read page && page.Url.Authority == first.Url.Authority)
            {
                pages.Add(page.Article);
                continue;
            }

            // A link that leads nowhere ends the article. Half an article because of a fault would look as if it had been cut.
            if (following is PageReading.Read or PageReading.Refused { Outcome: CaptureOutcome.NotFound or CaptureOutcome.NoArticle }) break;
            return following;
        }

        return first with { Article = ArticlePages.Join(pages), Pages = pages.Count };
    }

    /// <summary>The same number at every reading, whatever the network does, so that an article does not seem to grow and shrink.</summary>
    private int MostPages(TimeSpan gap)
    {
        if (gap <= TimeSpan.Zero) return options.MaxPages;
        var fitting = (options.Timeout - fetching.Timeout).TotalSeconds / gap.TotalSeconds;
        return 1 + (int)Math.Clamp(fitting, 0, options.MaxPages - 1);
    }

    private async Task<(PageReading Reading, TimeSpan Gap)> ReadPageAsync(
        Source source, string url, ContentSelectors selectors, Validators? validators, bool isFurther, CancellationToken cancellationToken)
    {
        using var lease = budget.Open();
        var gap = fetching.PerHostGap;
        var (result, address, instead) = await fetcher.FetchAsync(
            new PageRequest(url)
            {
                Judge = async (hop, token) =>
                {
                    var (refusal, asked) = await JudgeAsync(source, hop, token).ConfigureAwait(false);
                    gap = asked > fetching.PerHostGap ? asked : fetching.PerHostGap;
                    return (refusal, asked);
                },
                SettingsFor = hop => SettingsFor(source, hop),
                Accept = Accept,
                MaxBytes = options.MaxPageBytes,
                MaxRedirects = fetching.MaxRedirects,
                Validators = validators,
                IsFurther = isFurther,
                Lease = lease,
            },
            cancellationToken).ConfigureAwait(false);
        return (instead ?? result switch
        {
            FetchResult.Fetched fetched => await ExtractAsync(fetched.Document, address!, selectors, cancellationToken).ConfigureAwait(false),
            FetchResult.NotModified => new PageReading.NotModified(),
            FetchResult.Gone => new PageReading.Refused(CaptureOutcome.NotFound, "The publisher has removed the page (410 Gone)."),
            FetchResult.Failed failed => Of(failed),
            _ => throw new InvalidOperationException($"{result?.GetType().Name} is no known result of a fetch."),
        }, gap);
    }

    private async Task<(PageReading? Instead, TimeSpan Gap)> JudgeAsync(Source source, Uri url, CancellationToken cancellationToken)
    {
        var answer = await robots.GetAsync(url, source.FetchSettings?.Proxy, cancellationToken).ConfigureAwait(false);
        if (answer.File is not { } file) return (answer.Instead, TimeSpan.Zero);
        return file.IsAllowed(_productToken, url)
            ? (null, file.CrawlDelay(_productToken) ?? TimeSpan.Zero)
            : (new PageReading.Refused(CaptureOutcome.Disallowed, "The site's robots.txt does not let us read the page; the feed's own text stays."), TimeSpan.Zero);
    }

    /// <summary>What of a source's settings a page may have: secrets only at the origin that they are for.</summary>
    private static FetchSettings? SettingsFor(Source source, Uri url)
    {
        if (source.FetchSettings is not { } settings) return null;
        return Uri.TryCreate(source.Url, UriKind.Absolute, out var own) && own.Scheme == url.Scheme && own.Authority == url.Authority
            ? settings
            : new FetchSettings { UserAgent = settings.UserAgent, Proxy = settings.Proxy };
    }

    private async Task<PageReading> ExtractAsync(FetchedDocument document, Uri address, ContentSelectors selectors, CancellationToken cancellationToken)
    {
        await _extracting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BackgroundThreads.Shared.EnterAsync();
            return Extract(document, address, selectors, cancellationToken);
        }
        finally
        {
            _extracting.Release();
        }
    }

    private PageReading Extract(FetchedDocument document, Uri address, ContentSelectors selectors, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!RobotsDirectives.FromHeaders(document.RobotsTags, _productToken).MayBeKept(now)) return NotToBeKept("in X-Robots-Tag");
        var result = extractor.Extract(
            document.Body,
            new ExtractContext
            {
                Url = address,
                ContentType = document.ContentType,
                RobotsTags = document.RobotsTags,
                ProductToken = _productToken,
                Selectors = selectors,
                FetchedAt = now,
            },
            cancellationToken);
        if (result is ExtractResult.Refused refused)
            return refused.Kind == ExtractFailureKind.TimedOut ? new PageReading.Failed(CaptureOutcome.Failed, refused.Reason)
                : new PageReading.Refused(refused.Kind is ExtractFailureKind.TooLarge or ExtractFailureKind.TooManyElements or ExtractFailureKind.ContentTooLong ? CaptureOutcome.TooLarge : CaptureOutcome.NoArticle, refused.Reason);

        var article = ((ExtractResult.Extracted)result).Article;
        if (!article.Robots.MayBeKept(now)) return NotToBeKept("on the page");
        // "Three hours ago" is another time at every look.
        if (article.PublishedAt is { } published && IsRelative(published, now)) article = article with { PublishedAt = null };
        return new PageReading.Read(
            article, address,
            new CaptureFacts(PublicSourceAddress.Clean(address.AbsoluteUri, keepFragment: false, out _), 200, document.Validators.ETag, document.Validators.LastModified), 1);
    }

    private static PageReading.Refused NotToBeKept(string where) =>
        new(CaptureOutcome.NoArchive, $"The publisher asks, {where}, that no copy of the page be kept (noarchive, nosnapshot, none or unavailable_after).");

    /// <summary>A time that was counted from now has our own fractions of a second.</summary>
    private static bool IsRelative(DateTimeOffset published, DateTimeOffset now) =>
        now.Ticks % TimeSpan.TicksPerSecond != 0 && published.UtcTicks % TimeSpan.TicksPerSecond == now.UtcTicks % TimeSpan.TicksPerSecond;

    private PageReading Of(FetchResult.Failed failed) => failed.Failure.Kind switch
    {
        FetchFailureKind.NotFound => new PageReading.Refused(CaptureOutcome.NotFound, "There is no page at the entry's address (404 Not Found)."),
        FetchFailureKind.AccessDenied => new PageReading.Refused(CaptureOutcome.Denied, $"The publisher does not let us read the page ({failed.Failure.HttpStatus})."),
        FetchFailureKind.ClientError => new PageReading.Refused(CaptureOutcome.Denied, failed.Failure.Message),
        FetchFailureKind.RedirectInvalid => new PageReading.Refused(CaptureOutcome.Denied, failed.Failure.Message),
        FetchFailureKind.RedirectLoop => new PageReading.Refused(CaptureOutcome.Denied, failed.Failure.Message),
        FetchFailureKind.TargetRefused => new PageReading.Refused(CaptureOutcome.TargetRefused, failed.Failure.Message),
        FetchFailureKind.TooLarge => new PageReading.Refused(CaptureOutcome.TooLarge, $"The page is larger than {options.MaxPageBytes} bytes (Capture:MaxPageBytes)."),
        FetchFailureKind.TooManyRequests => new PageReading.Failed(CaptureOutcome.TooManyRequests, failed.Failure.Message, failed.WaitAtLeast),
        _ => new PageReading.Failed(CaptureOutcome.Failed, failed.Failure.Message, failed.WaitAtLeast),
    };
}
