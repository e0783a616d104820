using Aggregator.Core.Stores;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of one import shows.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Report">What came of it, or null while it runs.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record ImportStateModel(ImportState State, ImportReport? Report, string DashboardPath);
