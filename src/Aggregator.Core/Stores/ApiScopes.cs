namespace Aggregator.Core.Stores;

/// <summary>What an API key may be used for. The numbers are stored.</summary>
[Flags]
public enum ApiScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reading.</summary>
    Read = 1,

    /// <summary>Having sources refreshed.</summary>
    Refresh = 2,

    /// <summary>Changing sources and categories, and importing.</summary>
    Write = 4,
}
