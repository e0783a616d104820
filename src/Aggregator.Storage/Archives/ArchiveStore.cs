using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Archives;

/// <summary>The archives of topics in the store.</summary>
internal sealed class ArchiveStore(Database database) : IArchiveStore
{
    private const string Place = """
        select (select coalesce(max(number), 0) from topic_change where kind = @kind and topic_id = @topic) as position,
               coalesce(page.number, 0) as last_page, coalesce(page.last_number, 0) as last_number
        from (select 1) as always
        left join (select number, last_number from topic_page where kind = @kind and topic_id = @topic order by number desc limit 1) as page on 1 = 1
        """;

    private const string Page = """
        select number, last_number from topic_page where kind = @kind and topic_id = @topic and number between @page - 1 and @page order by number
        """;

    private const string Given = "select position from topic_clock where id = 1";

    private const string LastFull = "select coalesce(max(last_number), 0) from topic_page where kind = @kind and topic_id = @topic and last_number <= @number";

    private const string PageOf = """
        select number from topic_page where kind = @kind and topic_id = @topic and last_number >= @number order by last_number limit 1
        """;

    // Pages tell when their newest entry is from: no change is looked at.
    internal const string PageSince = """
        select number from topic_page
        where kind = @kind and topic_id = @topic and last_number <= @number and newest_at >= @since order by last_number desc limit 1
        """;

    /// <inheritdoc />
    public Task<int> NoteAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IArchiveStore.MaxBatch);
        return ArchiveNotes.TakeAsync(database, limit, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ArchivePlace> PlaceAsync(Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (topic is Topic.OfSearch or Topic.OfSelection) return ArchivePlace.None;
        var (kind, id) = TopicVersions.KeyOf(topic);
        var row = await database.ReadAsync(session => session.FindAsync<PlaceRow>(Place, new { kind, topic = id }), cancellationToken);
        return new ArchivePlace(row!.Position, row.LastPage, row.LastNumber);
    }

    /// <inheritdoc />
    public async Task<ArchivePage?> FindPageAsync(Topic topic, int number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (number < 1 || topic is Topic.OfSearch or Topic.OfSelection) return null;
        var (kind, id) = TopicVersions.KeyOf(topic);
        var (rows, given) = await database.ReadAsync(
            async session => (await session.ListAsync<PageRow>(Page, new { kind, topic = id, page = number }), await session.FindAsync<long>(Given)), cancellationToken);
        var before = rows.Find(row => row.Number < number);
        if (before is null && number > 1) return null;
        return new ArchivePage(number, before?.LastNumber ?? 0, rows.Find(row => row.Number == number)?.LastNumber, given);
    }

    /// <inheritdoc />
    public Task<int?> FindPageBeforeAsync(Topic topic, long number, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (topic is Topic.OfSearch or Topic.OfSelection) return Task.FromResult<int?>(null);
        var (kind, id) = TopicVersions.KeyOf(topic);
        return database.ReadAsync(
            async session =>
            {
                if (since is { } start) return await session.FindAsync<int?>(PageSince, new { kind, topic = id, number, since = start.ToUnixTimeMilliseconds() });
                var full = await session.FindAsync<long>(LastFull, new { kind, topic = id, number });
                var asked = new { kind, topic = id, after = 0L, until = full, since = long.MinValue, limit = 1 };
                return await session.FindAsync<ChangeRow>(ChangesOf(topic, oncePerStory: false, "desc"), asked) is { } newest
                    ? await session.FindAsync<int?>(PageOf, new { kind, topic = id, number = newest.Number })
                    : null;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<ArchivedChange>> ChangesAsync(
        Topic topic, long after, long until, DateTimeOffset? since, bool oncePerStory, bool withWithdrawn, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IArchiveStore.MaxChanges);
        if (topic is Topic.OfSearch or Topic.OfSelection) return Task.FromResult<IReadOnlyList<ArchivedChange>>([]);
        var (kind, id) = TopicVersions.KeyOf(topic);
        var asked = new { kind, topic = id, after, until, since = since?.ToUnixTimeMilliseconds() ?? long.MinValue, limit };
        return database.ReadAsync<IReadOnlyList<ArchivedChange>>(
            async session =>
            [
                .. (await session.ListAsync<ChangeRow>(ChangesOf(topic, oncePerStory, "asc", withWithdrawn), asked))
                    .Select(row => new ArchivedChange(row.Number, row.EntryId ?? row.TombstoneId!.Value, row.EntryId is null, row.EntryId is not null && row.IsWithdrawn != 0))
                    .DistinctBy(change => (change.EntryId, change.IsGone)),
            ],
            cancellationToken);
    }

    /// <summary>
    /// The changes of a range that can be shown: one range of the table's own order, and a look at each entry in it, which may have been moved
    /// elsewhere since.
    /// </summary>
    internal static string ChangesOf(Topic topic, bool oncePerStory, string direction, bool withWithdrawn = false) => $"""
        select topic_change.number, topic_change.entry_id, topic_change.tombstone_id{(withWithdrawn ? $", case when {EntryRights.IsShown} then 0 else 1 end as is_withdrawn" : "")}
        from topic_change left join entry on entry.id = topic_change.entry_id
        where topic_change.kind = @kind and topic_change.topic_id = @topic and topic_change.number > @after and topic_change.number <= @until
          and (topic_change.tombstone_id is not null{(withWithdrawn ? Withdrawn : "")}
               or (entry.sort_at >= @since and {EntryRights.IsShown}{(topic is Topic.OfCategory ? " and " + EntryStore.IsPlaced : "")}{(oncePerStory ? EntryStore.Leads(topic) : "")}))
        order by topic_change.number {direction} limit @limit
        """;

    // The first change of an entry that is not shown says nothing: it came when nobody saw it, or within the range.
    private const string Withdrawn = $"""

               or (topic_change.is_again = 1 and entry.sort_at >= @since and not ({EntryRights.IsShown}))
        """;

    private sealed record PlaceRow
    {
        public required long Position { get; init; }
        public required int LastPage { get; init; }
        public required long LastNumber { get; init; }
    }

    private sealed record PageRow
    {
        public required int Number { get; init; }
        public required long LastNumber { get; init; }
    }

    private sealed record ChangeRow
    {
        public required long Number { get; init; }
        public long? EntryId { get; init; }
        public long? TombstoneId { get; init; }
        public int IsWithdrawn { get; init; }
    }
}
