namespace Aggregator.Core.Stores;

/// <summary>In which order an admin's list shows sources.</summary>
public enum SourceOrder
{
    /// <summary>By title, in the order of code points.</summary>
    Title,

    /// <summary>By the time of the next fetch, soonest first; only active sources have one.</summary>
    NextFetch,

    /// <summary>By the last success, longest ago first; those that never succeeded come before all.</summary>
    LastSuccess,

    /// <summary>By failures in a row, most first; only sources that failed.</summary>
    Failures,

    /// <summary>By when it was added, newest first.</summary>
    Newest,
}
