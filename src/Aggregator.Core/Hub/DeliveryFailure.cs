namespace Aggregator.Core.Hub;

/// <summary>A delivery that failed, and what follows.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="CallbackId">Its callback.</param>
/// <param name="Status">The status of the answer, or null when there was none.</param>
/// <param name="Reason">Why, in a sentence for an admin.</param>
/// <param name="RetryAt">When it is tried again; null when the subscription ends.</param>
/// <param name="CircuitOpenUntil">Until when nothing is sent to the callback at all, or null.</param>
public sealed record DeliveryFailure(long Id, long CallbackId, int? Status, string Reason, DateTimeOffset? RetryAt, DateTimeOffset? CircuitOpenUntil);
