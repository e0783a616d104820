using System.Threading.Channels;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Hub;

/// <summary>
/// One stream of deliveries and questions: what it has claimed, what is in flight, and what came of it. The quick ones have their places
/// among <see cref="HubOptions.Concurrency"/>; whoever takes longer than <see cref="HubDistributor.QuickTime"/> waits beside them, so
/// that a slow subscriber delays nobody. What failed before has places of its own.
/// </summary>
internal sealed class HubStream(
    ISubscriberStore store, ChangeDocuments documents, CallbackClient callbacks, DeliverySchedule schedule, HubOptions options, TimeProvider time,
    ILogger logger, string owner, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>How many results one transaction notes.</summary>
    private const int SavedAtOnce = 500;

    private readonly SemaphoreSlim _quick = new(options.Concurrency);
    private readonly Channel<Result> _results = Channel.CreateUnbounded<Result>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CountdownEvent _running = new(1);
    private Task? _saving;
    private TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _first;
    private int _retries;
    private int _questions;
    private int _delivered;
    private int _failed;
    private int _ended;
    private int _verified;
    private int _refused;

    /// <summary>Ends when a place has become free that was missing.</summary>
    public Task Freed => Volatile.Read(ref _freed).Task;

    /// <summary>Whether anything is in flight.</summary>
    public bool IsBusy => Volatile.Read(ref _first) + Volatile.Read(ref _retries) + Volatile.Read(ref _questions) > 0;

    /// <summary>What it did so far.</summary>
    public HubStreamSummary Summary => new(_delivered, _failed, _ended, _verified, _refused);

    // A quarter for those that failed before: callbacks that hang again and again leave three quarters to the others.
    private int MostRetries => Math.Max(1, options.MaxInFlight / 4);

    private int MostFirst => Math.Max(1, options.MaxInFlight - MostRetries);

    /// <summary>Claims what is due, as far as there is room, and starts it. Whether there may be more.</summary>
    public async Task<bool> ClaimAsync(DateTimeOffset now)
    {
        _saving ??= Task.Run(SaveAsync, CancellationToken.None);
        var until = now + HubDistributor.LeaseOf(options);
        var freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _freed, freed);
        var isMore = false;

        if (HubDistributor.MostQuestions - Volatile.Read(ref _questions) is > 0 and var questions)
        {
            var intents = await store.ClaimIntentsAsync(owner, now, until, questions, cancellationToken).ConfigureAwait(false);
            isMore |= intents.Count == questions;
            foreach (var intent in intents) Start(ref _questions, () => AskAsync(intent), () => Interlocked.Decrement(ref _questions));
        }

        if (MostFirst - Volatile.Read(ref _first) is > 0 and var first)
        {
            var due = await store.ClaimDueAsync(owner, now, until, first, retries: false, cancellationToken).ConfigureAwait(false);
            isMore |= due.Count == first;
            foreach (var delivery in due) Start(ref _first, () => DeliverAsync(delivery), () => Interlocked.Decrement(ref _first));
        }

        if (MostRetries - Volatile.Read(ref _retries) is > 0 and var retries)
        {
            var due = await store.ClaimDueAsync(owner, now, until, retries, retries: true, cancellationToken).ConfigureAwait(false);
            isMore |= due.Count == retries;
            foreach (var delivery in due) Start(ref _retries, () => DeliverAsync(delivery), () => Interlocked.Decrement(ref _retries));
        }

        return isMore && _first < MostFirst && _retries < MostRetries && _questions < HubDistributor.MostQuestions;
    }

    /// <summary>Waits for what is in flight, notes it, and gives back what was not begun.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_running.Signal()) await Task.Run(_running.Wait, CancellationToken.None).ConfigureAwait(false);
        _results.Writer.Complete();
        if (_saving is not null) await _saving.ConfigureAwait(false);
        await store.GiveBackAsync(owner, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
        _quick.Dispose();
        _running.Dispose();
    }

    private void Start(ref int count, Func<Task> work, Action ended)
    {
        Interlocked.Increment(ref count);
        _running.AddCount();
        _ = RunAsync(work, ended);
    }

    private async Task RunAsync(Func<Task> work, Action ended)
    {
        await Task.Yield();
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Its claim goes back at the end of the stream.
        }
#pragma warning disable CA1031 // Whatever it is, it concerns this one; its claim runs out and it is tried again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            logger.LogError(error, "A delivery of the hub broke off; it is tried again when its claim has run out");
        }
        finally
        {
            ended();
            Volatile.Read(ref _freed).TrySetResult();
            _running.Signal();
        }
    }

    private async Task AskAsync(Intent intent)
    {
        var answer = intent.Mode == HubMode.Denied
            ? await callbacks.DenyAsync(intent, cancellationToken).ConfigureAwait(false)
            : await callbacks.VerifyAsync(intent, cancellationToken).ConfigureAwait(false);
        if (intent.Mode == HubMode.Denied || !answer.IsSuccess)
        {
            await store.DropAsync(intent, owner, cancellationToken).ConfigureAwait(false);
            if (intent.Mode == HubMode.Denied) return;
            Interlocked.Increment(ref _refused);
            logger.LogInformation("A subscriber on {Host} was not verified: {Reason}", intent.Host, answer.Reason);
            return;
        }

        if (await store.ConfirmAsync(intent, owner, time.GetUtcNow(), cancellationToken).ConfigureAwait(false)) Interlocked.Increment(ref _verified);
    }

    private async Task DeliverAsync(DueDelivery delivery)
    {
        await _quick.WaitAsync(cancellationToken).ConfigureAwait(false);
        var isQuick = true;
        try
        {
            var document = await documents.GetAsync(delivery, cancellationToken).ConfigureAwait(false);
            if (document is null)
            {
                _results.Writer.TryWrite(new Result(delivery, null, null, TopicGone: true));
                return;
            }

            if (document.Body.Length == 0)
            {
                _results.Writer.TryWrite(new Result(delivery, document.Position, null, WasSent: false));
                return;
            }

            var sending = callbacks.DeliverAsync(delivery, document, cancellationToken);
            if (!sending.IsCompleted)
            {
                using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(sending, Task.Delay(HubDistributor.QuickTime, time, answered.Token)).ConfigureAwait(false);
                await answered.CancelAsync().ConfigureAwait(false);
            }

            _quick.Release();
            isQuick = false;
            var answer = await sending.ConfigureAwait(false);
            _results.Writer.TryWrite(answer.IsSuccess
                ? new Result(delivery, document.Position, null)
                : new Result(delivery, null, schedule.After(delivery, answer.Status, answer.Reason, time.GetUtcNow(), Random.Shared.NextDouble())));
        }
        finally
        {
            if (isQuick) _quick.Release();
        }
    }

    private async Task SaveAsync()
    {
        var batch = new List<Result>(SavedAtOnce);
        while (await _results.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < SavedAtOnce && _results.Reader.TryRead(out var result)) batch.Add(result);
#pragma warning disable CA1031 // What cannot be noted is delivered once more, when its claim has run out.
            try
            {
                await SaveAsync(batch).ConfigureAwait(false);
            }
            catch (Exception error)
#pragma warning restore CA1031
            {
                logger.LogError(error, "What came of {Count} deliveries of the hub could not be noted; they are delivered once more", batch.Count);
            }
        }
    }

    private async Task SaveAsync(List<Result> batch)
    {
        var now = time.GetUtcNow();
        var taken = batch.Where(result => result.Position is not null).Select(result => (result.Delivery, result.Position!.Value, result.WasSent)).ToList();
        var failures = batch.Select(result => result.Failure).OfType<DeliveryFailure>().ToList();
        // Not broken off when the stream ends: what was delivered was delivered.
        if (taken.Count > 0) await store.DeliveredAsync(taken, owner, now, CancellationToken.None).ConfigureAwait(false);
        if (failures.Count > 0) await store.FailedAsync(failures, owner, now, CancellationToken.None).ConfigureAwait(false);
        foreach (var topic in batch.Where(result => result.TopicGone).Select(result => result.Delivery).DistinctBy(delivery => delivery.TopicId))
        {
            var ended = await store.EndTopicAsync(topic.TopicId, "There is no feed at this address any more.", now, CancellationToken.None).ConfigureAwait(false);
            logger.LogInformation("Ended {Count} subscriptions to {Topic}, which is no feed any more", ended, topic.Topic.ShownUrl);
            Interlocked.Add(ref _ended, ended);
        }

        Interlocked.Add(ref _delivered, taken.Count(delivery => delivery.WasSent));
        Interlocked.Add(ref _failed, failures.Count);
        foreach (var ended in failures.Where(failure => failure.RetryAt is null))
        {
            Interlocked.Increment(ref _ended);
            logger.LogInformation("Ended subscription {Subscription} at the hub: {Reason}", ended.Id, ended.Reason);
        }
        // More may have come for those that were just served.
        Volatile.Read(ref _freed).TrySetResult();
    }

    private sealed record Result(DueDelivery Delivery, long? Position, DeliveryFailure? Failure, bool WasSent = true, bool TopicGone = false);
}
