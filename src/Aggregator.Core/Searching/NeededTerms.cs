namespace Aggregator.Core.Searching;

/// <summary>What the index has to have of a document with a folded unit.</summary>
/// <param name="Terms">All of these.</param>
/// <param name="IsExact">Whether whatever has them has the unit too, but for what the next two say; else each has to be read.</param>
/// <param name="ForksBefore">Only a document that has one of these, …</param>
/// <param name="ForksBehind">… and one of these, may have the terms without the unit.</param>
internal sealed record NeededTerms(IReadOnlyList<string> Terms, bool IsExact, IReadOnlyList<string> ForksBefore, IReadOnlyList<string> ForksBehind)
{
    /// <summary>Whether some documents may have the terms without the unit.</summary>
    public bool HasForks => ForksBefore.Count > 0;
}
