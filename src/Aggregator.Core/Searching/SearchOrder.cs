namespace Aggregator.Core.Searching;

/// <summary>The order of what was found.</summary>
public enum SearchOrder
{
    /// <summary>The newest first.</summary>
    Newest,

    /// <summary>What has the words in its title first, then the newest.</summary>
    Relevance,
}
