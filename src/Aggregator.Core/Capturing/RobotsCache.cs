using System.Globalization;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Core.Capturing;

/// <summary>
/// The robots.txt of hosts (RFC 9309), fetched like any page, in the host's turn and past the guard, and remembered for
/// <see cref="Lifetime"/>. While a file cannot be read, an older copy holds (§2.4); without one nothing of the host may be read (§2.3.1.4),
/// and it is asked again after <see cref="CaptureOptions.FirstRetry"/>. Kept in memory, up to <see cref="MaxHosts"/> and
/// <see cref="MaxBytes"/>; the oldest leave first. Thread-safe.
/// </summary>
/// <param name="fetcher">Fetches.</param>
/// <param name="options">When an unreachable file is asked for again.</param>
/// <param name="budget">The memory of bodies.</param>
/// <param name="time">The clock.</param>
public sealed class RobotsCache(PoliteFetcher fetcher, CaptureOptions options, ByteBudget budget, TimeProvider time)
{
    /// <summary>How long a file is believed (RFC 9309 §2.4).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The most hosts that are remembered.</summary>
    public const int MaxHosts = 2_000;

    /// <summary>The most bytes of files that are remembered, as they came.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>The most redirects that are followed (RFC 9309 §2.3.1.2); beyond them the file counts as unavailable.</summary>
    public const int MaxRedirects = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<RobotsAnswer>> _asking = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>How many hosts are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _known.Count;
        }
    }

    /// <summary>The rules of an address's host; fetched when they are not known, once for all who ask at the same time.</summary>
    /// <param name="url">An absolute http(s) address.</param>
    /// <param name="proxy">The proxy through which that host is asked, or null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<RobotsAnswer> GetAsync(Uri url, string? proxy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var site = url.GetLeftPart(UriPartial.Scheme) + url.Authority;
        var key = proxy is null ? site : proxy + " " + site;
        while (true)
        {
            Task<RobotsAnswer> asking;
            var isOurs = false;
            lock (_gate)
            {
                if (_known.TryGetValue(key, out var known) && known.Until > time.GetUtcNow()) return known.Answer;
                if (!_asking.TryGetValue(key, out asking!))
                {
                    isOurs = true;
                    _asking[key] = asking = AskAsync(key, site, proxy, known, cancellationToken);
                }
            }

            try
            {
                return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!isOurs && !cancellationToken.IsCancellationRequested)
            {
                // Whoever asked for all of us went away; the next one asks.
            }
        }
    }

    private async Task<RobotsAnswer> AskAsync(string key, string site, string? proxy, Known? before, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            using var lease = budget.Open();
            var (result, _, instead) = await fetcher.FetchAsync(
                new PageRequest(site + "/robots.txt")
                {
                    Accept = "text/plain, */*;q=0.5",
                    MaxBytes = RobotsFile.MaxBytes,
                    TakesBeginning = true,
                    MaxRedirects = MaxRedirects,
                    SettingsFor = _ => proxy is null ? null : new FetchSettings { Proxy = proxy },
                    Lease = lease,
                },
                cancellationToken).ConfigureAwait(false);
            // Nobody was asked: nothing is learnt.
            if (instead is not null) return new RobotsAnswer(null, instead);
            var now = time.GetUtcNow();
            var known = result switch
            {
                FetchResult.Fetched { Document.Body: var body } => new Known(new RobotsAnswer(RobotsFile.Parse(body.Span), null), now + Lifetime, body.Length),
                FetchResult.Gone => new Known(new RobotsAnswer(RobotsFile.AllowAll, null), now + Lifetime, 0),
                FetchResult.Failed { Failure: var failure } => Without(failure, before, now),
                _ => new Known(Unreachable("it was not answered as it was asked"), now + options.FirstRetry, 0),
            };
            lock (_gate) Remember(key, known);
            return known.Answer;
        }
        finally
        {
            lock (_gate) _asking.Remove(key);
        }
    }

    private Known Without(FetchFailure failure, Known? before, DateTimeOffset now)
    {
        var soon = now + options.FirstRetry;
        if (failure.Kind == FetchFailureKind.TargetRefused)
            return new Known(new RobotsAnswer(null, new PageReading.Refused(CaptureOutcome.TargetRefused, failure.Message)), soon, 0);
        if (failure.Kind is FetchFailureKind.RedirectLoop or FetchFailureKind.RedirectInvalid
            || (failure.HttpStatus is { } status && ReferenceEquals(RobotsFile.ForFailure(status), RobotsFile.AllowAll)))
            return new Known(new RobotsAnswer(RobotsFile.AllowAll, null), now + Lifetime, 0);
        if (before?.Answer.File is not null) return before with { Until = soon };
        return new Known(Unreachable(failure.HttpStatus is { } answered ? string.Create(CultureInfo.InvariantCulture, $"HTTP {answered}") : failure.Message.TrimEnd('.')), soon, 0);
    }

    private static RobotsAnswer Unreachable(string why) =>
        new(null, new PageReading.Failed(CaptureOutcome.RobotsUnreachable, $"The site's robots.txt cannot be read ({why}), and until it can be no page of the site may be."));

    private void Remember(string key, Known known)
    {
        if (_known.Remove(key, out var before)) _bytes -= before.Bytes;
        _known[key] = known;
        _bytes += known.Bytes;
        while (_known.Count > 1 && (_known.Count > MaxHosts || _bytes > MaxBytes))
        {
            var oldest = _known.Where(pair => pair.Key != key).MinBy(static pair => pair.Value.Until).Key;
            if (_known.Remove(oldest, out var left)) _bytes -= left.Bytes;
        }
    }

    private sealed record Known(RobotsAnswer Answer, DateTimeOffset Until, long Bytes);
}
