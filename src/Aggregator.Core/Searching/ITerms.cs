namespace Aggregator.Core.Searching;

/// <summary>Where a document's terms are collected.</summary>
internal interface ITerms
{
    /// <summary>Adds a term, which may be known already; the characters are overwritten afterwards.</summary>
    void Add(ReadOnlySpan<char> term);
}
