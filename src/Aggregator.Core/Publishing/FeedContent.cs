namespace Aggregator.Core.Publishing;

/// <summary>How much of each entry a feed holds.</summary>
public enum FeedContent
{
    /// <summary>All that we publish of it.</summary>
    Full,

    /// <summary>Its summary.</summary>
    Summary,

    /// <summary>Title, links, dates and where it is from.</summary>
    None,
}
