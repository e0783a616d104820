namespace Aggregator.Core.Stores;

/// <summary>How far a topic's archive has come.</summary>
/// <param name="Position">The number of the last change of the topic; 0 before the first.</param>
/// <param name="LastPage">The newest page that is full; 0 while there is none.</param>
/// <param name="LastNumber">The last number of that page. What lies behind it, up to <paramref name="Position"/>, is the tail.</param>
public sealed record ArchivePlace(long Position, int LastPage, long LastNumber)
{
    /// <summary>Of a topic that has no archive.</summary>
    public static ArchivePlace None { get; } = new(0, 0, 0);
}
