using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of subscription lists shows.</summary>
/// <param name="Imports">The last imports, newest first.</param>
/// <param name="Categories">The categories that can be exported by themselves.</param>
/// <param name="Problem">Why the last list was refused, or null.</param>
/// <param name="EnteredUrl">The address that was entered, when it was refused.</param>
/// <param name="Token">The token of its forms.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record ImportModel(
    IReadOnlyList<ImportState> Imports, IReadOnlyList<Category> Categories, string? Problem, string? EnteredUrl, FormToken Token, string DashboardPath);
