using Aggregator.Core.Stores;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Api;

/// <summary>How far an import of a subscription list is. All times are UTC.</summary>
/// <param name="Id">Its number.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended, or null while it runs or waits.</param>
/// <param name="Done">How many sources of the list have been looked at.</param>
/// <param name="Total">How many it names; 0 until it has been read.</param>
/// <param name="Added">Sources that are new; null until it has ended.</param>
/// <param name="Known">Sources that were there already; null until it has ended.</param>
/// <param name="Refused">Sources that were refused; null until it has ended.</param>
/// <param name="Problems">What was not taken and why, a sentence each.</param>
public sealed record ImportDocument(
    long Id, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, int Done, int Total, int? Added, int? Known, int? Refused, IReadOnlyList<string> Problems)
{
    internal static ImportDocument Of(ImportState state)
    {
        var report = ImportJob.ReportOf(state);
        return new ImportDocument(
            state.Id, state.CreatedAt, state.FinishedAt, state.Done, state.Total, report?.Added, report?.Known, report?.Refused, [.. report?.Problems ?? []]);
    }
}
