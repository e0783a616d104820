using System.Threading.Channels;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Capturing;

/// <summary>One run of a <see cref="CaptureCrawler"/>: a lane for each host, what waits in it, and what is in work.</summary>
internal sealed class CaptureRun(
    ICaptureStore captures, PageCapturer capturer, CaptureOptions options, FetchingOptions fetching, TimeProvider time, ILogger logger,
    CancellationToken cancellationToken)
{
    /// <summary>The most captures that wait in one lane; the others go back until their turn can have come.</summary>
    private const int HeldPerHost = 8;

    /// <summary>The most that wait in all lanes, for each that may be in work.</summary>
    private const int HeldPerPage = 4;

    /// <summary>After nothing was due, or only what found no room, the store is asked again no sooner than this.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly string _owner = LeaseOwner.New();
    private readonly Dictionary<string, Queue<Held>> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inWork = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _crowdedUntil = new(StringComparer.Ordinal);
    private readonly Channel<Finished> _finished = Channel.CreateUnbounded<Finished>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<DueCapture> _brokenOff = [];
    private CaptureSummary _summary;
    private int _heldCount;

    public async Task<CaptureSummary> ToTheEndAsync(TimeSpan budget)
    {
        var end = time.GetUtcNow() + budget;
        var nextClaim = DateTimeOffset.MinValue;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await StartAsync().ConfigureAwait(false);
            var now = time.GetUtcNow();
            var isIdle = _inWork.Count == 0 && _heldCount == 0;
            var hasRoom = _heldCount < options.Concurrency * HeldPerPage;
            if (now < end && hasRoom && (isIdle || now >= nextClaim))
            {
                var before = _heldCount;
                var claimed = await captures.ClaimDueAsync(
                    _owner, now, now + CaptureCrawler.LeaseOf(options), options.Concurrency * HeldPerPage, cancellationToken).ConfigureAwait(false);
                await HoldAsync(claimed, now).ConfigureAwait(false);
                if (claimed.Count == 0 && isIdle) return _summary;
                nextClaim = _heldCount == before ? now + Rest : now;
                if (_heldCount > before) continue;
            }

            if (now >= end && _inWork.Count == 0) return _summary;
            await TakeAsync(nextClaim > now ? nextClaim - now : Rest).ConfigureAwait(false);
        }
    }

    public async Task GiveBackAsync()
    {
        while (_inWork.Count > 0) Take(await _finished.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false));
        (long, DateTimeOffset)[] left = [.. _brokenOff.Concat(_lanes.Values.SelectMany(lane => lane).Select(held => held.Due)).Select(due => (due.EntryId, due.DueAt))];
        if (left.Length > 0) await captures.DeferAsync(left, _owner, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task StartAsync()
    {
        List<(long, DateTimeOffset)>? tooLong = null;
        var now = time.GetUtcNow();
        foreach (var (host, lane) in _lanes)
        {
            while (lane.TryPeek(out var oldest) && now - oldest.At > CaptureCrawler.LongestHold)
            {
                (tooLong ??= []).Add((oldest.Due.EntryId, now + fetching.PerHostGap));
                lane.Dequeue();
                _heldCount--;
            }

            if (_inWork.Count < options.Concurrency && !_inWork.Contains(host) && lane.TryDequeue(out var next))
            {
                _heldCount--;
                _inWork.Add(host);
                _ = CaptureAsync(host, next.Due);
            }

            if (lane.Count == 0) _lanes.Remove(host);
        }

        if (tooLong is not null) await captures.DeferAsync(tooLong, _owner, cancellationToken).ConfigureAwait(false);
    }

    private async Task HoldAsync(IReadOnlyList<DueCapture> claimed, DateTimeOffset now)
    {
        List<(long, DateTimeOffset)>? crowded = null;
        foreach (var due in claimed)
        {
            var host = due.Host ?? "";
            if (!_lanes.TryGetValue(host, out var lane)) _lanes[host] = lane = new Queue<Held>();
            if (lane.Count < HeldPerHost)
            {
                lane.Enqueue(new Held(due, now));
                _heldCount++;
                continue;
            }

            // One after the other: the host is never without the next, and each goes back once.
            var gap = fetching.PerHostGap > TimeSpan.Zero ? fetching.PerHostGap : TimeSpan.FromMilliseconds(50);
            var back = now + (gap * (HeldPerHost / 2));
            if (_crowdedUntil.TryGetValue(host, out var last) && last + gap > back) back = last + gap;
            _crowdedUntil[host] = back;
            (crowded ??= []).Add((due.EntryId, back));
        }

        if (crowded is not null) await captures.DeferAsync(crowded, _owner, cancellationToken).ConfigureAwait(false);
    }

    private async Task CaptureAsync(string host, DueCapture due)
    {
        await Task.Yield();
        Finished finished;
        try
        {
            var (outcome, _) = await capturer.CaptureAsync(due, _owner, cancellationToken).ConfigureAwait(false);
            finished = new Finished(host, outcome, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            finished = new Finished(host, null, due);
        }
        catch (Exception error)
        {
            // The store failed us: the capture keeps its lease until that runs out, and its turn comes again.
            logger.LogError(error, "The capture of entry {EntryId} could not be stored", due.EntryId);
            finished = new Finished(host, CaptureOutcome.Failed, null);
        }

        _finished.Writer.TryWrite(finished);
    }

    private async Task TakeAsync(TimeSpan atMost)
    {
        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(atMost, time, alarm.Token);
        await Task.WhenAny(delay, _finished.Reader.WaitToReadAsync(alarm.Token).AsTask()).ConfigureAwait(false);
        await alarm.CancelAsync().ConfigureAwait(false);
        while (_finished.Reader.TryRead(out var finished)) Take(finished);
    }

    private void Take(Finished finished)
    {
        _inWork.Remove(finished.Host);
        if (finished.BrokenOff is not null) _brokenOff.Add(finished.BrokenOff);
        else _summary = _summary.With(finished.Outcome);
    }

    private sealed record Held(DueCapture Due, DateTimeOffset At);

    /// <param name="Host">Whose lane is free.</param>
    /// <param name="Outcome">How it ended; null when it was put off or broken off.</param>
    /// <param name="BrokenOff">The capture whose lease has to be given back, or null.</param>
    private sealed record Finished(string Host, CaptureOutcome? Outcome, DueCapture? BrokenOff);
}
