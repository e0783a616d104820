using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Admins;

/// <summary>Who is signed in, in the store.</summary>
internal sealed class SessionStore(Database database) : ISessionStore
{
    private const string Columns = $"admin_session.id, admin_session.created_at, admin_session.seen_at, admin_session.network, admin_session.agent, {AdminRow.Columns}";

    private const string ByHash = $"""
        select {Columns} from admin_session join admin on admin.id = admin_session.admin_id
        where admin_session.token_hash = @tokenHash and admin_session.seen_at > @since and admin.disabled_at is null
        """;

    private const string Newest = $"""
        select {Columns} from admin_session join admin on admin.id = admin_session.admin_id
        where admin_session.seen_at > @since order by admin_session.seen_at desc, admin_session.id desc limit @limit
        """;

    private const string NewestOfAdmin = $"""
        select {Columns} from admin_session join admin on admin.id = admin_session.admin_id
        where admin_session.admin_id = @adminId and admin_session.seen_at > @since order by admin_session.seen_at desc, admin_session.id desc limit @limit
        """;

    private const string Forget = "delete from admin_session where seen_at <= @since";

    private const string ForgetSurplus = """
        delete from admin_session where admin_id = @adminId and id not in
            (select id from admin_session where admin_id = @adminId order by seen_at desc, id desc limit @kept)
        """;

    private const string Insert = """
        insert into admin_session (token_hash, admin_id, created_at, seen_at, network, agent)
        values (@tokenHash, @adminId, @now, @now, @network, @agent) returning id
        """;

    private const string Touch = "update admin_session set seen_at = @now where id = @sessionId and seen_at < @now";
    private const string End = "delete from admin_session where id = @sessionId";
    private const string EndOfAdmin = "delete from admin_session where id = @sessionId and admin_id = @adminId";
    private const string EndOthers = "delete from admin_session where admin_id = @adminId and id <> @kept";

    private const string FromNetwork = """
        select admin_session.id from admin_session join admin on admin.id = admin_session.admin_id
        where admin.name_key = @key and admin_session.network = @network limit 1
        """;

    /// <inheritdoc />
    public Task<long> OpenAsync(
        byte[] tokenHash, long adminId, string network, string? agent, DateTimeOffset unusedSince, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokenHash);
        ArgumentNullException.ThrowIfNull(network);
        var named = agent is { Length: > ISessionStore.MaxAgentLength } ? agent[..ISessionStore.MaxAgentLength] : agent;
        var row = new
        {
            tokenHash,
            adminId,
            now = now.ToUnixTimeMilliseconds(),
            since = unusedSince.ToUnixTimeMilliseconds(),
            network = StorableText.Of(network),
            agent = StorableText.Of(named),
            kept = ISessionStore.MaxPerAccount - 1,
        };
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Forget, row);
                await session.ExecuteAsync(ForgetSurplus, row);
                return await session.FindAsync<long>(Insert, row);
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<SignedInSession?> FindAsync(byte[] tokenHash, DateTimeOffset unusedSince, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<SessionRow>(ByHash, new { tokenHash, since = unusedSince.ToUnixTimeMilliseconds() }))?.ToSession(), cancellationToken);

    /// <inheritdoc />
    public Task TouchAsync(long sessionId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(Touch, new { sessionId, now = now.ToUnixTimeMilliseconds() }), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<SignedInSession>> ListAsync(long? adminId, DateTimeOffset unusedSince, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SignedInSession>>(
            async session => [.. (await session.ListAsync<SessionRow>(
                adminId is null ? Newest : NewestOfAdmin, new { adminId = adminId ?? 0, since = unusedSince.ToUnixTimeMilliseconds(), limit })).Select(row => row.ToSession())],
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> EndAsync(long sessionId, long? adminId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session => await session.ExecuteAsync(adminId is null ? End : EndOfAdmin, new { sessionId, adminId = adminId ?? 0 }) == 1, cancellationToken);

    /// <inheritdoc />
    public Task<int> EndOthersAsync(long adminId, long? keptSessionId, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(EndOthers, new { adminId, kept = keptSessionId ?? 0 }), cancellationToken);

    /// <inheritdoc />
    public Task<bool> KnowsNetworkAsync(string name, string network, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => await session.FindAsync<long?>(FromNetwork, new { key = AdminStore.KeyOf(name), network }) is not null, cancellationToken);

    private sealed record SessionRow : AdminRow
    {
        public required long Id { get; init; }
        public required long CreatedAt { get; init; }
        public required long SeenAt { get; init; }
        public required string Network { get; init; }
        public string? Agent { get; init; }

        public SignedInSession ToSession() =>
            new(Id, ToAdmin(), UnixTime.FromMilliseconds(CreatedAt), UnixTime.FromMilliseconds(SeenAt), Network, Agent);
    }
}
