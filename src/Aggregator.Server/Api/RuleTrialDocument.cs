using Aggregator.Server.Routing;

namespace Aggregator.Server.Api;

/// <summary>What rules would do with the newest entries.</summary>
/// <param name="Entries">How many entries were looked at.</param>
/// <param name="Hits">Those that a rule holds for, newest first.</param>
public sealed record RuleTrialDocument(int Entries, IReadOnlyList<RuleTrialDocument.HitDocument> Hits)
{
    internal static RuleTrialDocument Of(RuleTrial trial) => new(
        trial.Entries,
        [
            .. trial.Hits.Select(static hit => new HitDocument(
                hit.Entry.Id, hit.Entry.Entry.Title ?? "", hit.Outcome.DroppedBy is not null, [.. hit.Outcome.Slugs], [.. hit.Outcome.Tags],
                [.. hit.Outcome.Applied.Select(static rule => rule.ToString())])),
        ]);

    /// <summary>One entry that a rule holds for.</summary>
    /// <param name="Entry">Its number.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="IsDropped">Whether it would be dropped.</param>
    /// <param name="Categories">The slugs of the categories that it would be put into.</param>
    /// <param name="Tags">The tags that it would be given.</param>
    /// <param name="Rules">The rules that hold.</param>
    public sealed record HitDocument(
        long Entry, string Title, bool IsDropped, IReadOnlyList<string> Categories, IReadOnlyList<string> Tags, IReadOnlyList<string> Rules);
}
