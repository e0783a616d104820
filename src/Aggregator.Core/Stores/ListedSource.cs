using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>A source in an admin's list.</summary>
/// <param name="Source">The source.</param>
/// <param name="Categories">The categories it belongs to, in the order of lists.</param>
/// <param name="Days">Its new entries per day, oldest day first, without gaps, today last.</param>
/// <param name="Key">Its place in the list.</param>
public sealed record ListedSource(Source Source, IReadOnlyList<Category> Categories, IReadOnlyList<DayCount> Days, SourceKey Key);
