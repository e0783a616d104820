using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Admins;

/// <summary>The API keys in the store.</summary>
internal sealed class ApiKeyStore(Database database) : IApiKeyStore
{
    private const string Columns = $"""
        api_key.id, api_key.name, api_key.hint, api_key.scopes, api_key.created_at, api_key.expires_at, api_key.last_used_at, {AdminRow.Columns}
        """;

    private const string ByHash = $"""
        select {Columns} from api_key join admin on admin.id = api_key.admin_id
        where api_key.token_hash = @tokenHash and (api_key.expires_at is null or api_key.expires_at > @now) and admin.disabled_at is null
        """;

    private const string OfAdmin = $"""
        select {Columns} from api_key join admin on admin.id = api_key.admin_id
        where api_key.admin_id = @adminId order by api_key.id desc limit @limit
        """;

    private const string Count = "select count(*) from api_key where admin_id = @AdminId";

    private const string Insert = """
        insert into api_key (token_hash, hint, name, admin_id, scopes, created_at, expires_at)
        values (@TokenHash, @Hint, @Name, @AdminId, @Scopes, @Now, @ExpiresAt) returning id
        """;

    private const string Touch = "update api_key set last_used_at = @now where id = @keyId and (last_used_at is null or last_used_at < @now)";
    private const string Revoke = "delete from api_key where id = @keyId and admin_id = @adminId";
    private const string RevokeAll = "delete from api_key where admin_id = @adminId";

    /// <inheritdoc />
    public Task<long?> AddAsync(NewApiKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(key.Name, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Name.Length, IApiKeyStore.MaxNameLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfEqual((int)key.Scopes, (int)ApiScopes.None, nameof(key));
        var row = new
        {
            key.TokenHash,
            Hint = StorableText.Of(key.Hint),
            Name = StorableText.Of(key.Name),
            key.AdminId,
            Scopes = (int)key.Scopes,
            Now = now.ToUnixTimeMilliseconds(),
            ExpiresAt = UnixTime.ToMilliseconds(key.ExpiresAt),
        };
        return database.WriteAloneAsync(
            async session => await session.FindAsync<long>(Count, row) < IApiKeyStore.MaxPerAccount ? await session.FindAsync<long?>(Insert, row) : null, cancellationToken);
    }

    /// <inheritdoc />
    public Task<ApiKey?> FindAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<KeyRow>(ByHash, new { tokenHash, now = now.ToUnixTimeMilliseconds() }))?.ToKey(), cancellationToken);

    /// <inheritdoc />
    public Task TouchAsync(long keyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(Touch, new { keyId, now = now.ToUnixTimeMilliseconds() }), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ApiKey>> ListAsync(long adminId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ApiKey>>(
            async session => [.. (await session.ListAsync<KeyRow>(OfAdmin, new { adminId, limit = IApiKeyStore.MaxPerAccount })).Select(row => row.ToKey())],
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> RevokeAsync(long keyId, long adminId, CancellationToken cancellationToken) =>
        database.WriteAsync(async session => await session.ExecuteAsync(Revoke, new { keyId, adminId }) == 1, cancellationToken);

    /// <inheritdoc />
    public Task<int> RevokeAllAsync(long adminId, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(RevokeAll, new { adminId }), cancellationToken);

    private sealed record KeyRow : AdminRow
    {
        public required long Id { get; init; }
        public required string Name { get; init; }
        public required string Hint { get; init; }
        public required int Scopes { get; init; }
        public required long CreatedAt { get; init; }
        public long? ExpiresAt { get; init; }
        public long? LastUsedAt { get; init; }

        public ApiKey ToKey() => new(
            Id, ToAdmin(), Name, Hint, (ApiScopes)Scopes, UnixTime.FromMilliseconds(CreatedAt),
            UnixTime.FromMilliseconds(ExpiresAt), UnixTime.FromMilliseconds(LastUsedAt));
    }
}
