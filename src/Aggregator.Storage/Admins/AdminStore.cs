using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Admins;

/// <summary>The admins' accounts in the store.</summary>
internal sealed class AdminStore(Database database) : IAdminStore
{
    private const int MaxNameLength = 200;

    private const string Any = "select id from admin limit 1";

    private const string ByName = $"select {AdminRow.Columns} from admin where name_key = @key";

    private const string All = $"select {AdminRow.Columns} from admin order by name_key limit @limit";

    private const string Insert = """
        insert into admin (name, name_key, password_hash, role, created_at) values (@name, @key, @hash, @role, @now)
        on conflict (name_key) do nothing
        """;

    private const string SetPassword = "update admin set password_hash = @hash where name_key = @key";

    private const string Rehash = "update admin set password_hash = @newHash where id = @adminId and password_hash = @oldHash";

    private const string EndSessions = "delete from admin_session where admin_id in (select id from admin where name_key = @key)";

    private const string OtherAdmin = "select id from admin where name_key <> @key and role = 1 and disabled_at is null limit 1";

    private const string ByExternalId = $"select {AdminRow.Columns} from admin where external_id = @id";

    private const string SetExternalId = "update admin set external_id = @id where name_key = @key";

    private const string SetRole = "update admin set role = @role where name_key = @key";

    private const string SetDisabled = "update admin set disabled_at = @at where name_key = @key";

    /// <inheritdoc />
    public Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(AnyAsync, cancellationToken);

    /// <inheritdoc />
    public Task<Admin?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return database.ReadAsync(async session => (await session.FindAsync<AdminRow>(ByName, new { key = KeyOf(name) }))?.ToAdmin(), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Admin>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Admin>>(
            async session => [.. (await session.ListAsync<AdminRow>(All, new { limit = IAdminStore.MaxListed })).Select(row => row.ToAdmin())],
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> SaveAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = Account(name, passwordHash, AccountRole.Admin, now);

        // Alone, as the first account is made: a name that is being saved must not slip past its look.
        return database.WriteAloneAsync(
            async session =>
            {
                if (await session.ExecuteAsync(Insert, account) == 1) return true;
                await session.ExecuteAsync(SetPassword, account);
                await session.ExecuteAsync(EndSessions, account);
                return false;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> AddAsync(string name, string passwordHash, AccountRole role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = Account(name, passwordHash, role, now);
        return database.WriteAloneAsync(async session => await session.ExecuteAsync(Insert, account) == 1, cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> AddFirstAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = Account(name, passwordHash, AccountRole.Admin, now);
        return database.WriteAloneAsync(
            async session => !await AnyAsync(session) && await session.ExecuteAsync(Insert, account) == 1, cancellationToken);
    }

    /// <inheritdoc />
    public Task RehashAsync(long adminId, string oldHash, string newHash, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(Rehash, new { adminId, oldHash, newHash }), cancellationToken);

    /// <inheritdoc />
    public Task<Admin?> FindExternalAsync(string externalId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(externalId);
        return database.ReadAsync(
            async session => (await session.FindAsync<AdminRow>(ByExternalId, new { id = StorableText.Of(externalId) }))?.ToAdmin(), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ExternalAccount> SignInExternalAsync(
        ExternalIdentity identity, string passwordHash, bool linkByName, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentException.ThrowIfNullOrWhiteSpace(identity.Issuer, nameof(identity));
        ArgumentException.ThrowIfNullOrWhiteSpace(identity.Subject, nameof(identity));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(identity.Id.Length, ExternalIdentity.MaxIdLength, nameof(identity));
        var account = Account(identity.Name, passwordHash, identity.Role, now);
        var id = StorableText.Of(identity.Id);

        // Alone, as accounts are made: two sign-ins at once must not make two.
        return database.WriteAloneAsync(
            async session =>
            {
                var known = await session.FindAsync<AdminRow>(ByExternalId, new { id });
                var row = known ?? await session.FindAsync<AdminRow>(ByName, account);
                if (known is null && row is not null && (!linkByName || row.ExternalId is not null))
                    return new ExternalAccount(ExternalOutcome.NameTaken, Before: null, Now: null);
                if (row?.DisabledAt is not null) return new ExternalAccount(ExternalOutcome.Disabled, row.ToAdmin(), Now: null);

                if (row is null) await session.ExecuteAsync(Insert, account);
                if (known is null) await session.ExecuteAsync(SetExternalId, new { id, key = KeyOf(identity.Name) });
                if (row is not null && row.Role != (int)identity.Role)
                    await session.ExecuteAsync(SetRole, new { key = KeyOf(row.AdminName), role = (int)identity.Role });
                return new ExternalAccount(
                    known is not null ? ExternalOutcome.Known : row is not null ? ExternalOutcome.Linked : ExternalOutcome.Created,
                    row?.ToAdmin(), (await session.FindAsync<AdminRow>(ByExternalId, new { id }))!.ToAdmin());
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<AccountChange> SetRoleAsync(string name, AccountRole role, CancellationToken cancellationToken) =>
        ChangeAsync(name, role == AccountRole.Admin, session => session.ExecuteAsync(SetRole, new { key = KeyOf(name), role = (int)role }), cancellationToken);

    /// <inheritdoc />
    public Task<AccountChange> SetDisabledAsync(string name, DateTimeOffset? disabledAt, CancellationToken cancellationToken) =>
        ChangeAsync(
            name, disabledAt is null,
            async session =>
            {
                await session.ExecuteAsync(SetDisabled, new { key = KeyOf(name), at = UnixTime.ToMilliseconds(disabledAt) });
                if (disabledAt is not null) await session.ExecuteAsync(EndSessions, new { key = KeyOf(name) });
                return 1;
            },
            cancellationToken);

    /// <summary>Changes an account, unless it is the last admin who is let in and would be one no longer. Alone, for two admins could disable each other.</summary>
    private Task<AccountChange> ChangeAsync(string name, bool staysAdmin, Func<StoreSession, Task<int>> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = KeyOf(name);
        return database.WriteAloneAsync(
            async session =>
            {
                if (await session.FindAsync<AdminRow>(ByName, new { key }) is not { } row) return AccountChange.NotFound;
                var isAdmin = row.Role == (int)AccountRole.Admin && row.DisabledAt is null;
                if (isAdmin && !staysAdmin && await session.FindAsync<long?>(OtherAdmin, new { key }) is null) return AccountChange.LastAdmin;
                await change(session);
                return AccountChange.Done;
            },
            cancellationToken);
    }

    private static async Task<bool> AnyAsync(StoreSession session) => await session.FindAsync<long?>(Any) is not null;

    private static object Account(string name, string passwordHash, AccountRole role, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxNameLength, nameof(name));
        ArgumentException.ThrowIfNullOrEmpty(passwordHash);
        return new { name = StorableText.Of(name), key = KeyOf(name), hash = StorableText.Of(passwordHash), role = (int)role, now = now.ToUnixTimeMilliseconds() };
    }

    internal static string KeyOf(string name) => StorableText.Of(name).ToUpperInvariant();
}
