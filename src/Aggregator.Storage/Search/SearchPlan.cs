namespace Aggregator.Storage.Search;

/// <summary>How a search asks the index.</summary>
/// <param name="Match">What finds the candidates, in the database's words.</param>
/// <param name="IsExact">Whether the index knows what fits, but for what <paramref name="Doubtful"/> finds; else every candidate has to be read.</param>
/// <param name="Doubtful">What finds the candidates that have to be read; null when there are none.</param>
internal sealed record SearchPlan(string Match, bool IsExact, string? Doubtful);
