using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Capturing;

/// <summary>
/// Fetches what is no feed: hop by hop, each after a judgement of its own and in its host's turn, with the gap that the host asks
/// for. <c>Retry-After</c> closes the host for everybody.
/// </summary>
/// <param name="fetcher">Fetches over HTTP, past the guard.</param>
/// <param name="gate">Gives the turns.</param>
/// <param name="options">The gap that is kept in any case.</param>
/// <param name="time">The clock.</param>
public sealed class PoliteFetcher(IFeedFetcher fetcher, HostGate gate, FetchingOptions options, TimeProvider time)
{
    /// <summary>How long a first turn is waited for; a further one, for another page or behind a redirect, by the host's gap longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Fetches.</summary>
    /// <returns>What came of the last hop, its address, and how many redirects led there; or why there is no answer at all.</returns>
    internal async Task<(FetchResult? Result, Uri? Url, PageReading? Instead)> FetchAsync(PageRequest request, CancellationToken cancellationToken)
    {
        // What is no address is the fetcher's to refuse: it names it in the log.
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || !Urls.IsHttp(url))
            return (await fetcher.FetchAsync(new FetchRequest(request.Url) { FollowsRedirects = false }, cancellationToken).ConfigureAwait(false), null, null);

        url = Urls.WithoutCredentials(url);
        var seen = new HashSet<Uri>();
        var gapBefore = TimeSpan.Zero;
        while (true)
        {
            if (!seen.Add(url)) return (Failed("The redirects lead in a circle."), url, null);
            if (seen.Count > request.MaxRedirects + 1) return (Failed($"There are more than {request.MaxRedirects} redirects."), url, null);
            var gap = options.PerHostGap;
            if (request.Judge is not null)
            {
                var (instead, asked) = await request.Judge(url, cancellationToken).ConfigureAwait(false);
                // Where http leads to https, the robots.txt of the one waits for the gap that the page of the other asks for: both are one host.
                if (instead is PageReading.Busy { RetryAt: var until } && seen.Count > 1 && until - time.GetUtcNow() is var wait && wait <= gapBefore)
                {
                    await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
                    (instead, asked) = await request.Judge(url, cancellationToken).ConfigureAwait(false);
                }

                if (instead is not null) return (null, url, instead);
                if (asked > gap) gap = asked;
            }

            var host = HostGate.HostOf(url.AbsoluteUri);
            var patience = request.IsFurther || seen.Count > 1 ? gap + Patience : Patience;
            if (await gate.TryEnterAsync(host, gap, patience, cancellationToken).ConfigureAwait(false) is { } retryAt)
                return (null, url, new PageReading.Busy(retryAt));
            FetchResult result;
            try
            {
                result = await fetcher.FetchAsync(
                    new FetchRequest(url.AbsoluteUri, seen.Count == 1 ? request.Validators : null)
                    {
                        Accept = request.Accept,
                        FollowsRedirects = false,
                        MaxBytes = request.MaxBytes,
                        TakesBeginning = request.TakesBeginning,
                        Settings = request.SettingsFor(url),
                        Lease = request.Lease,
                    },
                    cancellationToken).ConfigureAwait(false);
                if (result is FetchResult.Failed { WaitAtLeast: { } wait })
                    await gate.CloseAsync(host, time.GetUtcNow() + wait, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                gate.Leave(host);
            }

            if (result is not FetchResult.Redirected redirected) return (result, url, null);
            url = redirected.To;
            gapBefore = gap;
        }
    }

    private FetchResult.Failed Failed(string message) => new(new FetchFailure(FetchFailureKind.RedirectLoop, message, time.GetUtcNow()));
}
