namespace Aggregator.Server.Subscriptions;

/// <summary>How far an import is.</summary>
/// <param name="Done">Sources of the list that were looked at.</param>
/// <param name="Total">Sources that the list names.</param>
internal sealed record ImportProgress(int Done, int Total);
