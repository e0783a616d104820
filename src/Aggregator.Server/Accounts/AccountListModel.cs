using Aggregator.Core.Stores;

namespace Aggregator.Server.Accounts;

/// <summary>What the list of accounts shows.</summary>
public sealed record AccountListModel
{
    /// <summary>The accounts by name.</summary>
    public required IReadOnlyList<Admin> Accounts { get; init; }

    /// <summary>Who is signed in, last used first; nobody for a viewer.</summary>
    public required IReadOnlyList<SignedInSession> Sessions { get; init; }

    /// <summary>What the last action did, or null.</summary>
    public string? Notice { get; init; }

    /// <summary>Why the last action was refused, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>The hidden field of forms.</summary>
    public required FormToken Token { get; init; }

    /// <summary>Where the dashboard lies.</summary>
    public required string DashboardPath { get; init; }

    /// <summary>The visitor's name.</summary>
    public required string Self { get; init; }
}
