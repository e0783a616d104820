using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Stories;

namespace Aggregator.Server.Dashboard;

/// <summary>What the list of stories shows.</summary>
/// <param name="Stories">This page of them, with all their entries.</param>
/// <param name="Next">The key of the next page, or null at the end.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="Token">What the forms carry against forged requests.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record StoryListModel(
    IReadOnlyList<StoryList> Stories, PageKey? Next, string? Notice, string? Problem, FormToken Token, string DashboardPath);
