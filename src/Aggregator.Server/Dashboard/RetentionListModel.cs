using Aggregator.Server.Retention;

namespace Aggregator.Server.Dashboard;

/// <summary>What the list of retentions shows.</summary>
/// <param name="Overview">Everything that is set.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record RetentionListModel(RetentionOverview Overview, string DashboardPath);
