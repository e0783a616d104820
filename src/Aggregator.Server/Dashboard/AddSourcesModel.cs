using Aggregator.Core.Model;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page for adding sources shows.</summary>
/// <param name="Categories">All categories.</param>
/// <param name="Entered">What was entered, one address a line.</param>
/// <param name="CategoryId">The chosen category, or null.</param>
/// <param name="Looked">What was seen at each address, in their order; empty before a look.</param>
/// <param name="Report">What became of each address, in their order; empty before adding.</param>
/// <param name="Problem">Why nothing was done, or null.</param>
/// <param name="Frame">What every page of the dashboard needs.</param>
public sealed record AddSourcesModel(
    IReadOnlyList<Category> Categories, string Entered, long? CategoryId, IReadOnlyList<LookedAtAddress> Looked, IReadOnlyList<AddedAddress> Report,
    string? Problem, DashboardFrame Frame);
