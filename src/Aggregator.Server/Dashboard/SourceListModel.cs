using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Dashboard;

/// <summary>What the list of sources shows.</summary>
/// <param name="Sources">This page of it.</param>
/// <param name="Query">Which page of what.</param>
/// <param name="Next">The key of the next page, or null at the end.</param>
/// <param name="Matching">How many sources the filter lets through.</param>
/// <param name="Categories">All categories.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="UndoId">The source whose deletion can be undone at once, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="EnteredUrl">What was entered, when it was refused.</param>
/// <param name="Frame">What every page of the dashboard needs.</param>
public sealed record SourceListModel(
    IReadOnlyList<ListedSource> Sources, SourceQuery Query, SourceKey? Next, int Matching, IReadOnlyList<Category> Categories,
    string? Notice, long? UndoId, string? Problem, string? EnteredUrl, DashboardFrame Frame);
