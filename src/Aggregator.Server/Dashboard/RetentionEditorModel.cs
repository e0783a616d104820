using Aggregator.Server.Retention;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of one retention shows.</summary>
/// <param name="State">What is said, and by whom.</param>
/// <param name="Draft">What the form holds.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="Frame">What every page of the dashboard needs.</param>
public sealed record RetentionEditorModel(RetentionState State, RetentionDraft Draft, string? Notice, string? Problem, DashboardFrame Frame);
