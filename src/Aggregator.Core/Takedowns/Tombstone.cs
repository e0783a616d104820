namespace Aggregator.Core.Takedowns;

/// <summary>What is left of an article that was taken down: the fact, and when. All times are UTC.</summary>
/// <param name="EntryId">The article.</param>
/// <param name="IsLegal">Whether a law or an order was the reason: 451 (RFC 7725) instead of 410.</param>
/// <param name="RemovedAt">When it was taken down.</param>
/// <param name="PurgeAt">Until when it can be undone; after that the text is deleted for good.</param>
/// <param name="PurgedAt">When the text was deleted; null before.</param>
public sealed record Tombstone(long EntryId, bool IsLegal, DateTimeOffset RemovedAt, DateTimeOffset PurgeAt, DateTimeOffset? PurgedAt)
{
    /// <summary>How long feeds tell readers of it.</summary>
    public static readonly TimeSpan Published = TimeSpan.FromDays(30);

    /// <summary>The most that a feed tells of, newest first.</summary>
    public const int MaxPublished = 200;
}
