using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of our hub shows.</summary>
/// <param name="Subscriptions">This page of the subscriptions, newest first.</param>
/// <param name="Totals">All of them in numbers.</param>
/// <param name="NextBefore">The key of the next page, or null at the end.</param>
/// <param name="FailingOnly">Whether only those are listed whose last delivery failed.</param>
/// <param name="IsEnabled">Whether there is a hub.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="Token">The hidden field of the forms.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
/// <param name="Now">The moment of the request.</param>
public sealed record HubListModel(
    IReadOnlyList<SubscriberState> Subscriptions, SubscriberTotals Totals, long? NextBefore, bool FailingOnly, bool IsEnabled,
    string? Notice, string? Problem, FormToken Token, string DashboardPath, DateTimeOffset Now);
