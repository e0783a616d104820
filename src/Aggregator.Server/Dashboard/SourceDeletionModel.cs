using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Dashboard;

/// <summary>What is asked before sources are deleted.</summary>
/// <param name="Count">How many.</param>
/// <param name="Named">Some of them.</param>
/// <param name="Ids">Their numbers, or null for all that the filter lets through.</param>
/// <param name="Filter">The filter of the list it came from.</param>
/// <param name="Frame">What every page of the dashboard needs.</param>
public sealed record SourceDeletionModel(int Count, IReadOnlyList<Source> Named, IReadOnlyList<long>? Ids, SourceFilter Filter, DashboardFrame Frame);
