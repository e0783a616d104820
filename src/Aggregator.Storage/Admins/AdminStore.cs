using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Admins;

/// <summary>The admins' accounts in the store.</summary>
internal sealed class AdminStore(Database database) : IAdminStore
{
    private const int MaxNameLength = 200;

    private const string Any = "select id from admin limit 1";

    private const string ByName = "select id, name, password_hash, created_at from admin where name_key = @key";

    private const string Insert = """
        insert into admin (name, name_key, password_hash, created_at) values (@name, @key, @hash, @now)
        on conflict (name_key) do nothing
        """;

    private const string SetPassword = "update admin set password_hash = @hash where name_key = @key";

    /// <inheritdoc />
    public Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(AnyAsync, cancellationToken);

    /// <inheritdoc />
    public Task<Admin?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return database.ReadAsync(
            async session => await session.FindAsync<AdminRow>(ByName, new { key = KeyOf(name) }) is { } row
                ? new Admin(row.Id, row.Name, row.PasswordHash, UnixTime.FromMilliseconds(row.CreatedAt))
                : null,
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SaveAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = Account(name, passwordHash, now);

        // Alone, as the first account is made: a name that is being saved must not slip past its look.
        return database.WriteAloneAsync(
            async session =>
            {
                if (await session.ExecuteAsync(Insert, account) == 1) return true;
                await session.ExecuteAsync(SetPassword, account);
                return false;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> AddFirstAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = Account(name, passwordHash, now);
        return database.WriteAloneAsync(
            async session => !await AnyAsync(session) && await session.ExecuteAsync(Insert, account) == 1, cancellationToken);
    }

    private static async Task<bool> AnyAsync(StoreSession session) => await session.FindAsync<long?>(Any) is not null;

    private static object Account(string name, string passwordHash, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxNameLength, nameof(name));
        ArgumentException.ThrowIfNullOrEmpty(passwordHash);
        return new { name = StorableText.Of(name), key = KeyOf(name), hash = StorableText.Of(passwordHash), now = now.ToUnixTimeMilliseconds() };
    }

    private static string KeyOf(string name) => StorableText.Of(name).ToUpperInvariant();

    private sealed record AdminRow
    {
        public required long Id { get; init; }
        public required string Name { get; init; }
        public required string PasswordHash { get; init; }
        public required long CreatedAt { get; init; }
    }
}
