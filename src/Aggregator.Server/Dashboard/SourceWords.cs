using Aggregator.Core.Model;
using Aggregator.Server.Resources;

namespace Aggregator.Server.Dashboard;

/// <summary>A source's state in the words and colours of the dashboard.</summary>
internal static class SourceWords
{
    /// <summary>The state's name.</summary>
    public static string StateOf(Source source, Text text) => source.State switch
    {
        SourceState.Paused => text.DashboardStatePaused,
        SourceState.Gone => text.DashboardStateGone,
        SourceState.Deleted => text.SourcesDeleted,
        _ => source.FailureCount > 0 ? text.DashboardStateFailing : text.DashboardStateActive,
    };

    /// <summary>Its class; the colours of the dashboard's labels are too faint to be read by everybody, so that only their darker ones are used.</summary>
    public static string ClassOf(Source source) => source.State switch
    {
        SourceState.Paused or SourceState.Deleted => "aggregator-label aggregator-grey",
        SourceState.Gone => "aggregator-label aggregator-amber",
        _ => source.FailureCount > 0 ? "aggregator-label aggregator-red" : "aggregator-label aggregator-green",
    };
}
