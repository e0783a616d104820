namespace Aggregator.Storage.Search;

/// <summary>What an index row has to have.</summary>
/// <param name="All">Of each of these groups at least one term.</param>
/// <param name="None">None of these terms.</param>
internal sealed record SearchExpression(IReadOnlyList<IReadOnlyList<string>> All, IReadOnlyList<string> None)
{
    /// <summary>The same, where besides all groups of one of these have to be met; none of them when the list is empty.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> Either { get; init; } = [];
}
