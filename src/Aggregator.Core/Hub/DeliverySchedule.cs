namespace Aggregator.Core.Hub;

/// <summary>What follows a failed delivery: when to try again, when to leave a callback alone, when to give up. Pure.</summary>
/// <param name="options">The bounds.</param>
public sealed class DeliverySchedule(HubOptions options)
{
    /// <summary>A callback may say with this status that the subscription is over (§7).</summary>
    public const int Gone = 410;

    /// <summary>What follows.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="status">The status of the answer, or null.</param>
    /// <param name="reason">Why it failed.</param>
    /// <param name="now">The moment.</param>
    /// <param name="chance">A random number from 0 to 1: without it, subscribers that failed together would come back together.</param>
    public DeliveryFailure After(DueDelivery delivery, int? status, string reason, DateTimeOffset now, double chance)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (status == Gone) return new DeliveryFailure(delivery.Id, delivery.CallbackId, status, reason, RetryAt: null, CircuitOpenUntil: null);
        var wait = Wait(delivery.Attempts, chance);
        if (now - delivery.BehindSince >= options.GiveUpAfter)
            return new DeliveryFailure(delivery.Id, delivery.CallbackId, status, reason, RetryAt: null, CircuitOpenUntil: null);

        var failures = delivery.CallbackFailures + 1;
        var open = failures < options.CircuitFailures ? default(DateTimeOffset?) : now + Wait(failures - options.CircuitFailures + 1, chance);
        return new DeliveryFailure(delivery.Id, delivery.CallbackId, status, reason, open is { } until && until > now + wait ? until : now + wait, open);
    }

    /// <summary>The wait after so many failures before this one: doubling, bounded, and spread over its second half.</summary>
    public TimeSpan Wait(int attempts, double chance)
    {
        var doubled = options.FirstRetry.Ticks * Math.Pow(2, Math.Min(attempts, 30));
        var whole = Math.Min(doubled, options.LongestRetry.Ticks);
        return TimeSpan.FromTicks((long)(whole * (0.5 + (Math.Clamp(chance, 0, 1) / 2))));
    }
}
