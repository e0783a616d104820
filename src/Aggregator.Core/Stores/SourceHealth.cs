namespace Aggregator.Core.Stores;

/// <summary>What may be wrong with an active source, as a filter of the admin's list.</summary>
public enum SourceHealth
{
    /// <summary>Its last fetch failed.</summary>
    Failing = 1,

    /// <summary>It answers, and has brought nothing new for <see cref="SourceFilter.SilentAfter"/>.</summary>
    Silent = 2,

    /// <summary>Its last fetch took <see cref="SourceFilter.SlowFrom"/> or longer.</summary>
    Slow = 3,
}
