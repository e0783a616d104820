using Aggregator.Core.Takedowns;

namespace Aggregator.Server.Dashboard;

/// <summary>What the list of take-down requests shows.</summary>
/// <param name="Open">Those that wait, newest first.</param>
/// <param name="Decided">This page of those that are decided.</param>
/// <param name="NextBefore">The key of the next page of decided ones, or null at the end.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="FormTokenName">The name of the hidden field against forged requests.</param>
/// <param name="FormToken">Its value.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
/// <param name="Now">The moment of the request: what can still be undone.</param>
public sealed record TakedownListModel(
    IReadOnlyList<TakedownRequest> Open, IReadOnlyList<TakedownRequest> Decided, long? NextBefore, string? Notice, string? Problem,
    string FormTokenName, string FormToken, string DashboardPath, DateTimeOffset Now);
