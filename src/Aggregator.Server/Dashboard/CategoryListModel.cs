using Aggregator.Core.Model;
using Aggregator.Server.Accounts;
using Aggregator.Server.Categories;

namespace Aggregator.Server.Dashboard;

/// <summary>What the list of categories shows.</summary>
/// <param name="Categories">All of them, in the order of lists.</param>
/// <param name="SourceCounts">How many sources each has.</param>
/// <param name="Draft">What a new one begins with, or what was refused.</param>
/// <param name="Problems">Why it was refused.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Token">The token of its forms.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record CategoryListModel(
    IReadOnlyList<Category> Categories, IReadOnlyDictionary<long, int> SourceCounts, CategoryDraft Draft, IReadOnlyList<CategoryProblem> Problems,
    string? Notice, FormToken Token, string DashboardPath);
