using Aggregator.Core.Model;
using Aggregator.Server.Accounts;
using Aggregator.Server.Categories;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of one category shows.</summary>
/// <param name="Category">It.</param>
/// <param name="OldSlugs">The slugs that it once had.</param>
/// <param name="SourceCount">How many sources it has.</param>
/// <param name="Draft">What the form holds.</param>
/// <param name="Problems">Why the last change was refused.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Token">The token of its forms.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record CategoryEditorModel(
    Category Category, IReadOnlyList<string> OldSlugs, int SourceCount, CategoryDraft Draft, IReadOnlyList<CategoryProblem> Problems,
    string? Notice, FormToken Token, string DashboardPath);
