namespace Aggregator.Core.Publishing;

/// <summary>Our own few words in a feed.</summary>
/// <param name="Source">What stands before a source's name, with its colon.</param>
/// <param name="SnapshotTaken">What stands before the snapshot time.</param>
/// <param name="Snapshot">What a link to the snapshot is called.</param>
/// <param name="Untitled">What to call an entry of which nothing else can be said.</param>
internal sealed record FeedWords(string Source, string SnapshotTaken, string Snapshot, string Untitled)
{
    private static readonly FeedWords Chinese = new("来源：", "快照时间", "快照", "无标题");
    private static readonly FeedWords English = new("Source: ", "snapshot taken", "Snapshot", "Untitled");

    /// <summary>The words in a language (BCP 47): Chinese for <c>zh</c> and everything under it, else English.</summary>
    public static FeedWords In(string language) =>
        language.Equals("zh", StringComparison.OrdinalIgnoreCase) || language.StartsWith("zh-", StringComparison.OrdinalIgnoreCase)
            ? Chinese
            : English;
}
