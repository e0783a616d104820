namespace Aggregator.Core.Parsing;

/// <summary>Reads feeds of every dialect.</summary>
public static class FeedParser
{
    /// <summary>Grows whenever the same bytes may be read differently; stored with what was read.</summary>
    public const int Version = 1;
}
