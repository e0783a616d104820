using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Hubs;

/// <summary>The subscriptions of others at our hub in the store.</summary>
internal sealed class SubscriberStore(Database database, ISecretSealer sealer) : ISubscriberStore
{
    /// <summary>How long a request is kept that nobody got to.</summary>
    private static readonly TimeSpan IntentsKept = TimeSpan.FromDays(1);

    private const string Renews = """
        select count(*) from hub_subscriber
        where topic_id = (select id from hub_topic where url = @topic) and callback_id = (select id from hub_callback where url = @callback)
        """;

    private const string CountAll = """
        select (select count(*) from hub_subscriber) + (select count(*) from hub_intent where mode = 1)
        """;

    private const string CountOfHost = """
        select (select count(*) from hub_subscriber join hub_callback on hub_callback.id = hub_subscriber.callback_id where hub_callback.host = @host)
             + (select count(*) from hub_intent where host = @host and mode = 1)
        """;

    private const string CountOfClient = """
        select (select count(*) from hub_subscriber where client = @client) + (select count(*) from hub_intent where client = @client and mode = 1)
        """;

    private const string CountSearches = "select count(*) from hub_topic where kind in (4, 5) and url <> @topic";

    private const string KeepTopic = """
        insert into hub_topic (url, kind, topic_id, query, format, sealed_url, selection_id)
        values (@topic, @kind, @about, @query, @format, @sealed_url, (select id from selection where token_hash = @token_hash))
        on conflict (url) do update
        set kind = excluded.kind, topic_id = excluded.topic_id, query = excluded.query, format = excluded.format,
            sealed_url = excluded.sealed_url, selection_id = excluded.selection_id
        returning id
        """;

    private const string ForgetIntent = "delete from hub_intent where topic_id = @topic_id and callback = @callback";

    // Another number than the older one had: what came of that is of no consequence any more.
    private const string KeepIntent = """
        insert into hub_intent (topic_id, callback, host, mode, secret, lease, client, reason, asked_at, due_at)
        values (@topic_id, @callback, @host, @mode, @secret, @lease, @client, @reason, @now, @now)
        """;

    private const string TopicOfSubscriber = """
        select hub_subscriber.topic_id from hub_subscriber
        where topic_id = (select id from hub_topic where url in (@topic, @hash)) and callback_id = (select id from hub_callback where url = @callback)
        """;

    private const string AnyIntent = "select 1 from hub_intent where due_at <= @now limit 1";

    private const string ClaimIntents = """
        with due as materialized (
            select id from hub_intent where due_at <= @now order by due_at, id limit @limit {skip locked}
        )
        update hub_intent set claim_owner = @owner, due_at = @until
        where id in (select id from due)
        returning id
        """;

    private const string DropIntent = "delete from hub_intent where id = @id and claim_owner = @owner";

    private const string KeepCallback = """
        insert into hub_callback (url, host, failures) values (@callback, @host, 0)
        on conflict (url) do update set host = excluded.host, failures = 0, open_until = null
        returning id
        """;

    private const string TopicByUrl = "select id from hub_topic where url = @topic";

    // A renewal goes on where it was; whoever had failed has just answered, and is tried at once.
    private const string Subscribe = """
        insert into hub_subscriber (topic_id, callback_id, secret, client, created_at, lease_until, position, target, attempts, delivered)
        values (@topic_id, @callback_id, @secret, @client, @now, @lease_until, @position, @position, 0, 0)
        on conflict (topic_id, callback_id) do update
        set secret = excluded.secret, client = excluded.client, lease_until = excluded.lease_until, attempts = 0, failure = null,
            due_at = case when hub_subscriber.due_at is not null and hub_subscriber.claim_owner is null then @now else hub_subscriber.due_at end
        """;

    private const string Unsubscribe = """
        delete from hub_subscriber
        where topic_id = @topic_id and callback_id = (select id from hub_callback where url = @callback)
        """;

    // Only a condition that the partial index has; retries and others are told apart behind it.
    private const string AnyDue = "select 1 from hub_subscriber where due_at is not null and due_at <= @now limit 1";

    internal const string ClaimDue = """
        with due as materialized (
            select id from hub_subscriber
            where due_at is not null and due_at <= @now and lease_until > @now
              and case when attempts > 0 then 1 else 0 end = @retries
              and not exists (select 1 from hub_callback where hub_callback.id = hub_subscriber.callback_id and open_until > @now)
            order by due_at limit @limit {skip locked}
        )
        update hub_subscriber set claim_owner = @owner, due_at = @until
        where id in (select id from due)
        returning id
        """;

    private const string Claimed = $$"""
        select {{SubscriberRow.Columns}} from {{SubscriberRow.Tables}} where hub_subscriber.id {any @ids} order by hub_subscriber.id
        """;

    private const string ChangesBetween = "select id, entry_id from hub_change where id > @position and id <= @target";

    private const string OfCategory = $"""
        {ChangesBetween}
          and (exists (select 1 from category_entry where category_entry.entry_id = hub_change.entry_id and category_id = @topic)
               or (snapshot_id < 0
                   and exists (select 1 from tombstone_category where tombstone_category.entry_id = hub_change.entry_id and category_id = @topic)))
        order by id limit @limit
        """;

    private const string OfSource = $"""
        {ChangesBetween}
          and (exists (select 1 from entry where entry.id = hub_change.entry_id and source_id = @topic)
               or (snapshot_id < 0 and exists (select 1 from tombstone where tombstone.entry_id = hub_change.entry_id and source_id = @topic)))
        order by id limit @limit
        """;

    private const string OfSelection = $"""
        {ChangesBetween}
          and (exists (select 1 from category_entry join selection_topic on selection_topic.category_id = category_entry.category_id
                       where category_entry.entry_id = hub_change.entry_id
                         and selection_topic.selection_id = (select id from selection where token_hash = @token_hash))
               or exists (select 1 from entry join selection_topic on selection_topic.source_id = entry.source_id
                          where entry.id = hub_change.entry_id
                            and selection_topic.selection_id = (select id from selection where token_hash = @token_hash)))
        order by id limit @limit
        """;

    private const string OfEverything = $"{ChangesBetween} order by id limit @limit";

    // The target may have risen since the claim.
    private const string Delivered = """
        update hub_subscriber
        set claim_owner = null, position = @position, attempts = 0, failure = null,
            due_at = case when target > @position then @now else null end,
            behind_since = case when target > @position then @now else null end,
            delivered = delivered + @sent,
            last_delivery_at = case when @sent = 1 then @now else last_delivery_at end,
            status = null
        where id {any @ids} and claim_owner = @owner
        """;

    private const string CloseCircuits = "update hub_callback set failures = 0, open_until = null where id {any @ids} and failures > 0";

    private const string Failed = """
        update hub_subscriber set claim_owner = null, attempts = attempts + 1, due_at = @retry_at, status = @status, failure = @reason
        where id = @id and claim_owner = @owner
        """;

    private const string OpenCircuit = "update hub_callback set failures = failures + 1, open_until = @open_until where id = @callback_id";

    private const string EndClaimed = "delete from hub_subscriber where id = @id and claim_owner = @owner";

    private const string GiveBackDeliveries = "update hub_subscriber set claim_owner = null, due_at = @now where claim_owner = @owner";

    private const string GiveBackIntents = "update hub_intent set claim_owner = null, due_at = @now where claim_owner = @owner";

    private const string ReleaseDeliveries = "update hub_subscriber set claim_owner = null, due_at = @now where claim_owner is not null";

    private const string ReleaseIntents = "update hub_intent set claim_owner = null, due_at = @now where claim_owner is not null";

    private const string IsIdle = """
        select case when exists (select 1 from hub_subscriber) or exists (select 1 from hub_intent)
                      or exists (select 1 from hub_topic) or exists (select 1 from hub_change) then 0 else 1 end
        """;

    private const string EndLeases = "delete from hub_subscriber where lease_until <= @now";

    private const string ForgetIntents = "delete from hub_intent where asked_at <= @before";

    private const string ForgetCallbacks = """
        delete from hub_callback where not exists (select 1 from hub_subscriber where hub_subscriber.callback_id = hub_callback.id)
        """;

    private const string ForgetTopics = """
        delete from hub_topic
        where not exists (select 1 from hub_subscriber where hub_subscriber.topic_id = hub_topic.id)
          and not exists (select 1 from hub_intent where hub_intent.topic_id = hub_topic.id)
        """;

    private const string ForgetChanges = """
        delete from hub_change
        where noted_at < @noted_before and snapshot_id <= (select floor from hub_clock where id = 1)
          and id <= coalesce((select min(position) from hub_subscriber), (select position from hub_clock where id = 1))
        """;

    private const string IsWork = """
        select case when exists (select 1 from hub_subscriber) or exists (select 1 from hub_intent) then 1 else 0 end
        """;

    private const string ById = $"select {SubscriberRow.Columns} from {SubscriberRow.Tables} where hub_subscriber.id = @id";

    private const string IdsOfTopic = "select id from hub_subscriber where topic_id = @topic_id order by id";

    private const string Delete = "delete from hub_subscriber where id = @id";

    private const string Retry = """
        update hub_subscriber set due_at = case when target > position then @now else null end where id = @id and claim_owner is null
        """;

    private const string CloseCircuit = "update hub_callback set failures = 0, open_until = null where id = @callback_id";

    private const string ListAll = $"""
        select {SubscriberRow.Columns} from {SubscriberRow.Tables} where hub_subscriber.id < @before order by hub_subscriber.id desc limit @limit
        """;

    private const string ListFailing = $"""
        select {SubscriberRow.Columns} from {SubscriberRow.Tables}
        where hub_subscriber.id < @before and hub_subscriber.attempts > 0 order by hub_subscriber.id desc limit @limit
        """;

    private const string Totals = """
        select (select count(*) from hub_subscriber) as subscriptions,
               (select count(*) from hub_subscriber where due_at is not null) as behind,
               (select count(*) from hub_subscriber where attempts > 0) as failing,
               (select count(*) from hub_intent where mode <> 3) as waiting,
               (select min(behind_since) from hub_subscriber where due_at is not null and attempts = 0) as longest
        """;

    /// <inheritdoc />
    public Task<IntentOutcome> AskAsync(Intent intent, HubOptions limits, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        ArgumentNullException.ThrowIfNull(limits);
        var (kind, about) = TopicVersions.KeyOf(intent.Topic.Topic);
        var asked = new
        {
            topic = StoredTopic.KeyOf(intent.Topic),
            sealed_url = intent.Topic.IsSecret ? sealer.Seal(intent.Topic.Url) : null,
            token_hash = (intent.Topic.Topic as Topic.OfSelection)?.TokenHash(),
            kind,
            about,
            query = StorableText.Of((intent.Topic.Topic as Topic.OfSearch)?.Query),
            format = (int)intent.Topic.Format,
            callback = StorableText.Of(intent.Callback),
            host = StorableText.Of(intent.Host),
            client = StorableText.Of(intent.Client),
        };
        return database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<long>(Renews, asked) == 0)
                {
                    // An older request for the same is replaced, and counts for itself no more.
                    if (await session.FindAsync<long?>(TopicByUrl, asked) is { } known) await session.ExecuteAsync(ForgetIntent, new { topic_id = known, asked.callback });
                    if (await session.FindAsync<long>(CountAll) >= limits.MaxSubscriptions) return IntentOutcome.HubFull;
                    if (await session.FindAsync<long>(CountOfHost, asked) >= limits.MaxPerHost) return IntentOutcome.HostFull;
                    if (intent.Client is not null && await session.FindAsync<long>(CountOfClient, asked) >= limits.MaxPerClient) return IntentOutcome.ClientFull;
                    if (kind is 4 or 5 && await session.FindAsync<long>(CountSearches, asked) >= limits.MaxSearches) return IntentOutcome.SearchesFull;
                }

                await KeepAsync(session, intent, await session.FindAsync<long>(KeepTopic, asked), now);
                return IntentOutcome.Taken;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> AskToLeaveAsync(string topicUrl, string callback, string host, string? client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topicUrl);
        ArgumentNullException.ThrowIfNull(callback);
        return database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<long?>(TopicOfSubscriber, new { topic = StorableText.Of(topicUrl), hash = StoredTopic.HashOf(topicUrl), callback = StorableText.Of(callback) }) is not { } topicId)
                    return false;
                await KeepAsync(session, HubMode.Unsubscribe, callback, host, secret: null, TimeSpan.Zero, client, reason: null, topicId, now);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Intent>> ClaimIntentsAsync(string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var claim = new { owner = StorableText.Of(owner), now = now.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds(), limit };
        if (await database.ReadAsync(session => session.FindAsync<int?>(AnyIntent, claim), cancellationToken) is null) return [];
        return await database.WriteAsync<IReadOnlyList<Intent>>(
            async session =>
            {
                var ids = await session.ListAsync<long>(ClaimIntents, claim);
                return ids.Count == 0 ? [] : (await session.ListAsync<IntentRow>(IntentRow.Select, new { ids = database.List(ids) })).ConvertAll(row => row.ToIntent(sealer));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> ConfirmAsync(Intent intent, string owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var asked = new { id = intent.Id, owner = StorableText.Of(owner), topic = StoredTopic.KeyOf(intent.Topic), callback = StorableText.Of(intent.Callback), host = StorableText.Of(intent.Host) };
        return database.WriteAsync(
            async session =>
            {
                // What changed before belongs to nobody who comes now.
                var position = intent.Mode == HubMode.Subscribe ? (await HubChanges.NoteAsync(session, now)).Position : 0;
                if (await session.ExecuteAsync(DropIntent, asked) == 0) return false;
                if (await session.FindAsync<long?>(TopicByUrl, asked) is not { } topicId) return false;
                if (intent.Mode == HubMode.Unsubscribe)
                {
                    await session.ExecuteAsync(Unsubscribe, new { topic_id = topicId, asked.callback });
                    return true;
                }

                await session.ExecuteAsync(Subscribe, new
                {
                    topic_id = topicId,
                    callback_id = await session.FindAsync<long>(KeepCallback, asked),
                    secret = StorableText.Of(intent.Secret),
                    client = StorableText.Of(intent.Client),
                    now = now.ToUnixTimeMilliseconds(),
                    lease_until = (now + intent.Lease).ToUnixTimeMilliseconds(),
                    position,
                });
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task DropAsync(Intent intent, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return database.WriteAsync(session => session.ExecuteAsync(DropIntent, new { id = intent.Id, owner = StorableText.Of(owner) }), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<int> CollectAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var all = 0;
        while (await database.ReadAsync(session => HubChanges.IsAnyAsync(session, now), cancellationToken))
        {
            var (_, count) = await database.WriteAsync(session => HubChanges.NoteAsync(session, now), cancellationToken);
            all += count;
            if (count < HubChanges.AtOnce) break;
        }

        return all;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DueDelivery>> ClaimDueAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int limit, bool retries, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var claim = new
        {
            owner = StorableText.Of(owner),
            now = now.ToUnixTimeMilliseconds(),
            until = until.ToUnixTimeMilliseconds(),
            limit,
            retries = retries ? 1 : 0,
        };
        if (await database.ReadAsync(session => session.FindAsync<int?>(AnyDue, claim), cancellationToken) is null) return [];
        return await database.WriteAsync<IReadOnlyList<DueDelivery>>(
            async session =>
            {
                var ids = await session.ListAsync<long>(ClaimDue, claim);
                return ids.Count == 0 ? [] : (await session.ListAsync<SubscriberRow>(Claimed, new { ids = database.List(ids) })).ConvertAll(row => row.ToDelivery(now, sealer));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<TopicChanges> ChangesAsync(Topic topic, long position, long target, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var statement = topic switch { Topic.OfCategory => OfCategory, Topic.OfSource => OfSource, Topic.OfSelection => OfSelection, _ => OfEverything };
        var asked = new { position, target, topic = TopicVersions.KeyOf(topic).Id, token_hash = (topic as Topic.OfSelection)?.TokenHash(), limit };
        return database.ReadAsync(
            async session =>
            {
                var rows = await session.ListAsync<ChangeRow>(statement, asked);
                return new TopicChanges([.. rows.Select(row => row.EntryId).Distinct()], rows.Count < limit ? target : rows[^1].Id);
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task DeliveredAsync(
        IReadOnlyCollection<(DueDelivery Delivery, long Position, bool WasSent)> deliveries, string owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        var groups = deliveries.GroupBy(delivery => (delivery.Position, delivery.WasSent)).Select(group => new
        {
            ids = database.List([.. group.Select(delivery => delivery.Delivery.Id).Order()]),
            position = group.Key.Position,
            sent = group.Key.WasSent ? 1 : 0,
            now = now.ToUnixTimeMilliseconds(),
            owner = StorableText.Of(owner),
        }).ToList();
        var recovered = deliveries.Where(delivery => delivery.WasSent && delivery.Delivery.CallbackFailures > 0).Select(delivery => delivery.Delivery.CallbackId).Distinct().Order().ToList();
        return database.WriteAsync(
            async session =>
            {
                foreach (var group in groups) await session.ExecuteAsync(Delivered, group);
                if (recovered.Count > 0) await session.ExecuteAsync(CloseCircuits, new { ids = database.List(recovered) });
                return groups.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task FailedAsync(IReadOnlyCollection<DeliveryFailure> failures, string owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failures);
        var rows = failures.OrderBy(failure => failure.Id).Select(failure => new
        {
            id = failure.Id,
            owner = StorableText.Of(owner),
            ends = failure.RetryAt is null,
            retry_at = UnixTime.ToMilliseconds(failure.RetryAt),
            status = failure.Status,
            reason = StorableText.Of(Bounded(failure.Reason)),
            callback_id = failure.CallbackId,
            open_until = UnixTime.ToMilliseconds(failure.CircuitOpenUntil),
        }).ToList();
        return database.WriteAsync(
            async session =>
            {
                foreach (var row in rows) await session.ExecuteAsync(row.ends ? EndClaimed : Failed, row);
                foreach (var row in rows.Where(row => !row.ends).OrderBy(row => row.callback_id)) await session.ExecuteAsync(OpenCircuit, row);
                return rows.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task GiveBackAsync(string owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mine = new { owner = StorableText.Of(owner), now = now.ToUnixTimeMilliseconds() };
        return database.WriteAsync(
            async session => await session.ExecuteAsync(GiveBackDeliveries, mine) + await session.ExecuteAsync(GiveBackIntents, mine), cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> ReleaseAllAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = new { now = now.ToUnixTimeMilliseconds() };
        return database.WriteAsync(
            async session => await session.ExecuteAsync(ReleaseDeliveries, at) + await session.ExecuteAsync(ReleaseIntents, at), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<bool> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(session => session.FindAsync<int>(IsIdle), cancellationToken) == 1) return false;
        var at = new
        {
            now = now.ToUnixTimeMilliseconds(),
            before = (now - IntentsKept).ToUnixTimeMilliseconds(),
            noted_before = (now - (2 * HubChanges.TombstonesSince)).ToUnixTimeMilliseconds(),
        };
        return await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(EndLeases, at);
                await session.ExecuteAsync(ForgetIntents, at);
                await session.ExecuteAsync(ForgetCallbacks);
                await session.ExecuteAsync(ForgetTopics);
                await session.ExecuteAsync(ForgetChanges, at);
                return await session.FindAsync<int>(IsWork) == 1;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<SubscriberState?> EndAsync(long id, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(session => EndAsync(session, id, reason, now), cancellationToken);

    /// <inheritdoc />
    public Task<int> EndTopicAsync(long topicId, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var ids = await session.ListAsync<long>(IdsOfTopic, new { topic_id = topicId });
                foreach (var id in ids) await EndAsync(session, id, reason, now);
                return ids.Count;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<SubscriberState?> RetryAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<SubscriberRow>(ById, new { id }) is not { } row) return null;
                await session.ExecuteAsync(Retry, new { id, now = now.ToUnixTimeMilliseconds() });
                await session.ExecuteAsync(CloseCircuit, new { callback_id = row.CallbackId });
                return row.ToState(sealer);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<SubscriberState>> ListAsync(long? before, bool failingOnly, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ISubscriberStore.MaxListed);
        return database.ReadAsync<IReadOnlyList<SubscriberState>>(
            async session => (await session.ListAsync<SubscriberRow>(failingOnly ? ListFailing : ListAll, new { before = before ?? long.MaxValue, limit }))
                .ConvertAll(row => row.ToState(sealer)),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<SubscriberTotals> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var row = (await session.FindAsync<TotalsRow>(Totals))!;
                return new SubscriberTotals(row.Subscriptions, row.Behind, row.Failing, row.Waiting, UnixTime.FromMilliseconds(row.Longest));
            },
            cancellationToken);

    private async Task<SubscriberState?> EndAsync(StoreSession session, long id, string reason, DateTimeOffset now)
    {
        if (await session.FindAsync<SubscriberRow>(ById, new { id }) is not { } row) return null;
        await session.ExecuteAsync(Delete, new { id });
        await KeepAsync(session, HubMode.Denied, row.Callback, row.Host, secret: null, TimeSpan.Zero, client: null, Bounded(reason), row.TopicId, now);
        return row.ToState(sealer);
    }

    private static Task KeepAsync(StoreSession session, Intent intent, long topicId, DateTimeOffset now) =>
        KeepAsync(session, intent.Mode, intent.Callback, intent.Host, intent.Secret, intent.Lease, intent.Client, intent.Reason, topicId, now);

    private static async Task KeepAsync(
        StoreSession session, HubMode mode, string callback, string host, string? secret, TimeSpan lease, string? client, string? reason, long topicId, DateTimeOffset now)
    {
        var row = new
        {
            topic_id = topicId,
            callback = StorableText.Of(callback),
            host = StorableText.Of(host),
            mode = (int)mode,
            secret = StorableText.Of(secret),
            lease = (long)lease.TotalMilliseconds,
            client = StorableText.Of(client),
            reason = StorableText.Of(reason),
            now = now.ToUnixTimeMilliseconds(),
        };
        await session.ExecuteAsync(ForgetIntent, row);
        await session.ExecuteAsync(KeepIntent, row);
    }

    private static string Bounded(string reason) =>
        reason.Length <= ISubscriberStore.MaxReason ? reason : TextCut.WithEllipsis(reason, ISubscriberStore.MaxReason - 1);

    private sealed record ChangeRow
    {
        public required long Id { get; init; }
        public required long EntryId { get; init; }
    }

    private sealed record TotalsRow
    {
        public required long Subscriptions { get; init; }
        public required long Behind { get; init; }
        public required long Failing { get; init; }
        public required long Waiting { get; init; }
        public long? Longest { get; init; }
    }
}
