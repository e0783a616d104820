using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Hubs;

/// <summary>Our subscriptions at hubs in the store.</summary>
internal sealed class HubSubscriptionStore(Database database) : IHubSubscriptionStore
{
    // The states that a hub knows of: 2 requested, 3 active, 5 distrusted, 6 leaving. It has never heard of 1, and refused 4.
    private const string LeaveOthers = """
        update hub_subscription
        set state = 6, is_announced = 0, attempts = 0, next_attempt_at = @now, revision = revision + 1
        where source_id = @source_id and state in (2, 3, 5) and (hub_url <> @hub or topic_url <> @topic)
        """;

    private const string DisownOthers = """
        update hub_subscription set is_announced = 0, revision = revision + 1
        where source_id = @source_id and state = 6 and is_announced = 1 and (hub_url <> @hub or topic_url <> @topic)
        """;

    private const string ForgetOthers = """
        delete from hub_subscription
        where source_id = @source_id and state in (1, 4) and (hub_url <> @hub or topic_url <> @topic)
        """;

    private const string Own = """
        update hub_subscription set is_announced = 1, revision = revision + 1
        where source_id = @source_id and hub_url = @hub and topic_url = @topic
        """;

    private const string Insert = """
        insert into hub_subscription (source_id, hub_url, topic_url, token, secret, state, is_announced, next_attempt_at, attempts, misses, bad_signatures)
        values (@SourceId, @HubUrl, @TopicUrl, @Token, @Secret, @State, @IsAnnounced, @NextAttemptAt, @Attempts, @Misses, @BadSignatures)
        """;

    private const string NoteHub = "update source set hub_url = @hub, hub_topic = @topic where id = @source_id";

    private const string NoteLease = """
        update source
        set push_until = (select max(lease_until) from hub_subscription where source_id = @source_id and state = 3)
        where id = @source_id
          and push_until is distinct from (select max(lease_until) from hub_subscription where source_id = @source_id and state = 3)
        """;

    private const string ByToken = "select * from hub_subscription where token = @token";

    private const string BySource = "select * from hub_subscription where source_id = @source_id order by id";

    private const string Any = "select 1 from hub_subscription limit 1";

    private const string LeaveIdle = """
        update hub_subscription set state = 6, attempts = 0, next_attempt_at = @now, revision = revision + 1
        where state in (2, 3, 5) and (source_id is null or source_id in (select id from source where state <> 1))
        """;

    private const string DropIdleLeases = """
        update source set push_until = null
        where push_until is not null
          and not exists (select 1 from hub_subscription where hub_subscription.source_id = source.id and hub_subscription.state = 3)
        """;

    private const string ForgetOrphans = "delete from hub_subscription where source_id is null and state in (1, 4)";

    private const string MoveCallbacks = """
        update hub_subscription set next_attempt_at = @now, revision = revision + 1
        where state in (2, 3, 5) and callback_base <> @callback_base and next_attempt_at > @until
        """;

    private const string Claim = """
        with due as materialized (
            select id from hub_subscription
            where next_attempt_at <= @now and (state = 6 or source_id in (select id from source where state = 1))
            order by next_attempt_at limit @limit {skip locked}
        )
        update hub_subscription set next_attempt_at = @until, revision = revision + 1
        where id in (select id from due)
        returning *
        """;

    private const string Save = """
        update hub_subscription
        set revision = revision + 1, token = @Token, secret = @Secret, callback_base = @CallbackBase, state = @State,
            is_announced = @IsAnnounced, lease_until = @LeaseUntil, requested_at = @RequestedAt, verified_at = @VerifiedAt,
            last_push_at = @LastPushAt, last_ping_at = @LastPingAt, next_attempt_at = @NextAttemptAt, attempts = @Attempts,
            misses = @Misses, bad_signatures = @BadSignatures, failure = @Failure
        where id = @Id and revision = @Revision
        """;

    private const string Delete = "delete from hub_subscription where id = @Id and revision = @Revision";

    private const string ListAll = "select * from hub_subscription where state <> 1";

    private const string DropLeases = "update source set push_until = null where push_until is not null";

    /// <inheritdoc />
    public Task AnnounceAsync(long sourceId, HubSubscription? wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = wanted is null ? null : HubSubscriptionRow.From(wanted with { SourceId = sourceId });
        // An address is never empty, so that without a hub every subscription is another one's.
        var keys = new { source_id = sourceId, hub = row?.HubUrl ?? "", topic = row?.TopicUrl ?? "", now = now.ToUnixTimeMilliseconds() };
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(LeaveOthers, keys);
                await session.ExecuteAsync(DisownOthers, keys);
                await session.ExecuteAsync(ForgetOthers, keys);
                if (row is not null && await session.ExecuteAsync(Own, keys) == 0) await session.ExecuteAsync(Insert, row);
                await session.ExecuteAsync(NoteHub, new { source_id = sourceId, hub = row?.HubUrl, topic = row?.TopicUrl });
                return await session.ExecuteAsync(NoteLease, new { source_id = sourceId });
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<HubSubscription?> FindByTokenAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return database.ReadAsync(
            async session => (await session.FindAsync<HubSubscriptionRow>(ByToken, new { token = StorableText.Of(token) }))?.ToSubscription(),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<HubSubscription>> FindBySourceAsync(long sourceId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<HubSubscription>>(
            async session => [.. (await session.ListAsync<HubSubscriptionRow>(BySource, new { source_id = sourceId })).Select(row => row.ToSubscription())],
            cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<HubSubscription>> ClaimDueAsync(
        string callbackBase, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(callbackBase);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        // Most stores know no hub, and need not wait for the writers' gate every minute.
        if (await database.ReadAsync(session => session.FindAsync<int?>(Any), cancellationToken) is null) return [];

        var claim = new
        {
            callback_base = StorableText.Of(callbackBase),
            now = now.ToUnixTimeMilliseconds(),
            until = until.ToUnixTimeMilliseconds(),
            limit,
        };
        return await database.WriteAsync<IReadOnlyList<HubSubscription>>(
            async session =>
            {
                if (await session.ExecuteAsync(LeaveIdle, claim) > 0) await session.ExecuteAsync(DropIdleLeases);
                await session.ExecuteAsync(ForgetOrphans);
                await session.ExecuteAsync(MoveCallbacks, claim);
                return [.. (await session.ListAsync<HubSubscriptionRow>(Claim, claim)).OrderBy(row => row.Id).Select(row => row.ToSubscription())];
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SaveAsync(HubSubscription subscription, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return ChangeAsync(Save, HubSubscriptionRow.From(subscription), cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(HubSubscription subscription, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return ChangeAsync(Delete, HubSubscriptionRow.From(subscription), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<int> StandDownAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await database.ReadAsync(session => session.ListAsync<HubSubscriptionRow>(ListAll), cancellationToken)).Count == 0) return 0;
        return await database.WriteAsync(
            async session =>
            {
                var rows = await session.ListAsync<HubSubscriptionRow>(ListAll);
                foreach (var subscription in rows.Select(row => row.ToSubscription()))
                {
                    if (subscription is { SourceId: { } source, IsAnnounced: true })
                        await session.ExecuteAsync(Save, HubSubscriptionRow.From(
                            HubSubscription.New(source, subscription.HubUrl, subscription.TopicUrl, now) with { Id = subscription.Id, Revision = subscription.Revision }));
                    else
                        await session.ExecuteAsync(Delete, HubSubscriptionRow.From(subscription));
                }

                await session.ExecuteAsync(DropLeases);
                return rows.Count;
            },
            cancellationToken);
    }

    private Task<bool> ChangeAsync(string statement, HubSubscriptionRow row, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.ExecuteAsync(statement, row) == 0) return false;
                if (row.SourceId is { } source) await session.ExecuteAsync(NoteLease, new { source_id = source });
                return true;
            },
            cancellationToken);
}
