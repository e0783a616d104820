using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Hubs;

/// <summary>
/// The numbered changes that subscriptions are behind or not. They are noted by looking, one look at a time over all nodes: every
/// snapshot above the floor that is not noted yet. The floor follows a minute behind, for on PostgreSQL a lower number may become visible
/// after a higher one, but never later than its transaction lasts.
/// </summary>
internal static class HubChanges
{
    /// <summary>No transaction that inserts snapshots lasts longer than this; on PostgreSQL one that did is rolled back.</summary>
    public static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(1);

    /// <summary>How far back take-downs are looked for; what is noted is kept for twice as long.</summary>
    public static readonly TimeSpan TombstonesSince = TimeSpan.FromMinutes(5);

    /// <summary>How many changes one look notes.</summary>
    public const int AtOnce = 5_000;

    /// <summary>Snapshots below the newest that the first subscription looks at, for those whose transactions are still running.</summary>
    private const int FirstLook = 1_000;

    // What somebody follows waits for the index too, when searches are among it: else what they find later would be passed over.
    private const string Searching = """
        select id from hub_topic where kind = 4
        union all
        select hub_topic.id from hub_topic
        where selection_id is not null
          and exists (select 1 from selection_topic where selection_topic.selection_id = hub_topic.selection_id and query is not null)
        """;

    internal const string IsNew = $"""
        select case when not exists (select 1 from hub_subscriber) then 0
                    when exists (select 1 from snapshot
                                 where id > (select floor from hub_clock where id = 1)
                                   and not exists (select 1 from hub_change where hub_change.snapshot_id = snapshot.id)) then 1
                    when exists (select 1 from tombstone
                                 where removed_at > @tombstones_since
                                   and not exists (select 1 from hub_change where hub_change.snapshot_id = -tombstone.entry_id)) then 1
                    when exists (select 1 from hub_clock
                                 where id = 1 and next_floor_at <= @floor_before and floor < (select coalesce(max(id), 0) from snapshot)) then 1
                    when exists (select 1 from hub_subscriber
                                 where topic_id in ({Searching}) and target < (select position from hub_clock where id = 1)) then 1
                    else 0 end
        """;

    private const string Clock = "select position, floor, next_floor, next_floor_at from hub_clock where id = 1 {locked}";

    private const string IsFirst = "select case when exists (select 1 from hub_subscriber) then 0 else 1 end";

    private const string Newest = "select coalesce(max(id), 0) from snapshot";

    private const string NoteSnapshots = """
        insert into hub_change (id, snapshot_id, entry_id, noted_at)
        select @position + row_number() over (order by id), id, entry_id, @now
        from snapshot
        where id > @floor and not exists (select 1 from hub_change where hub_change.snapshot_id = snapshot.id)
        order by id limit @limit
        """;

    private const string NoteTombstones = """
        insert into hub_change (id, snapshot_id, entry_id, noted_at)
        select @position + row_number() over (order by entry_id), -entry_id, entry_id, @now
        from tombstone
        where removed_at > @tombstones_since and not exists (select 1 from hub_change where hub_change.snapshot_id = -tombstone.entry_id)
        order by entry_id limit @limit
        """;

    private const string SetClock = """
        update hub_clock set position = @position, floor = @floor, next_floor = @next_floor, next_floor_at = @next_floor_at where id = 1
        """;

    private const string Behind = "target = @position, due_at = coalesce(due_at, @now), behind_since = coalesce(behind_since, @now)";

    private const string ChangedCategories = """
        select category_id from category_entry where entry_id in (select entry_id from hub_change where id > @before)
        union
        select category_id from tombstone_category where entry_id in (select entry_id from hub_change where id > @before and snapshot_id < 0)
        """;

    private const string ChangedSources = """
        select source_id from entry where id in (select entry_id from hub_change where id > @before)
        union
        select source_id from tombstone where entry_id in (select entry_id from hub_change where id > @before and snapshot_id < 0)
        """;

    private const string MarkBehind = $"""
        update hub_subscriber set {Behind}
        where topic_id in (
            select id from hub_topic where kind = 1
            union all
            select id from hub_topic where kind = 2 and topic_id in ({ChangedCategories})
            union all
            select id from hub_topic where kind = 3 and topic_id in ({ChangedSources})
            union all
            select hub_topic.id from hub_topic join selection_topic on selection_topic.selection_id = hub_topic.selection_id
            where (category_id in ({ChangedCategories}) or source_id in ({ChangedSources})) and hub_topic.id not in ({Searching}))
        """;

    // What waits for the index cannot be found yet.
    private const string Searchable = """
        select coalesce((select min(hub_change.id) - 1 from hub_change where hub_change.entry_id in (select entry_id from search_queue)), @position)
        """;

    private const string MarkSearches = $"""
        update hub_subscriber set {Behind}
        where target < @position and topic_id in ({Searching})
        """;

    /// <summary>Whether a look would find something; asked before the writers' gate is.</summary>
    public static async Task<bool> IsAnyAsync(StoreSession session, DateTimeOffset now) =>
        await session.FindAsync<int>(IsNew, new
        {
            tombstones_since = (now - TombstonesSince).ToUnixTimeMilliseconds(),
            floor_before = (now - LongestTransaction).ToUnixTimeMilliseconds(),
        }) == 1;

    /// <summary>Notes what is new and has the subscriptions that it concerns due. The last number, and how many are new.</summary>
    public static async Task<(long Position, int Count)> NoteAsync(StoreSession session, DateTimeOffset now)
    {
        var clock = await session.FindAsync<ClockRow>(Clock) ?? throw new InvalidOperationException("hub_clock has lost its row.");
        var milliseconds = now.ToUnixTimeMilliseconds();
        var newest = await session.FindAsync<long>(Newest);
        // On SQLite one writes after the other, in the order of the numbers.
        var isOrdered = session.Database.Provider == StoreProvider.Sqlite;
        var floor = clock.Floor;
        if (await session.FindAsync<int>(IsFirst) == 1) floor = isOrdered ? newest : Math.Max(0, newest - FirstLook);
        var noted = new
        {
            position = clock.Position,
            floor,
            now = milliseconds,
            tombstones_since = (now - TombstonesSince).ToUnixTimeMilliseconds(),
            limit = AtOnce,
        };
        var snapshots = await session.ExecuteAsync(NoteSnapshots, noted);
        var tombstones = await session.ExecuteAsync(NoteTombstones, new { position = clock.Position + snapshots, noted.now, noted.tombstones_since, noted.limit });
        var position = clock.Position + snapshots + tombstones;

        // The floor rises only over what has been noted whole.
        var rises = snapshots < AtOnce && (isOrdered || milliseconds - clock.NextFloorAt >= (long)LongestTransaction.TotalMilliseconds);
        if (rises || position != clock.Position || floor != clock.Floor)
        {
            await session.ExecuteAsync(SetClock, new
            {
                position,
                floor = !rises ? floor : isOrdered ? newest : Math.Max(floor, Math.Min(clock.NextFloor, newest)),
                next_floor = rises ? newest : clock.NextFloor,
                next_floor_at = rises ? milliseconds : clock.NextFloorAt,
            });
        }

        if (position != clock.Position) await session.ExecuteAsync(MarkBehind, new { position, before = clock.Position, now = milliseconds });
        var searchable = await session.FindAsync<long>(Searchable, new { position });
        await session.ExecuteAsync(MarkSearches, new { position = searchable, now = milliseconds });
        return (position, snapshots + tombstones);
    }

    private sealed record ClockRow
    {
        public required long Position { get; init; }
        public required long Floor { get; init; }
        public required long NextFloor { get; init; }
        public required long NextFloorAt { get; init; }
    }
}
