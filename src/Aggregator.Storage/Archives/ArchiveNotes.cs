using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Archives;

/// <summary>
/// Numbers what triggers put into <c>topic_queue</c>, and behind that the entries of sources in <c>rights_queue</c>, of which more or less may be shown. A row can be seen there only once its transaction is committed, and one look at a
/// time over all nodes takes rows out and gives numbers: so numbers grow in the order in which changes became visible, whatever the
/// order in which PostgreSQL's transactions began.
/// </summary>
internal static class ArchiveNotes
{
    /// <summary>
    /// How long a batch waits behind others: readers of deltas get a change within a second or two, and what waits after a migration, or after a
    /// change of rights, holds up no refresh.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const string IsAny = "select 1 where exists (select 1 from topic_queue) or exists (select 1 from rights_queue)";

    private const string Clock = "select position from topic_clock where id = 1 {locked}";

    private const string Waiting = "select number, entry_id, tombstone_id, category_id from topic_queue order by number limit @limit";

    // All that waits of an entry at once, or the rest of one transaction's rows would count as a change in the next batch.
    internal const string TakeEntries = "delete from topic_queue where entry_id {any @ids} returning number, entry_id, tombstone_id, category_id";

    private const string TakeTombstones = "delete from topic_queue where number {any @numbers}";

    // One whose level changes just now is for the next time: it begins again then.
    private const string NextSource = "select source_id, sort_at, entry_id from rights_queue order by source_id limit 1 {skip locked}";

    private const string NextEntries = """
        select sort_at, id as entry_id from entry
        where source_id = @source_id and (sort_at, id) > (@sort_at, @entry_id) order by sort_at, id limit @limit
        """;

    private const string SourceUntil = "update rights_queue set sort_at = @sort_at, entry_id = @entry_id where source_id = @source_id";

    private const string SourceDone = "delete from rights_queue where source_id = @source_id";

    private const string Insert = """
        insert into topic_change (kind, topic_id, number, entry_id, is_again)
        select place.kind, place.topic_id, @position + dense_rank() over (order by place.entry_id), place.entry_id,
               case when exists (select 1 from topic_change as known
                                 where known.entry_id = place.entry_id and known.kind = place.kind and known.topic_id = place.topic_id and known.is_again = 0)
                    then 1 else 0 end
        """;

    private const string KeepLast = "on conflict (entry_id, kind, topic_id, is_again) do update set number = excluded.number";

    private const string NoteEntries = $$"""
        {{Insert}}
        from (select 1 as kind, cast(0 as bigint) as topic_id, id as entry_id from entry where id {any @ids}
              union all select 2, category_id, entry_id from category_entry where entry_id {any @ids}
              union all select 3, source_id, id from entry where id {any @ids}) as place
        where true
        {{KeepLast}}
        """;

    private const string NotePlaced = $$"""
        {{Insert}}
        from (select 2 as kind, category_id as topic_id, entry_id from category_entry where entry_id {any @ids} and category_id = @category) as place
        where true
        {{KeepLast}}
        """;

    private const string NoteTombstones = """
        insert into topic_change (kind, topic_id, number, tombstone_id, is_again)
        select place.kind, place.topic_id, @position + dense_rank() over (order by place.tombstone_id), place.tombstone_id, 0
        from (select 1 as kind, cast(0 as bigint) as topic_id, entry_id as tombstone_id from tombstone where entry_id {any @ids}
              union all select 2, category_id, entry_id from tombstone_category where entry_id {any @ids}
              union all select 3, source_id, entry_id from tombstone where entry_id {any @ids}) as place
        where true
        on conflict (tombstone_id, kind, topic_id) do nothing
        """;

    private const string SetClock = "update topic_clock set position = @position where id = 1";

    private const string Last = """
        coalesce((select max(last_number) from topic_page where topic_page.kind = touched.kind and topic_page.topic_id = touched.topic_id), 0)
        """;

    private const string FullTopics = $$"""
        select touched.kind, touched.topic_id, {{Last}} as last_number,
               coalesce((select max(number) from topic_page where topic_page.kind = touched.kind and topic_page.topic_id = touched.topic_id), 0) as last_page
        from (select kind, topic_id from topic_change where entry_id {any @ids}
              union select kind, topic_id from topic_change where tombstone_id {any @gone}) as touched
        where (select count(*) from topic_change as tail
               where tail.kind = touched.kind and tail.topic_id = touched.topic_id and tail.number > {{Last}}) >= @size
        """;

    private const string Tail = """
        select topic_change.number, topic_change.entry_id, topic_change.tombstone_id, coalesce(entry.sort_at, tombstone.removed_at, 0) as at
        from topic_change left join entry on entry.id = topic_change.entry_id
        left join tombstone on tombstone.entry_id = topic_change.tombstone_id
        where topic_change.kind = @kind and topic_change.topic_id = @topic_id and topic_change.number > @last_number
        order by topic_change.number
        """;

    private const string ClosePage = """
        insert into topic_page (kind, topic_id, number, last_number, newest_at) values (@kind, @topic_id, @page, @last_number, @newest_at)
        """;

    /// <summary>Numbers so much of what waits; how much it took.</summary>
    public static async Task<int> TakeAsync(Database database, int limit, CancellationToken cancellationToken) =>
        // Asked before the writers' gate is.
        await database.ReadAsync(session => session.FindAsync<int?>(IsAny), cancellationToken) is null
            ? 0
            : await database.WriteBehindAsync(session => TakeAsync(session, limit), TimeSpan.Zero, Patience, cancellationToken);

    private static async Task<int> TakeAsync(StoreSession session, int limit)
    {
        var database = session.Database;
        var position = await session.FindAsync<long?>(Clock) ?? throw new InvalidOperationException("topic_clock has lost its row.");
        var waiting = await session.ListAsync<QueueRow>(Waiting, new { limit });
        var withRights = await TakeOfSourcesAsync(session, limit - waiting.Count);
        if (waiting.Count + withRights.Count == 0) return 0;

        var taken = await session.ListAsync<QueueRow>(TakeEntries, new { ids = database.List([.. waiting.Select(row => row.EntryId).OfType<long>().Distinct()]) });
        var gone = waiting.Where(row => row.TombstoneId is not null).ToList();
        if (gone.Count > 0) await session.ExecuteAsync(TakeTombstones, new { numbers = database.List([.. gone.Select(row => row.Number)]) });

        // Only now is looked what became of them: what is seen from here on cannot be older than what was taken.
        var changed = taken.Where(row => row.CategoryId is null).Select(row => row.EntryId!.Value).Concat(withRights).ToHashSet();
        if (changed.Count > 0) await session.ExecuteAsync(NoteEntries, new { position, ids = database.List(changed) });
        position += changed.Count;
        foreach (var placed in taken.Where(row => row.CategoryId is not null && !changed.Contains(row.EntryId!.Value)).GroupBy(row => row.CategoryId!.Value, row => row.EntryId!.Value))
        {
            var ids = placed.ToHashSet();
            await session.ExecuteAsync(NotePlaced, new { position, ids = database.List(ids), category = placed.Key });
            position += ids.Count;
        }

        var tombstones = gone.Select(row => row.TombstoneId!.Value).ToHashSet();
        if (tombstones.Count > 0) await session.ExecuteAsync(NoteTombstones, new { position, ids = database.List(tombstones) });
        position += tombstones.Count;
        await session.ExecuteAsync(SetClock, new { position });
        await ClosePagesAsync(session, [.. taken.Select(row => row.EntryId!.Value).Concat(withRights).Distinct()], tombstones);
        return waiting.Count + withRights.Count;
    }

    /// <summary>The next entries, so many, of sources of which more or less may be shown than before.</summary>
    private static async Task<List<long>> TakeOfSourcesAsync(StoreSession session, int limit)
    {
        var taken = new List<long>();
        while (taken.Count < limit && await session.FindAsync<RightsRow>(NextSource) is { } source)
        {
            var left = limit - taken.Count;
            var entries = await session.ListAsync<PlaceRow>(
                NextEntries, new { source_id = source.SourceId, sort_at = source.SortAt, entry_id = source.EntryId, limit = left });
            taken.AddRange(entries.Select(entry => entry.EntryId));
            if (entries.Count < left) await session.ExecuteAsync(SourceDone, new { source_id = source.SourceId });
            else await session.ExecuteAsync(SourceUntil, new { source_id = source.SourceId, sort_at = entries[^1].SortAt, entry_id = entries[^1].EntryId });
        }

        return taken;
    }

    private static async Task ClosePagesAsync(StoreSession session, IReadOnlyCollection<long> entries, IReadOnlyCollection<long> tombstones)
    {
        var full = await session.ListAsync<TopicRow>(
            FullTopics, new { ids = session.Database.List(entries), gone = session.Database.List(tombstones), size = ArchivePage.Size });
        foreach (var topic in full)
        {
            var asked = new { kind = topic.Kind, topic_id = topic.TopicId, last_number = topic.LastNumber };
            var (page, newest) = (topic.LastPage, long.MinValue);
            var on = new HashSet<(long?, long?)>();
            foreach (var row in await session.ListAsync<TailRow>(Tail, asked))
            {
                // An entry that came and changed within a page fills one place of it.
                on.Add((row.EntryId, row.TombstoneId));
                newest = Math.Max(newest, row.At);
                if (on.Count < ArchivePage.Size) continue;
                await session.ExecuteAsync(ClosePage, new { asked.kind, asked.topic_id, page = ++page, last_number = row.Number, newest_at = newest });
                on.Clear();
                newest = long.MinValue;
            }
        }
    }

    private sealed record QueueRow
    {
        public required long Number { get; init; }
        public long? EntryId { get; init; }
        public long? TombstoneId { get; init; }
        public long? CategoryId { get; init; }
    }

    private sealed record RightsRow
    {
        public required long SourceId { get; init; }
        public required long SortAt { get; init; }
        public required long EntryId { get; init; }
    }

    private sealed record PlaceRow
    {
        public required long SortAt { get; init; }
        public required long EntryId { get; init; }
    }

    private sealed record TopicRow
    {
        public required int Kind { get; init; }
        public required long TopicId { get; init; }
        public required long LastNumber { get; init; }
        public required int LastPage { get; init; }
    }

    private sealed record TailRow
    {
        public required long Number { get; init; }
        public long? EntryId { get; init; }
        public long? TombstoneId { get; init; }
        public required long At { get; init; }
    }
}
