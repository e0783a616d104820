using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Hub;

/// <summary>
/// The work of our hub (WebSub §5 and §7): asks callbacks whether they mean it, and pushes what changed. What is to be done stands in the
/// store, claimed with leases, so that any number of streams may run in any number of processes and a crash loses nothing; what a crash
/// left unnoted is delivered once more.
/// </summary>
/// <param name="store">The subscriptions, and the changes.</param>
/// <param name="renderer">Writes what is pushed.</param>
/// <param name="callbacks">Talks to callbacks.</param>
/// <param name="signal">Says when to look.</param>
/// <param name="schedule">What follows a failure.</param>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where ended subscriptions and errors are written.</param>
public sealed class HubDistributor(
    ISubscriberStore store, IChangeRenderer renderer, CallbackClient callbacks, TopicSignal signal, DeliverySchedule schedule,
    HubOptions options, TimeProvider time, ILogger<HubDistributor> logger)
{
    /// <summary>How often a stream looks when no signal comes: changes of other processes, and of a stream that was not there to hear.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Changes that come within this go out together.</summary>
    internal static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Looking takes no more than this part of the time: one in so many.</summary>
    private const int LookShare = 4;

    /// <summary>A delivery that takes longer gives its place among the quick ones away.</summary>
    internal static readonly TimeSpan QuickTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Questions to callbacks at once.</summary>
    internal const int MostQuestions = 64;

    /// <summary>How long a claim is kept besides the callback's time: for waiting and for the store's turn.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    /// <summary>How long a claim is kept: a crash delays a delivery by this at the most, on a store that processes share.</summary>
    public static TimeSpan LeaseOf(HubOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Timeout + Reserve;
    }

    /// <summary>Delivers whatever is due until the time is up; then waits for what is in flight.</summary>
    /// <param name="owner">Who claims; unique to this stream.</param>
    /// <param name="budget">When to claim no more.</param>
    /// <param name="cancellationToken">Ends it: what was not delivered goes back.</param>
    public async Task<HubStreamSummary> RunAsync(string owner, TimeSpan budget, CancellationToken cancellationToken)
    {
        var stream = new HubStream(store, new ChangeDocuments(renderer, time), callbacks, schedule, options, time, logger, owner, cancellationToken);
        var begun = time.GetTimestamp();
        try
        {
            // It ends while nothing is in flight, if that happens: what waits for a callback that hangs would keep the next stream waiting.
            while (time.GetElapsedTime(begun) is var elapsed && (elapsed < budget || (stream.IsBusy && elapsed < 2 * budget)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var next = signal.Next;
                var looked = time.GetTimestamp();
                var now = time.GetUtcNow();
                await store.CollectAsync(now, cancellationToken).ConfigureAwait(false);
                if (await stream.ClaimAsync(now).ConfigureAwait(false)) continue;

                // Short, so that a burst of changes is collected together, and longer while looking takes long itself; then until something is
                // told, finished, or it is time to look.
                var pause = LookShare * time.GetElapsedTime(looked);
                await Task.Delay(pause < ShortestLook ? ShortestLook : pause < PollInterval ? pause : PollInterval, time, cancellationToken).ConfigureAwait(false);
                await Task.WhenAny(next, stream.Freed, Task.Delay(PollInterval, time, cancellationToken)).ConfigureAwait(false);
            }
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        return stream.Summary;
    }
}
