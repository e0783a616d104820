using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Search;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Takedowns;

/// <summary>Take-down requests and tombstones in the store.</summary>
internal sealed class TakedownStore(Database database, SearchIndex index) : ITakedownStore
{
    /// <summary>How many entries one transaction purges.</summary>
    private const int PurgeBatch = 200;

    private const string CountOpen = "select count(*) from takedown_request where state = 1";

    private const string Shown = "select title, url from entry where id = @entry_id";

    private const string Insert = """
        insert into takedown_request (entry_id, title, url, reason, message, contact, received_at, state)
        values (@entry_id, @title, @url, @reason, @message, @contact, @at, 1)
        returning id
        """;

    private const string Listed = """
        select request.id, request.entry_id, request.title, request.url, request.reason, request.message, request.contact, request.received_at,
               request.state, request.note, request.decided_at, request.decided_by,
               tombstone.is_legal, tombstone.removed_at, tombstone.purge_at, tombstone.purged_at
        from takedown_request as request left join tombstone on tombstone.entry_id = request.entry_id
        """;

    internal const string ListOpen = $"{Listed} where request.state = 1 and request.id < @before order by request.id desc limit @limit";

    internal const string ListDecided = $"{Listed} where request.state <> 1 and request.id < @before order by request.id desc limit @limit";

    private const string OfRequest = "select entry_id, state from takedown_request where id = @id {locked}";

    private const string Link = "select source_id, url from entry where id = @entry_id";

    private const string SameLink = "select id, source_id from entry where url_hash = @url_hash and url = @url order by id limit @limit";

    // Every column, whichever there are: what comes back has to be what it was.
    private const string Whole = "select * from entry where id {any @ids} order by id {locked}";

    private const string Bury = """
        insert into tombstone (entry_id, source_id, request_id, is_legal, removed_at, purge_at, kept)
        values (@entry_id, @source_id, @request_id, @is_legal, @at, @purge_at, @kept)
        """;

    private const string KeepPlaces = """
        insert into tombstone_category (category_id, entry_id)
        select category_id, entry_id from category_entry where entry_id {any @ids}
        """;

    private const string Block = "insert into blocked (hash, request_id) values (@hash, @request_id) on conflict (hash) do nothing";

    private const string Delete = "delete from entry where id {any @ids}";

    // What a rule kept out of the same article; it could not come back, but it would still be named.
    private const string ForgetDropped = "delete from dropped_entry where url_hash = @url_hash and url = @url";

    private const string ApproveRequests = """
        update takedown_request set state = 2, note = @note, decided_at = @at, decided_by = @by
        where state = 1 and (id = @id or entry_id {any @ids})
        """;

    private const string RefuseRequest = """
        update takedown_request set state = 3, note = @note, decided_at = @at, decided_by = @by where id = @id and state = 1
        """;

    private const string TombstoneOf = "select request_id from tombstone where entry_id = @entry_id";

    private const string BuriedTogether = """
        select entry_id, source_id, purge_at, kept from tombstone where request_id = @request_id order by entry_id {locked}
        """;

    private const string SourcesThere = "select count(*) from source where id {any @ids}";

    private const string Places = "select distinct category_id from tombstone_category where entry_id {any @ids}";

    private const string RestorePlaces = """
        insert into category_entry (category_id, sort_at, entry_id)
        select place.category_id, entry.sort_at, entry.id
        from tombstone_category as place join entry on entry.id = place.entry_id join category on category.id = place.category_id
        where place.entry_id {any @ids}
        """;

    // What was looked at before is looked at again: the looks left with the entry's row.
    private const string RestoreCaptures = """
        insert into capture (entry_id, source_id, due_at, state, attempts, captured_at)
        select entry.id, entry.source_id, @now, 1, 0,
               (select max(captured_at) from snapshot where snapshot.entry_id = entry.id and snapshot.kind = 2)
        from entry join source on source.id = entry.source_id
        where entry.id {any @ids} and source.capture is not null and entry.url is not null
        on conflict (entry_id) do nothing
        """;

    private const string Unbury = "delete from tombstone where request_id = @request_id";

    private const string Unblock = "delete from blocked where request_id = @request_id";

    private const string Reopen = """
        update takedown_request set state = 1, note = null, decided_at = null, decided_by = null where state = 2 and entry_id {any @ids}
        """;

    internal const string ToPurge = """
        select entry_id from tombstone where purged_at is null and purge_at <= @now order by purge_at limit @limit {skip locked}
        """;

    private const string DeleteDocuments = """
        delete from snapshot_document where snapshot_id in (select id from snapshot where entry_id {any @ids})
        """;

    // Numbers, times and hashes stay: the proofs name them.
    private const string EmptySnapshots = "update snapshot set removal = 3, title = null, final_url = null where entry_id {any @ids}";

    private const string EmptyTombstones = "update tombstone set kept = null where entry_id {any @ids}";

    private const string EmptyRequests = """
        update takedown_request set title = null, url = null, message = null, contact = null where entry_id {any @ids}
        """;

    private const string Purged = "update tombstone set purged_at = @now where entry_id {any @ids}";

    internal const string EmptyRefused = """
        update takedown_request set title = null, url = null, message = null, contact = null
        where id in (select id from takedown_request where state = 3 and title is not null and decided_at <= @before order by decided_at limit @limit)
        """;

    internal const string FindByHash = $"""
        select {TombstoneRow.Columns}
        from blocked join tombstone on tombstone.request_id = blocked.request_id
        where blocked.hash = @hash order by tombstone.entry_id limit 1
        """;

    private const string Find = $"select {TombstoneRow.Columns} from tombstone where entry_id = @entry_id";

    private const string FindMany = $$"""select {{TombstoneRow.Columns}} from tombstone where entry_id {any @ids}""";

    internal const string OfEverything = $"""
        select {TombstoneRow.Columns} from tombstone where removed_at > @since order by removed_at desc, entry_id desc limit @limit
        """;

    internal const string OfSource = $"""
        select {TombstoneRow.Columns} from tombstone
        where source_id = @topic and removed_at > @since order by removed_at desc, entry_id desc limit @limit
        """;

    internal const string OfCategory = $"""
        select {TombstoneRow.Columns}
        from tombstone_category join tombstone on tombstone.entry_id = tombstone_category.entry_id
        where tombstone_category.category_id = @topic and tombstone.removed_at > @since
        order by tombstone.removed_at desc, tombstone.entry_id desc limit @limit
        """;

    /// <inheritdoc />
    public Task<TakedownFiling> FileAsync(NewTakedownRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Message?.Length > NewTakedownRequest.MaxMessageLength || request.Contact?.Length > NewTakedownRequest.MaxContactLength)
            throw new ArgumentException("A text of the request is too long.", nameof(request));
        return database.WriteAsync<TakedownFiling>(
            async session =>
            {
                if (await session.FindAsync<ShownRow>(Shown, new { entry_id = request.EntryId }) is not { } shown) return new TakedownFiling.NoSuchEntry();
                if (await session.FindAsync<long>(CountOpen) >= ITakedownStore.MaxOpen) return new TakedownFiling.TooManyOpen();
                return new TakedownFiling.Received(await session.FindAsync<long>(Insert, new
                {
                    entry_id = request.EntryId,
                    title = shown.Title,
                    url = shown.Url,
                    reason = (int)request.Reason,
                    message = StorableText.Of(request.Message),
                    contact = StorableText.Of(request.Contact),
                    at = now.ToUnixTimeMilliseconds(),
                }));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<TakedownRequest>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ITakedownStore.MaxListed);
        return database.ReadAsync<IReadOnlyList<TakedownRequest>>(
            async session => (await session.ListAsync<TakedownRow>(open ? ListOpen : ListDecided, new { before = before ?? long.MaxValue, limit }))
                .ConvertAll(row => row.ToRequest()),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<TakedownOutcome> ApproveAsync(
        long requestId, bool isLegal, string? note, string decidedBy, TimeSpan grace, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        var decision = DecisionOf(requestId, note, decidedBy, now);
        return database.WriteAsync(session => ApproveAsync(session, decision, isLegal, grace, now), cancellationToken);
    }

    /// <inheritdoc />
    public Task<TakedownOutcome> RefuseAsync(long requestId, string? note, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var decision = DecisionOf(requestId, note, decidedBy, now);
        return database.WriteAsync(
            async session =>
                await session.FindAsync<RequestRow>(OfRequest, new { id = requestId }) is null ? TakedownOutcome.NotFound
                : await session.ExecuteAsync(RefuseRequest, new { id = decision.Id, note = decision.Note, at = decision.At, by = decision.By }) == 0 ? TakedownOutcome.AlreadyDecided
                : TakedownOutcome.Done,
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<TakedownOutcome> UndoAsync(long requestId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(session => UndoAsync(session, requestId, now), cancellationToken);

    /// <inheritdoc />
    public async Task<int> PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var purged = 0;
        while (true)
        {
            var at = now.ToUnixTimeMilliseconds();
            var ids = await database.WriteAsync(session => DeleteTextsAsync(session, at), cancellationToken);
            if (ids.Count == 0) return purged;

            // Only when it has left the files it counts as gone; whoever stops in between begins again with the same entries.
            await index.RewriteAsync(cancellationToken);
            if (!await database.EraseAsync(cancellationToken)) return purged;
            await database.WriteAsync(session => session.ExecuteAsync(Purged, new { ids = database.List(ids), now = at }), cancellationToken);
            purged += ids.Count;
        }
    }

    /// <inheritdoc />
    public async Task<int> PurgeRefusedAsync(DateTimeOffset decidedBefore, CancellationToken cancellationToken)
    {
        var purged = 0;
        int emptied;
        do
        {
            emptied = await database.WriteAsync(
                session => session.ExecuteAsync(EmptyRefused, new { before = decidedBefore.ToUnixTimeMilliseconds(), limit = PurgeBatch }), cancellationToken);
            purged += emptied;
        }
        while (emptied == PurgeBatch);

        return purged;
    }

    /// <inheritdoc />
    public Task<Tombstone?> FindTombstoneByUrlAsync(string url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        return database.ReadAsync(
            async session => (await session.FindAsync<TombstoneRow>(FindByHash, new { hash = BlockHash.OfUrl(StorableText.Of(url)) }))?.ToTombstone(), cancellationToken);
    }

    /// <inheritdoc />
    public Task<Tombstone?> FindTombstoneAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<TombstoneRow>(Find, new { entry_id = entryId }))?.ToTombstone(), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<Tombstone>> FindTombstonesAsync(IReadOnlyCollection<long> entryIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entryIds.Count, EntryQuery.MaxLimit, nameof(entryIds));
        if (entryIds.Count == 0) return Task.FromResult<IReadOnlyList<Tombstone>>([]);
        return database.ReadAsync<IReadOnlyList<Tombstone>>(
            async session => (await session.ListAsync<TombstoneRow>(FindMany, new { ids = database.List(entryIds) })).ConvertAll(row => row.ToTombstone()), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Tombstone>> ListTombstonesAsync(Topic topic, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var (statement, id) = topic switch
        {
            Topic.OfCategory category => (OfCategory, category.CategoryId),
            Topic.OfSource source => (OfSource, source.SourceId),
            _ => (OfEverything, 0L),
        };
        return database.ReadAsync<IReadOnlyList<Tombstone>>(
            async session => (await session.ListAsync<TombstoneRow>(
                statement, new { topic = id, since = since.ToUnixTimeMilliseconds(), limit = Tombstone.MaxPublished })).ConvertAll(row => row.ToTombstone()),
            cancellationToken);
    }

    private async Task<TakedownOutcome> ApproveAsync(StoreSession session, Decision decision, bool isLegal, TimeSpan grace, DateTimeOffset now)
    {
        await database.LockBlocksAsync(session);
        if (await session.FindAsync<RequestRow>(OfRequest, new { id = decision.Id }) is not { } request) return TakedownOutcome.NotFound;
        if (request.State != (int)TakedownState.Open) return TakedownOutcome.AlreadyDecided;
        if (await session.FindAsync<LinkRow>(Link, new { entry_id = request.EntryId }) is not { } link) return TakedownOutcome.EntryGone;

        var together = await TogetherAsync(session, request.EntryId, link);
        var ids = database.List(together ?? [request.EntryId]);
        var rows = (await session.ListAsync<object>(Whole, new { ids })).ConvertAll(row => (IDictionary<string, object?>)row);
        var topics = new HashSet<Topic> { Topic.Everything };
        foreach (var row in rows)
        {
            var sourceId = Convert.ToInt64(row["source_id"], CultureInfo.InvariantCulture);
            topics.Add(Topic.Source(sourceId));
            await session.ExecuteAsync(Bury, new
            {
                entry_id = Convert.ToInt64(row["id"], CultureInfo.InvariantCulture),
                source_id = sourceId,
                request_id = decision.Id,
                is_legal = isLegal ? 1 : 0,
                at = decision.At,
                purge_at = (now + grace).ToUnixTimeMilliseconds(),
                kept = KeptRow.Write(row),
            });
            foreach (var hash in BlockHash.AllOf(sourceId, (string)row["key"]!, row["guid"] as string, together is null ? null : link.Url))
                await session.ExecuteAsync(Block, new { hash, request_id = decision.Id });
        }

        if (together is not null) await session.ExecuteAsync(ForgetDropped, new { url_hash = NewEntryRow.HashOf(link.Url!), url = link.Url });
        await session.ExecuteAsync(KeepPlaces, new { ids });
        topics.UnionWith((await session.ListAsync<long>(Places, new { ids })).Select(Topic.Category));
        await session.ExecuteAsync(Delete, new { ids });
        await session.ExecuteAsync(ApproveRequests, new { id = decision.Id, note = decision.Note, at = decision.At, by = decision.By, ids });
        await TopicVersions.RaiseAsync(session, topics, now);
        return TakedownOutcome.Done;
    }

    /// <summary>The entries with the same link in all sources; null when there is none, or when it does not name one article.</summary>
    private static async Task<List<long>?> TogetherAsync(StoreSession session, long entryId, LinkRow link)
    {
        if (link.Url is not { Length: > 0 } url) return null;
        var same = await session.ListAsync<SameLinkRow>(
            SameLink, new { url_hash = NewEntryRow.HashOf(url), url, limit = ITakedownStore.MaxTogether + 1 });
        return same.Count > ITakedownStore.MaxTogether || same.Count(entry => entry.SourceId == link.SourceId) > ITakedownStore.MaxSharing
            ? null
            : [.. same.Select(entry => entry.Id).Append(entryId).Distinct()];
    }

    private async Task<TakedownOutcome> UndoAsync(StoreSession session, long requestId, DateTimeOffset now)
    {
        await database.LockBlocksAsync(session);
        if (await session.FindAsync<RequestRow>(OfRequest, new { id = requestId }) is not { } request) return TakedownOutcome.NotFound;
        if (await session.FindAsync<long?>(TombstoneOf, new { entry_id = request.EntryId }) is not { } approved) return TakedownOutcome.AlreadyDecided;

        var buried = await session.ListAsync<BuriedRow>(BuriedTogether, new { request_id = approved });
        if (buried.Exists(entry => entry.Kept is null || entry.PurgeAt <= now.ToUnixTimeMilliseconds())) return TakedownOutcome.TooLate;
        var sources = buried.Select(entry => entry.SourceId).Distinct().ToList();
        if (await session.FindAsync<long>(SourcesThere, new { ids = database.List(sources) }) < sources.Count) return TakedownOutcome.EntryGone;

        var ids = database.List([.. buried.Select(entry => entry.EntryId)]);
        foreach (var entry in buried) await KeptRow.RestoreAsync(session, entry.Kept!);
        await session.ExecuteAsync(RestorePlaces, new { ids });
        await session.ExecuteAsync(RestoreCaptures, new { ids, now = now.ToUnixTimeMilliseconds() });
        var categories = await session.ListAsync<long>(Places, new { ids });
        await session.ExecuteAsync(Unbury, new { request_id = approved });
        await session.ExecuteAsync(Unblock, new { request_id = approved });
        await session.ExecuteAsync(Reopen, new { ids });
        await TopicVersions.RaiseAsync(session, [Topic.Everything, .. sources.Select(Topic.Source), .. categories.Select(Topic.Category)], now);
        return TakedownOutcome.Done;
    }

    private async Task<List<long>> DeleteTextsAsync(StoreSession session, long now)
    {
        var entries = await session.ListAsync<long>(ToPurge, new { now, limit = PurgeBatch });
        if (entries.Count == 0) return entries;
        var ids = database.List(entries);
        await session.ExecuteAsync(DeleteDocuments, new { ids });
        await session.ExecuteAsync(EmptySnapshots, new { ids });
        await session.ExecuteAsync(EmptyTombstones, new { ids });
        await session.ExecuteAsync(EmptyRequests, new { ids });
        return entries;
    }

    private static Decision DecisionOf(long requestId, string? note, string decidedBy, DateTimeOffset now)
    {
        if (note?.Length > ITakedownStore.MaxNoteLength) throw new ArgumentException("The note is too long.", nameof(note));
        return new Decision(requestId, StorableText.Of(note), StorableText.Of(decidedBy), now.ToUnixTimeMilliseconds());
    }

    private sealed record Decision(long Id, string? Note, string By, long At);

    private sealed record ShownRow
    {
        public required string Title { get; init; }
        public string? Url { get; init; }
    }

    private sealed record RequestRow
    {
        public required long EntryId { get; init; }
        public required int State { get; init; }
    }

    private sealed record LinkRow
    {
        public required long SourceId { get; init; }
        public string? Url { get; init; }
    }

    private sealed record SameLinkRow
    {
        public required long Id { get; init; }
        public required long SourceId { get; init; }
    }

    private sealed record BuriedRow
    {
        public required long EntryId { get; init; }
        public required long SourceId { get; init; }
        public required long PurgeAt { get; init; }
        public byte[]? Kept { get; init; }
    }
}
