namespace Aggregator.Storage.Search;

/// <summary>How a search asks the index.</summary>
/// <param name="All">Of each of these groups a document has at least one term.</param>
/// <param name="None">It has none of these.</param>
/// <param name="IsExact">Whether the index knows what fits, but for what <paramref name="Forks"/> find; else every candidate has to be read.</param>
/// <param name="Forks">What has to be read all the same: what has a term of both lists of one of these.</param>
internal sealed record SearchPlan(
    IReadOnlyList<IReadOnlyList<string>> All, IReadOnlyList<string> None, bool IsExact, IReadOnlyList<(IReadOnlyList<string> Before, IReadOnlyList<string> Behind)> Forks);
