namespace Aggregator.Server.Browse;

/// <summary>Who may keep a page.</summary>
internal enum PageCaching
{
    /// <summary>Nobody: forms with tokens, accounts, errors.</summary>
    None,

    /// <summary>Everybody, for a minute: pages that are the same for every visitor of a language.</summary>
    Shared,
}
