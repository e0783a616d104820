namespace Aggregator.Core.Stores;

/// <summary>The API keys.</summary>
public interface IApiKeyStore
{
    /// <summary>The longest name of a key, in UTF-16 code units.</summary>
    const int MaxNameLength = 64;

    /// <summary>The most keys of an account.</summary>
    const int MaxPerAccount = 50;

    /// <summary>Keeps a key; its number, or null when the account has <see cref="MaxPerAccount"/> already.</summary>
    /// <exception cref="ArgumentException">The name is empty or too long, or it has no scope.</exception>
    Task<long?> AddAsync(NewApiKey key, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The key of that hash that has not expired and whose account is let in, or null.</summary>
    Task<ApiKey?> FindAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes that a key was used.</summary>
    Task TouchAsync(long keyId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>An account's keys, newest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(long adminId, CancellationToken cancellationToken);

    /// <summary>Revokes a key of an account. False when there is none.</summary>
    Task<bool> RevokeAsync(long keyId, long adminId, CancellationToken cancellationToken);

    /// <summary>Revokes all keys of an account; how many there were.</summary>
    Task<int> RevokeAllAsync(long adminId, CancellationToken cancellationToken);
}
