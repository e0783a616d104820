namespace Aggregator.Core.Model;

/// <summary>How a source posts, as far as its newest document and our own memory tell.</summary>
/// <param name="TypicalGap">The median time between its newest entries, or null when it is not known.</param>
/// <param name="NewestAt">When its newest entry was published, or when it last changed; null when neither is known.</param>
public sealed record PostingRhythm(TimeSpan? TypicalGap, DateTimeOffset? NewestAt)
{
    /// <summary>Nothing known yet.</summary>
    public static PostingRhythm Unknown { get; } = new(null, null);

    /// <summary>The newest entries that are looked at: older ones tell how the source used to be.</summary>
    public const int Window = 20;

    /// <summary>Reads the rhythm from publication dates. Dates in the future count for nothing.</summary>
    public static PostingRhythm Of(IEnumerable<DateTimeOffset> publishedAt, DateTimeOffset now)
    {
        var newest = publishedAt.Where(date => date <= now).OrderDescending().Take(Window).ToArray();
        if (newest.Length < 3) return new PostingRhythm(null, newest.Length > 0 ? newest[0] : null);
        var gaps = newest.Zip(newest.Skip(1), (later, earlier) => later - earlier).Order().ToArray();
        return new PostingRhythm(gaps[gaps.Length / 2], newest[0]);
    }
}
