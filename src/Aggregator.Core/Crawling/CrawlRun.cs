using System.Threading.Channels;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Crawling;

/// <summary>One run of a <see cref="Crawler"/>: what it holds, what is in flight, what came of it.</summary>
internal sealed class CrawlRun(
    ISourceStore sources, ISourceRefresher refresher, HostGate gate, FetchingOptions options, TimeProvider time, ILogger logger,
    IProgress<CrawlSummary>? progress, CancellationToken cancellationToken)
{
    /// <summary>The most claimed sources of one host that wait here; the others go back until their turn can have come.</summary>
    private const int HeldPerHost = 8;

    /// <summary>The same where no gap is kept: a quick host is served without a pause, and a slow one still leaves room for others.</summary>
    private const int HeldPerHostWithoutGap = 64;

    /// <summary>When those that found no room come back where no gap says it.</summary>
    private static readonly TimeSpan CrowdedPause = TimeSpan.FromSeconds(1);

    /// <summary>How soon a host is looked at again that has as many requests as it may.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>The most claimed sources that wait here for their hosts, for each fetch that may run.</summary>
    private const int HeldPerFetch = 8;

    /// <summary>The most of them that are of one host: a slow one leaves room for those of the others.</summary>
    private const int HeldPerFetchOfOneHost = 2;

    /// <summary>How many sources are claimed at once, for each fetch that may run: a claim waits for the store's turn, and publishers may be quicker.</summary>
    private const int ClaimedPerFetch = 4;

    /// <summary>The most refreshes whose fetch is over and that wait for the store, for each fetch that may run: most of them have no body any more.</summary>
    private const int StoringPerFetch = 4;

    /// <summary>After nothing was due, the store is asked again no sooner than this while fetches are still running.</summary>
    private static readonly TimeSpan RestAfterNothingDue = TimeSpan.FromSeconds(1);

    private readonly string _owner = LeaseOwner.New();
    private readonly Dictionary<string, Queue<Claimed>> _held = new(StringComparer.Ordinal);
    private readonly Channel<Finished> _finished = Channel.CreateUnbounded<Finished>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<long> _brokenOff = [];

    /// <summary>When the last of those that found no room at their host is due again, for each host that is not closed.</summary>
    private readonly Dictionary<string, DateTimeOffset> _crowdedUntil = new(StringComparer.Ordinal);

    private CrawlSummary _summary = CrawlSummary.Empty;
    private int _heldCount;
    private int _running;

    /// <summary>Refreshes whose fetch is over and that wait for the store.</summary>
    private int _storing;

    /// <summary>What the store is being asked while fetches go on, or null.</summary>
    private Claim? _claim;

    public async Task<CrawlSummary> ToTheEndAsync(TimeSpan budget)
    {
        var end = time.GetUtcNow() + budget;
        var nextClaim = DateTimeOffset.MinValue;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = time.GetUtcNow();
            if (_claim is { IsAnswered: true } claim)
            {
                _claim = null;
                var claimed = await claim.Answer!.ConfigureAwait(false);
                if (claimed.Count == 0 && claim.WasIdle && claim.At >= LastBack) return _summary;
                var heldBefore = _heldCount;
                await HoldAsync(claimed, claim.At).ConfigureAwait(false);
                // When there was room for none, another look finds only more of the same crowded hosts.
                nextClaim = claimed.Count == 0 ? now + RestAfterNothingDue : _heldCount == heldBefore ? now + (RestAfterNothingDue / 4) : now;
            }

            var wake = now < end ? await StartWhatMayStartAsync().ConfigureAwait(false) : null;
            now = time.GetUtcNow();
            // When everything is done there is no sense in waiting to learn that nothing is due.
            if (_claim is null && WantsMore && ((IsIdle && now >= LastBack) || now >= nextClaim) && now < end)
            {
                _claim = new Claim(now, IsIdle);
                _claim.Answer = AskForMoreAsync(_claim);
            }

            if (_claim is null && now >= end && _running + _storing == 0) return _summary;
            if (_claim is null && WantsMore && nextClaim > now && nextClaim < end) wake = Earlier(wake, nextClaim);
            if (_claim is null && _running + _storing == 0) wake = Earlier(wake, end);
            await TakeOutcomesAsync(wake).ConfigureAwait(false);
        }
    }

    public async Task GiveBackAsync()
    {
        while (_running + _storing > 0) Take(await _finished.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false));
        IReadOnlyList<Source> unheld = [];
        try
        {
            if (_claim is { Answer: { } answer }) unheld = await answer.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The crawl was ended while it asked: nothing was claimed.
        }
        catch (Exception error)
        {
            // What it may have claimed all the same is free again when its lease runs out; what is known to be held goes back now.
            logger.LogError(error, "The last claim of the crawl failed");
        }

        long[] left = [.. _brokenOff, .. unheld.Select(source => source.Id), .. _held.Values.SelectMany(queue => queue).Select(claimed => claimed.Source.Id)];
        if (left.Length > 0) await sources.ReleaseAsync(left, _owner, CancellationToken.None).ConfigureAwait(false);
        await gate.FlushAsync().ConfigureAwait(false);
    }

    // While fetches could still start, everything held is waiting for its host; when none can, a half batch is kept ready.
    private bool WantsMore => _heldCount < (_running < options.Concurrency
        ? options.Concurrency * HeldPerFetch
        : Math.Max(1, options.Concurrency / 2));

    private bool IsIdle => _running + _storing == 0 && _heldCount == 0;

    /// <summary>When the last of those that found no room is due again: before that, nothing due is not the end.</summary>
    private DateTimeOffset LastBack => _crowdedUntil.Count == 0 ? DateTimeOffset.MinValue : _crowdedUntil.Values.Max();

    private async Task<IReadOnlyList<Source>> AskForMoreAsync(Claim claim)
    {
        try
        {
            return await sources
                .ClaimDueAsync(_owner, claim.At, claim.At + Crawler.LeaseOf(options), options.Concurrency * ClaimedPerFetch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _finished.Writer.TryWrite(Finished.Claimed);
        }
    }

    private async Task<DateTimeOffset?> StartWhatMayStartAsync()
    {
        DateTimeOffset? nextStart = null;
        List<(long, DateTimeOffset)>? tooLong = null;
        List<long>? tooOld = null;
        List<Claimed>? entered = null;
        foreach (var (host, queue) in _held)
        {
            if (!HasRoom()) break;
            while (HasRoom() && queue.TryPeek(out var claimed))
            {
                // While others were fetched its lease ran on: what is left would not cover a slow fetch and its storing.
                if (time.GetUtcNow() - claimed.At > Crawler.LongestHold)
                {
                    (tooOld ??= []).Add(claimed.Source.Id);
                    queue.Dequeue();
                    _heldCount--;
                    continue;
                }

                if (!gate.TryEnter(claimed.Host, out var retryAt))
                {
                    var now = time.GetUtcNow();
                    if (retryAt is { } at && at - now > Crawler.LongestHold)
                    {
                        (tooLong ??= []).AddRange(queue.Select(waiting => (waiting.Source.Id, at)));
                        // Nobody claims a source of a closed host: those that are away stay away.
                        _crowdedUntil.Remove(host);
                        _heldCount -= queue.Count;
                        queue.Clear();
                    }
                    else
                    {
                        // Those who are inside may be another crawl's: of their leaving nobody tells us.
                        nextStart = Earlier(nextStart, retryAt ?? now + LookAgain);
                    }

                    break;
                }

                queue.Dequeue();
                _heldCount--;
                if (gate.IsShared && claimed.Host is not null) (entered ??= []).Add(claimed);
                else Start(claimed);
            }

            if (queue.Count == 0) _held.Remove(host);
        }

        if (entered is not null) nextStart = Earlier(nextStart, await ConfirmAsync(entered).ConfigureAwait(false));
        if (tooOld is not null) await sources.ReleaseAsync(tooOld, _owner, cancellationToken).ConfigureAwait(false);
        if (tooLong is not null) await sources.DeferAsync(tooLong, _owner, cancellationToken).ConfigureAwait(false);
        return nextStart;

        bool HasRoom() => _running + (entered?.Count ?? 0) < options.Concurrency && _storing < options.Concurrency * StoringPerFetch;
    }

    /// <summary>Starts those that also get a slot in the store; when to try the others again.</summary>
    private async Task<DateTimeOffset?> ConfirmAsync(List<Claimed> entered)
    {
        var confirmed = 0;
        try
        {
            var may = await gate.ConfirmAsync([.. entered.Select(claimed => claimed.Host!)], cancellationToken).ConfigureAwait(false);
            var allStarted = true;
            for (; confirmed < entered.Count; confirmed++)
            {
                if (may[confirmed]) Start(entered[confirmed]);
                else Hold(entered[confirmed]);
                allStarted &= may[confirmed];
            }

            // The gate knows for each host when; the next look comes soon enough to learn it from there.
            return allStarted ? null : time.GetUtcNow() + TimeSpan.FromMilliseconds(20);
        }
        finally
        {
            foreach (var claimed in entered.Skip(confirmed)) Hold(claimed);
        }
    }

    private void Start(Claimed claimed)
    {
        _running++;
        _ = RefreshAsync(claimed);
    }

    private void Hold(Claimed claimed)
    {
        var key = claimed.Host ?? "";
        if (!_held.TryGetValue(key, out var queue)) _held[key] = queue = new Queue<Claimed>();
        queue.Enqueue(claimed);
        _heldCount++;
    }

    private async Task HoldAsync(IReadOnlyList<Source> claimed, DateTimeOffset now)
    {
        List<(long, DateTimeOffset)>? crowded = null;
        foreach (var source in claimed)
        {
            var host = HostGate.HostOf(source);
            var waiting = _held.TryGetValue(host ?? "", out var queue) ? queue.Count : 0;
            var hasGap = options.PerHostGap > TimeSpan.Zero;
            if (host is null || waiting < Math.Min(hasGap ? HeldPerHost : HeldPerHostWithoutGap, options.Concurrency * HeldPerFetchOfOneHost))
            {
                Hold(new Claimed(source, host, now));
                continue;
            }

            // One after the other, and while half of those that wait here still do: the host is never without the next.
            var back = now + (hasGap ? options.PerHostGap * (HeldPerHost / 2) : CrowdedPause);
            if (hasGap && _crowdedUntil.TryGetValue(host, out var last) && last + options.PerHostGap > back) back = last + options.PerHostGap;
            _crowdedUntil[host] = back;
            (crowded ??= []).Add((source.Id, back));
        }

        if (crowded is not null) await sources.DeferAsync(crowded, _owner, cancellationToken).ConfigureAwait(false);
    }

    private async Task RefreshAsync(Claimed claimed)
    {
        await Task.Yield();
        RefreshOutcome? outcome = null;
        var isFetched = false;
        var turn = gate.TurnAt(claimed.Host, () =>
        {
            isFetched = true;
            _finished.Writer.TryWrite(Finished.Fetched);
        });
        try
        {
            outcome = await refresher.RefreshAsync(claimed.Source, _owner, turn, cancellationToken).ConfigureAwait(false);
            if (outcome is RefreshOutcome.Postponed { Until: var later })
                await sources.DeferAsync([(claimed.Source.Id, later)], _owner, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug("The refresh of source {SourceId} was broken off", claimed.Source.Id);
        }
        catch (Exception error)
        {
            // The store failed us: the source keeps its lease until that runs out, and its turn comes again.
            logger.LogError(error, "Refreshing source {SourceId} failed", claimed.Source.Id);
            outcome = new RefreshOutcome.Failed(FetchFailure.OfRefresh(error, time.GetUtcNow()));
        }

        turn.Leave();
        _finished.Writer.TryWrite(new Finished(claimed.Source.Id, outcome, isFetched));
    }

    private async Task TakeOutcomesAsync(DateTimeOffset? wake)
    {
        if (wake is null)
        {
            Take(await _finished.Reader.ReadAsync(cancellationToken).ConfigureAwait(false));
        }
        else
        {
            using var alarm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var wait = wake.Value - time.GetUtcNow();
            var delay = Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, alarm.Token);
            await Task.WhenAny(delay, _finished.Reader.WaitToReadAsync(alarm.Token).AsTask()).ConfigureAwait(false);
            await alarm.CancelAsync().ConfigureAwait(false);
        }

        while (_finished.Reader.TryRead(out var finished)) Take(finished);
    }

    private void Take(Finished finished)
    {
        if (ReferenceEquals(finished, Finished.Claimed))
        {
            _claim?.IsAnswered = true;
            return;
        }

        if (ReferenceEquals(finished, Finished.Fetched))
        {
            _running--;
            _storing++;
            return;
        }

        if (finished.WasStoring) _storing--;
        else _running--;
        if (finished.Outcome is null)
        {
            _brokenOff.Add(finished.SourceId);
            return;
        }

        _summary = _summary.With(finished.Outcome);
        progress?.Report(_summary);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => other is null || one < other ? one : other;

    /// <summary>A question to the store that goes on beside the fetches.</summary>
    private sealed class Claim(DateTimeOffset at, bool wasIdle)
    {
        /// <summary>When it was asked: leases count from here.</summary>
        public DateTimeOffset At => at;

        /// <summary>Whether everything was done then: nothing due means the end.</summary>
        public bool WasIdle => wasIdle;

        public Task<IReadOnlyList<Source>>? Answer { get; set; }

        /// <summary>Whether the answer is there, or there in a moment.</summary>
        public bool IsAnswered { get; set; }
    }

    private sealed record Claimed(Source Source, string? Host, DateTimeOffset At);

    /// <param name="SourceId">The source.</param>
    /// <param name="Outcome">What came of it, or null when it was broken off and its lease has to be given back.</param>
    /// <param name="WasStoring">Whether <see cref="Fetched"/> was said of it before.</param>
    private sealed record Finished(long SourceId, RefreshOutcome? Outcome, bool WasStoring)
    {
        /// <summary>The fetch of one is over, and the source is about to be stored.</summary>
        public static Finished Fetched { get; } = new(0, null, false);

        /// <summary>The store has answered a claim.</summary>
        public static Finished Claimed { get; } = new(0, null, false);
    }
}
