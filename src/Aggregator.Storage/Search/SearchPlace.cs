using System.Runtime.InteropServices;

namespace Aggregator.Storage.Search;

/// <summary>Where an entry is in the index, and what a search needs of it: a row of <c>search_place</c>.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Generation">With which segment it came into the index last.</param>
/// <param name="SortAt">Its place in time, in Unix milliseconds.</param>
/// <param name="SourceId">Its source.</param>
/// <param name="Wishes">What its publisher asks for.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SearchPlace(long EntryId, long Generation, long SortAt, long SourceId, int Wishes);
