using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>A source in an admin's list.</summary>
/// <param name="Source">The source.</param>
/// <param name="EntryCount">How many entries we have of it.</param>
/// <param name="Categories">The categories it belongs to, in the order of lists.</param>
public sealed record SourceListing(Source Source, long EntryCount, IReadOnlyList<Category> Categories)
{
    /// <summary>How it stands with the captures of its pages; null when there never was one.</summary>
    public CaptureHealth? Captures { get; init; }
}
