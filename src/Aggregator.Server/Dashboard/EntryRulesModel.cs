using Aggregator.Server.Routing;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of an entry's places shows.</summary>
/// <param name="Explanation">Why it is where it is.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record EntryRulesModel(RuleExplanation Explanation, string DashboardPath);
