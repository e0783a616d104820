namespace Aggregator.Core.Related;

/// <summary>What is related to an article.</summary>
public sealed record RelatedList
{
    /// <summary>The most articles that are kept with one, and asked for.</summary>
    public const int MaxLength = 10;

    /// <summary>The article.</summary>
    public required long EntryId { get; init; }

    /// <summary>The related ones, best first.</summary>
    public required IReadOnlyList<RelatedArticle> Articles { get; init; }

    /// <summary>The number of the index that it was found in.</summary>
    public required long Number { get; init; }

    /// <summary>Whether it stands in the store already; else it may be kept there.</summary>
    public required bool IsKept { get; init; }
}
