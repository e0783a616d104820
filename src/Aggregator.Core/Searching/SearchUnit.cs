namespace Aggregator.Core.Searching;

/// <summary>One part of a search: a word or a phrase, folded.</summary>
/// <param name="Field">Where it looks.</param>
/// <param name="Text">What it looks for: folded, never empty; words of a phrase with one space between.</param>
/// <param name="IsExcluded">Whether what has it is left out.</param>
public sealed record SearchUnit(SearchField Field, string Text, bool IsExcluded);
