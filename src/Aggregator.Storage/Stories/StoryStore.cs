using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Stories;

/// <summary>Stories: reading them, and what admins decide. <see cref="StoryBatch"/> finds them.</summary>
internal sealed class StoryStore(Database database) : IStoryStore
{
    /// <summary>How many entries one transaction forgets.</summary>
    private const int PruneBatch = 500;

    private const string Queue = "insert into story_queue (entry_id) select id from entry where first_seen_at >= @since order by id";

    private const string OldestIndexed = "select distinct entry_id from story_shingle order by entry_id limit @limit";

    private const string SeenBefore = "select id from entry where id {any @ids} and first_seen_at < @before";

    private const string Forget = "delete from story_shingle where entry_id {any @ids}";

    // A story may have been taken into another, and that one since.
    private const string Follow = "select id, merged_into from story where id = @id";

    private const string MembersOf = $"""
        select story_entry.story_id, entry.id as entry_id, entry.source_id, entry.title, entry.url, entry.sort_at
        from story_entry join entry on entry.id = story_entry.entry_id
        where story_entry.story_id {"{any @ids}"} and {EntryRights.IsShown}
        order by story_entry.story_id, story_entry.place
        """;

    private const string StoriesOf = "select entry_id, story_id from story_entry where entry_id {any @ids}";

    private const string Newest = $"""
        select id, changed_at from story
        where merged_into is null and (changed_at, id) < (@changed_at, @id)
          and (select count(*) from story_entry join entry on entry.id = story_entry.entry_id where story_entry.story_id = story.id and {EntryRights.IsShown}) > 1
        order by changed_at desc, id desc limit @limit
        """;

    private const string Exists = "select id from entry where id {any @ids}";

    private const string Decide = """
        insert into story_decision (entry_id, other_id, is_same, decided_at, decided_by) values (@entry_id, @other_id, @is_same, @at, @by)
        on conflict (entry_id, other_id) do update set is_same = excluded.is_same, decided_at = excluded.decided_at, decided_by = excluded.decided_by
        """;

    private const string Undecide = "delete from story_decision where is_same = 0 and entry_id {any @ids} and other_id {any @ids}";

    private const string QueueThis = "insert into story_queue (entry_id) values (@id)";

    /// <inheritdoc />
    public Task<int> CompareAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IStoryStore.MaxBatch);
        return new StoryBatch(database, now).RunAsync(limit, cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> RequeueAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(Queue, new { since = since.ToUnixTimeMilliseconds() }), cancellationToken);

    /// <inheritdoc />
    public async Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var pruned = 0; ;)
        {
            var count = await database.WriteAsync(
                async session =>
                {
                    // Numbers are given in the order of first sight, so the oldest stand at the lower end.
                    var oldest = await session.ListAsync<long>(OldestIndexed, new { limit = PruneBatch });
                    if (oldest.Count == 0) return 0;
                    var old = await session.ListAsync<long>(SeenBefore, new { ids = database.List(oldest), before = before.ToUnixTimeMilliseconds() });
                    if (old.Count > 0) await session.ExecuteAsync(Forget, new { ids = database.List(old) });
                    return old.Count;
                },
                cancellationToken);
            pruned += count;
            if (count < PruneBatch) return pruned;
        }
    }

    /// <inheritdoc />
    public Task<Story?> FindAsync(long storyId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var id = storyId;
                for (var steps = 0; steps < 16; steps++)
                {
                    if (await session.FindAsync<StoryRow>(Follow, new { id }) is not { } row) return null;
                    if (row.MergedInto is not { } into) break;
                    id = into;
                }

                return (await MembersAsync(session, [id])).GetValueOrDefault(id);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<long, Story>> OfEntriesAsync(IReadOnlyCollection<long> entryIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        return entryIds.Count == 0
            ? Task.FromResult<IReadOnlyDictionary<long, Story>>(new Dictionary<long, Story>())
            : database.ReadAsync<IReadOnlyDictionary<long, Story>>(
                async session =>
                {
                    var places = await session.ListAsync<PlaceRow>(StoriesOf, new { ids = database.List(entryIds) });
                    if (places.Count == 0) return new Dictionary<long, Story>();
                    var stories = await MembersAsync(session, [.. places.Select(place => place.StoryId).Distinct()]);
                    return places.Where(place => stories.TryGetValue(place.StoryId, out var story) && story.Members.Count > 1)
                        .ToDictionary(place => place.EntryId, place => stories[place.StoryId]);
                },
                cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<(Story Story, PageKey Place)>> ListAsync(PageKey? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IStoryStore.MaxListed);
        return database.ReadAsync<IReadOnlyList<(Story Story, PageKey Place)>>(
            async session =>
            {
                var rows = await session.ListAsync<ChangedRow>(
                    Newest, new { changed_at = before?.SortAt.ToUnixTimeMilliseconds() ?? long.MaxValue, id = before?.EntryId ?? long.MaxValue, limit });
                if (rows.Count == 0) return [];
                var stories = await MembersAsync(session, [.. rows.Select(row => row.Id)]);
                return [.. rows.Where(row => stories.ContainsKey(row.Id))
                    .Select(row => (stories[row.Id], new PageKey(UnixTime.FromMilliseconds(row.ChangedAt), row.Id)))];
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<StoryDecisionOutcome> SplitAsync(long entryId, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAloneAsync(
            async session =>
            {
                if ((await session.ListAsync<long>(Exists, new { ids = database.List([entryId]) })).Count == 0) return StoryDecisionOutcome.NotFound;
                var story = await StoryGroup.OfEntryAsync(session, entryId);
                if (story is null || story.Members.Count < 2) return StoryDecisionOutcome.Unchanged;
                foreach (var member in story.Members)
                    if (member.EntryId != entryId)
                        await DecideAsync(session, entryId, member.EntryId, isSame: false, decidedBy, now);
                var topics = await StoryGroup.TopicsAsync(session, story.Members);
                story.Remove(entryId);
                await story.SaveAsync(session, now);

                // What it is found by may stand in the index for another entry of the story only.
                await session.ExecuteAsync(QueueThis, new { id = entryId });
                await TopicVersions.RaiseAsync(session, topics, now);
                return StoryDecisionOutcome.Done;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<StoryDecisionOutcome> JoinAsync(long entryId, long otherId, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAloneAsync(
            async session =>
            {
                if (entryId == otherId) return StoryDecisionOutcome.Unchanged;
                if ((await session.ListAsync<long>(Exists, new { ids = database.List([entryId, otherId]) })).Count < 2) return StoryDecisionOutcome.NotFound;
                var one = await StoryGroup.OfEntryAsync(session, entryId) ?? await StoryGroup.OfOneAsync(session, entryId);
                var other = await StoryGroup.OfEntryAsync(session, otherId) ?? await StoryGroup.OfOneAsync(session, otherId);
                if (one.StoryId is not null && one.StoryId == other.StoryId) return StoryDecisionOutcome.Unchanged;
                if (one.Members.Count + other.Members.Count > Story.MaxMembers) return StoryDecisionOutcome.TooLarge;
                await session.ExecuteAsync(Undecide, new { ids = database.List([.. one.Members.Concat(other.Members).Select(member => member.EntryId)]) });

                // All of them, for any of them may go one day.
                foreach (var member in one.Members)
                    foreach (var joined in other.Members)
                        await DecideAsync(session, member.EntryId, joined.EntryId, isSame: true, decidedBy, now);

                // The older number stays.
                var (kept, taken) = other.StoryId is { } otherStory && (one.StoryId is not { } oneStory || otherStory < oneStory) ? (other, one) : (one, other);
                kept.Take(taken);
                await kept.SaveAsync(session, now);
                await TopicVersions.RaiseAsync(session, await StoryGroup.TopicsAsync(session, kept.Members), now);
                return StoryDecisionOutcome.Done;
            },
            cancellationToken);

    private static Task<int> DecideAsync(StoreSession session, long entryId, long otherId, bool isSame, string decidedBy, DateTimeOffset now) =>
        session.ExecuteAsync(Decide, new
        {
            entry_id = Math.Min(entryId, otherId),
            other_id = Math.Max(entryId, otherId),
            is_same = isSame ? 1 : 0,
            at = now.ToUnixTimeMilliseconds(),
            by = StorableText.Of(decidedBy),
        });

    private static async Task<Dictionary<long, Story>> MembersAsync(StoreSession session, IReadOnlyCollection<long> storyIds) =>
        (await session.ListAsync<MemberRow>(MembersOf, new { ids = session.Database.List(storyIds) }))
            .GroupBy(row => row.StoryId)
            .ToDictionary(rows => rows.Key, rows => new Story(rows.Key, [.. rows.Take(Story.MaxMembers).Select(row => row.ToMember())]));

    private sealed record StoryRow
    {
        public required long Id { get; init; }
        public long? MergedInto { get; init; }
    }

    private sealed record ChangedRow
    {
        public required long Id { get; init; }
        public required long ChangedAt { get; init; }
    }

    private sealed record PlaceRow
    {
        public required long EntryId { get; init; }
        public required long StoryId { get; init; }
    }

    private sealed record MemberRow
    {
        public required long StoryId { get; init; }
        public required long EntryId { get; init; }
        public required long SourceId { get; init; }
        public required string Title { get; init; }
        public string? Url { get; init; }
        public required long SortAt { get; init; }

        public StoryMember ToMember() => new(EntryId, SourceId, Title, Url, UnixTime.FromMilliseconds(SortAt));
    }
}
