using Aggregator.Core.Stores;

namespace Aggregator.Server.Accounts;

/// <summary>What an account's owner sees of it.</summary>
public sealed record OwnAccountModel
{
    /// <summary>The account.</summary>
    public required Admin Account { get; init; }

    /// <summary>Where it is signed in, last used first.</summary>
    public required IReadOnlyList<SignedInSession> Sessions { get; init; }

    /// <summary>The number of the session that looks.</summary>
    public required long? CurrentSession { get; init; }

    /// <summary>Its API keys, newest first.</summary>
    public required IReadOnlyList<ApiKey> Keys { get; init; }

    /// <summary>The key that was just made, to be shown this once, or null.</summary>
    public string? NewKey { get; init; }

    /// <summary>What the last action did, or null.</summary>
    public string? Notice { get; init; }

    /// <summary>Why the last action was refused, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>The hidden field of forms.</summary>
    public required FormToken Token { get; init; }

    /// <summary>Where the dashboard lies.</summary>
    public required string DashboardPath { get; init; }

    /// <summary>The moment of the request: what has expired.</summary>
    public required DateTimeOffset Now { get; init; }
}
