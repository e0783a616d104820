using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>Everything that an admin sees of one source.</summary>
/// <param name="Source">The source, deleted or not.</param>
/// <param name="Categories">The categories it belongs to, in the order of lists.</param>
/// <param name="Days">Its new entries per day over the last 31 days, oldest first, without gaps.</param>
/// <param name="EntryCount">How many entries we have of it.</param>
/// <param name="Fetches">Its last fetches, newest first, at most <see cref="FetchRecord.Kept"/>.</param>
public sealed record SourceDetail(
    Source Source, IReadOnlyList<Category> Categories, IReadOnlyList<DayCount> Days, long EntryCount, IReadOnlyList<FetchRecord> Fetches);
