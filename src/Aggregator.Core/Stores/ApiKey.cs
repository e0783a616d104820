namespace Aggregator.Core.Stores;

/// <summary>A key with which a program uses the API in an account's name; the key itself is nowhere. All times are UTC.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Admin">Whose it is; it may never do more than its account.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Hint">The key's first characters, to tell it from others.</param>
/// <param name="Scopes">What it may be used for.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when it opens nothing, or null for never.</param>
/// <param name="LastUsedAt">When it was last used, to about a minute, or null.</param>
public sealed record ApiKey(
    long Id, Admin Admin, string Name, string Hint, ApiScopes Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);
