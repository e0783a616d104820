using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>A source in the list that visitors see.</summary>
/// <param name="Source">The source; its address and its settings are not for visitors.</param>
/// <param name="EntryCount">How many of its entries may be seen, counted up to <see cref="MaxCounted"/> and one.</param>
public sealed record PublicSource(Source Source, long EntryCount)
{
    /// <summary>How far entries are counted: a source of ten years costs what a source of a month costs.</summary>
    public const int MaxCounted = 1_000;
}
