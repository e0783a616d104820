namespace Aggregator.Server.Subscriptions;

/// <summary>What became of a subscription list.</summary>
/// <param name="Added">Sources that are new.</param>
/// <param name="Known">Sources that were there already.</param>
/// <param name="Categories">Categories that it names.</param>
/// <param name="Problems">What was refused and why, a sentence each.</param>
internal sealed record ImportReport(int Added, int Known, int Categories, IReadOnlyList<string> Problems)
{
    /// <summary>A list of which nothing could be read.</summary>
    public static ImportReport Refused(string reason) => new(0, 0, 0, [reason]);
}
