namespace Aggregator.Core.Stores;

/// <summary>An API key to keep.</summary>
/// <param name="TokenHash">SHA-256 of the key, which has 256 random bits and so needs no slower hash.</param>
/// <param name="Hint">Its first characters.</param>
/// <param name="Name">What its owner calls it: 1 to <see cref="IApiKeyStore.MaxNameLength"/> characters.</param>
/// <param name="AdminId">Whose it is.</param>
/// <param name="Scopes">What it may be used for; at least one thing.</param>
/// <param name="ExpiresAt">From when it opens nothing, or null for never.</param>
public sealed record NewApiKey(byte[] TokenHash, string Hint, string Name, long AdminId, ApiScopes Scopes, DateTimeOffset? ExpiresAt);
