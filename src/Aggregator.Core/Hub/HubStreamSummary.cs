namespace Aggregator.Core.Hub;

/// <summary>What one stream did.</summary>
/// <param name="Delivered">Deliveries that were taken.</param>
/// <param name="Failed">Deliveries that failed.</param>
/// <param name="Ended">Subscriptions that ended, because their callback said so or failed for too long.</param>
/// <param name="Verified">Requests whose callback agreed.</param>
/// <param name="Refused">Requests whose callback did not.</param>
public sealed record HubStreamSummary(int Delivered, int Failed, int Ended, int Verified, int Refused);
