using System.Runtime.CompilerServices;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;
using Dapper;

namespace Aggregator.Storage.Retention;

/// <summary>
/// Retention in the store. What may have to go is found by ranges of indexes and read outside of any transaction; only deleting is
/// done in one, and looks again.
/// </summary>
internal sealed class RetentionStore(Database database) : IRetentionStore
{
    private const string All = $"select {RetentionRow.Columns} from retention";

    private const string OfSource = $"{All} where source_id = @id";

    private const string OfCategory = $"{All} where category_id = @id";

    // There are few, and a comparison finds them by their index where a test for null would not.
    private const string OfCategories = $"{All} where category_id > 0";

    private const string OfSources = $"{All} where source_id > @afterId order by source_id limit @limit";

    private const string ClearSource = "delete from retention where source_id = @id";

    private const string ClearCategory = "delete from retention where category_id = @id";

    private const string LockSource = "select id from source where id = @id {locked}";

    private const string LockCategory = "select id from category where id = @id {locked}";

    internal const string OldOfAll = """
        select id, source_id, first_seen_at, left_at, sort_at, first_seen_at as place from entry
        where left_at is not null and first_seen_at < @end and (first_seen_at, id) > (@after, @after_id)
        order by first_seen_at, id limit @limit
        """;

    // Those that are still held are read with them, so that a page costs what its limit says, and the order comes from the index.
    internal const string LowestOfSource = """
        select id, source_id, first_seen_at, left_at, sort_at, sort_at as place from entry
        where source_id = @topic and (sort_at, id) > (@after, @after_id) and (sort_at, id) < (@end, @end_id)
        order by sort_at, id limit @limit
        """;

    internal const string LowestOfCategory = """
        select entry.id, entry.source_id, entry.first_seen_at, entry.left_at, entry.sort_at, category_entry.sort_at as place
        from category_entry join entry on entry.id = category_entry.entry_id
        where category_entry.category_id = @topic
              and (category_entry.sort_at, category_entry.entry_id) > (@after, @after_id)
              and (category_entry.sort_at, category_entry.entry_id) < (@end, @end_id)
        order by category_entry.sort_at, category_entry.entry_id limit @limit
        """;

    internal const string LastKeptOfSource = """
        select sort_at, id from entry where source_id = @topic order by sort_at desc, id desc limit 1 offset @skip
        """;

    internal const string LastKeptOfCategory = """
        select sort_at, entry_id as id from category_entry where category_id = @topic order by sort_at desc, entry_id desc limit 1 offset @skip
        """;

    internal const string SourcesAfter = "select id from source where id > @after order by id limit @limit";

    internal const string PlacesOf = "select entry_id, category_id from category_entry where entry_id {any @ids}";

    private const string StillLeft = "select id, source_id from entry where id {any @ids} and left_at is not null order by id {locked}";

    private const string CategoriesOf = "select distinct category_id from category_entry where entry_id {any @ids}";

    // The snapshots stay: what they hash was once published, and the proofs name it.
    private const string MarkExpired = "update snapshot set removal = 2 where entry_id {any @ids} and removal is null";

    private const string DeleteTexts = """
        delete from snapshot_document where snapshot_id in (select id from snapshot where entry_id {any @ids})
        """;

    private const string DeleteEntries = "delete from entry where id {any @ids}";

    internal const string Revised = """
        select id, source_id from entry where version > 2 and id > @after order by id limit @limit
        """;

    internal const string Thinnable = """
        select id, entry_id, number, kind, captured_at from snapshot where entry_id {any @ids} and removal is null
        """;

    private const string MarkThinned = "update snapshot set removal = 1 where id {any @ids}";

    private const string DeleteThinned = "delete from snapshot_document where snapshot_id {any @ids}";

    /// <inheritdoc />
    public Task<RetentionSettings> FindRetentionAsync(Topic topic, CancellationToken cancellationToken)
    {
        var (id, isSource) = ScopeOf(topic);
        return database.ReadAsync(session => OfAsync(session, id, isSource), cancellationToken);
    }

    /// <inheritdoc />
    public Task<RetentionUpdate> SetRetentionAsync(Topic topic, RetentionSettings settings, RetentionSettings? seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (id, isSource) = ScopeOf(topic);
        if (settings.Problem() is { } problem) throw new ArgumentException(problem, nameof(settings));
        var row = RetentionRow.Of(id, isSource, settings);
        return database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<long?>(isSource ? LockSource : LockCategory, new { id }) is null) return RetentionUpdate.Unknown;
                if (seen is not null && seen != await OfAsync(session, id, isSource)) return RetentionUpdate.Changed;
                await session.ExecuteAsync(isSource ? ClearSource : ClearCategory, new { id });
                if (!settings.IsEmpty) await session.ExecuteAsync(RetentionRow.Insert, row);
                return RetentionUpdate.Done;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<long, RetentionSettings>> ListOfCategoriesAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync(session => session.ListAsync<RetentionRow>(OfCategories), cancellationToken))
            .ToDictionary(row => row.CategoryId!.Value, row => row.ToSettings());

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<long, RetentionSettings>> ListOfSourcesAsync(long afterId, int limit, CancellationToken cancellationToken) =>
        (await database.ReadAsync(session => session.ListAsync<RetentionRow>(OfSources, new { afterId, limit }), cancellationToken))
            .ToDictionary(row => row.SourceId!.Value, row => row.ToSettings());

    /// <inheritdoc />
    public async Task<RetentionPlan> ReadPlanAsync(RetentionRule entries, RetentionRule versions, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(session => session.ListAsync<RetentionRow>(All), cancellationToken);
        return new RetentionPlan
        {
            Entries = entries,
            Versions = versions,
            OfCategories = rows.Where(row => row.CategoryId is not null).ToDictionary(row => row.CategoryId!.Value, row => row.ToSettings()),
            OfSources = rows.Where(row => row.SourceId is not null).ToDictionary(row => row.SourceId!.Value, row => row.ToSettings()),
        };
    }

    /// <inheritdoc />
    public async Task<int> ForgetAsync(RetentionPlan plan, DateTimeOffset now, int batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        CheckBatch(batch);
        if (plan.KeepsAllEntries) return 0;

        // The places of categories' last kept entries, looked up once: there are few, and what is younger than they is kept anyway.
        var lastKept = new Dictionary<long, Place?>();
        foreach (var (id, rule) in Own(plan.OfCategories)) lastKept[id] = await LastKeptAsync(LastKeptOfCategory, id, rule, cancellationToken);

        var forgotten = 0;
        await foreach (var range in RangesAsync(plan, now, lastKept, cancellationToken))
        {
            for (var after = Place.Lowest; ;)
            {
                var page = await database.ReadAsync(session => session.ListAsync<PlacedRow>(range.Statement, range.From(after, batch)), cancellationToken);
                forgotten += await ForgetAsync(page, plan, now, lastKept, cancellationToken);
                if (page.Count < batch) break;
                after = new Place { SortAt = page[^1].Place, Id = page[^1].Id };
            }
        }

        return forgotten;
    }

    /// <inheritdoc />
    public async Task<int> ThinAsync(RetentionPlan plan, DateTimeOffset now, int batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        CheckBatch(batch);
        if (plan.KeepsAllVersions) return 0;

        var thinned = 0;
        for (long? next = 0; next is { } after;)
        {
            var step = await database.WriteAsync(session => ThinAsync(session, plan, now, after, batch), cancellationToken);
            thinned += step.Texts;
            next = step.Next;
        }

        return thinned;
    }

    /// <summary>
    /// The ranges in which entries stand that a rule may let go. An entry's place is never later than when we first had it, so what is
    /// too old by its days and what is beyond a count both stand at the lower end of its source and category.
    /// </summary>
    private async IAsyncEnumerable<Range> RangesAsync(
        RetentionPlan plan, DateTimeOffset now, Dictionary<long, Place?> lastKept, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (id, rule) in Own(plan.OfSources))
            yield return new Range(LowestOfSource, id, EndOf(rule, await LastKeptAsync(LastKeptOfSource, id, rule, cancellationToken), now));
        foreach (var (id, rule) in Own(plan.OfCategories))
            yield return new Range(LowestOfCategory, id, EndOf(rule, lastKept[id], now));
        if (plan.Entries.Days > 0)
            yield return new Range(OldOfAll, 0, Place.Before(now - TimeSpan.FromDays(plan.Entries.Days)));
        if (plan.Entries.Count == 0) yield break;

        // The general count is one of each source's entries.
        List<long> sources;
        for (var after = 0L; ; after = sources[^1])
        {
            sources = await database.ReadAsync(session => session.ListAsync<long>(SourcesAfter, new { after, limit = IRetentionStore.MaxBatch }), cancellationToken);
            foreach (var id in sources.Where(id => plan.OfSources.GetValueOrDefault(id)?.Entries is null))
                if (await LastKeptAsync(LastKeptOfSource, id, plan.Entries, cancellationToken) is { } last)
                    yield return new Range(LowestOfSource, id, last);
            if (sources.Count < IRetentionStore.MaxBatch) yield break;
        }
    }

    private static IEnumerable<(long Id, RetentionRule Rule)> Own(IReadOnlyDictionary<long, RetentionSettings> settings) =>
        settings.Where(one => one.Value.Entries is { IsForEver: false }).OrderBy(one => one.Key).Select(one => (one.Key, one.Value.Entries!));

    private static Place EndOf(RetentionRule rule, Place? lastKept, DateTimeOffset now)
    {
        var byDays = rule.Days > 0 ? Place.Before(now - TimeSpan.FromDays(rule.Days)) : Place.Lowest;
        return lastKept is not null && byDays.IsBelow(lastKept) ? lastKept : byDays;
    }

    private Task<Place?> LastKeptAsync(string statement, long topic, RetentionRule rule, CancellationToken cancellationToken) =>
        rule.Count == 0
            ? Task.FromResult<Place?>(null)
            : database.ReadAsync(session => session.FindAsync<Place>(statement, new { topic, skip = rule.Count - 1 }), cancellationToken);

    private async Task<int> ForgetAsync(
        List<PlacedRow> page, RetentionPlan plan, DateTimeOffset now, Dictionary<long, Place?> lastKept, CancellationToken cancellationToken)
    {
        var left = page.FindAll(row => row.LeftAt is not null);
        if (left.Count == 0) return 0;
        var ids = database.List([.. left.Select(row => row.Id)]);
        var places = (await database.ReadAsync(session => session.ListAsync<CategoryPlace>(PlacesOf, new { ids }), cancellationToken))
            .ToLookup(place => place.EntryId, place => place.CategoryId);
        var lastOfSources = new Dictionary<long, Place?>();
        foreach (var source in left.Select(row => row.SourceId).Distinct())
            lastOfSources[source] = await LastKeptAsync(LastKeptOfSource, source, plan.EntriesOfSource(source), cancellationToken);

        var expired = left.Where(row => plan.LetsGo(
            new ExpiryCandidate(
                row.SourceId, UnixTime.FromMilliseconds(row.FirstSeenAt), row.IsBelow(lastOfSources[row.SourceId]),
                [.. places[row.Id].Select(category => (category, row.IsBelow(lastKept.GetValueOrDefault(category))))]),
            now)).Select(row => row.Id).ToList();
        return expired.Count == 0 ? 0 : await database.WriteAsync(session => DeleteAsync(session, expired, now), cancellationToken);
    }

    /// <summary>Deletes entries with their texts; what their snapshots hash is remembered.</summary>
    internal static async Task DeleteAsync(StoreSession session, SqlMapper.ICustomQueryParameter ids)
    {
        await session.ExecuteAsync(MarkExpired, new { ids });
        await session.ExecuteAsync(DeleteTexts, new { ids });
        await session.ExecuteAsync(DeleteEntries, new { ids });
    }

    private async Task<int> DeleteAsync(StoreSession session, List<long> expired, DateTimeOffset now)
    {
        // A refresh may have brought one back meanwhile.
        var left = await session.ListAsync<RevisedRow>(StillLeft, new { ids = database.List(expired) });
        if (left.Count == 0) return 0;
        var ids = database.List([.. left.Select(row => row.Id)]);
        var categories = await session.ListAsync<long>(CategoriesOf, new { ids });
        await DeleteAsync(session, ids);
        await TopicVersions.RaiseAsync(
            session, [Topic.Everything, .. categories.Select(Topic.Category), .. left.Select(row => Topic.Source(row.SourceId))], now);
        return left.Count;
    }

    private async Task<(int Texts, long? Next)> ThinAsync(StoreSession session, RetentionPlan plan, DateTimeOffset now, long after, int limit)
    {
        var entries = await session.ListAsync<RevisedRow>(Revised, new { after, limit });
        if (entries.Count == 0) return (0, null);
        var places = (await session.ListAsync<CategoryPlace>(PlacesOf, new { ids = database.List([.. entries.Select(entry => entry.Id)]) }))
            .ToLookup(place => place.EntryId, place => place.CategoryId);
        var rules = entries.Select(entry => (entry.Id, Rule: plan.VersionsOf(entry.SourceId, [.. places[entry.Id]]))).Where(entry => !entry.Rule.IsForEver)
            .ToDictionary(entry => entry.Id, entry => entry.Rule);
        var versions = rules.Count == 0 ? [] : await session.ListAsync<ThinnableRow>(Thinnable, new { ids = database.List(rules.Keys) });
        var thinned = versions.GroupBy(version => version.EntryId)
            .SelectMany(entry => Thinning.Choose([.. entry.Select(version => version.ToThinnable())], rules[entry.Key], now)).ToList();
        if (thinned.Count > 0)
        {
            var ids = database.List(thinned);
            await session.ExecuteAsync(MarkThinned, new { ids });
            await session.ExecuteAsync(DeleteThinned, new { ids });
        }

        return (thinned.Count, entries.Count == limit ? entries[^1].Id : null);
    }

    private static async Task<RetentionSettings> OfAsync(StoreSession session, long id, bool isSource) =>
        (await session.FindAsync<RetentionRow>(isSource ? OfSource : OfCategory, new { id }))?.ToSettings() ?? RetentionSettings.None;

    private static (long Id, bool IsSource) ScopeOf(Topic topic) => topic switch
    {
        Topic.OfSource source => (source.SourceId, true),
        Topic.OfCategory category => (category.CategoryId, false),
        _ => throw new ArgumentException("Retention is set for a source or a category; the general rule stands in the configuration (Retention).", nameof(topic)),
    };

    private static void CheckBatch(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, IRetentionStore.MaxBatch);
    }

    /// <summary>A part of an index, from its lower end to before <paramref name="End"/>.</summary>
    private sealed record Range(string Statement, long Topic, Place End)
    {
        public object From(Place after, int limit) => new
        {
            topic = Topic,
            after = after.SortAt,
            after_id = after.Id,
            end = End.SortAt,
            end_id = End.Id,
            limit,
        };
    }

    private sealed record Place
    {
        public static Place Lowest { get; } = new() { SortAt = long.MinValue, Id = 0 };

        public required long SortAt { get; init; }
        public required long Id { get; init; }

        public static Place Before(DateTimeOffset time) => new() { SortAt = time.ToUnixTimeMilliseconds(), Id = 0 };

        public bool IsBelow(Place other) => SortAt < other.SortAt || (SortAt == other.SortAt && Id < other.Id);
    }

    private sealed record PlacedRow
    {
        public required long Id { get; init; }
        public required long SourceId { get; init; }
        public required long FirstSeenAt { get; init; }
        public long? LeftAt { get; init; }
        public required long SortAt { get; init; }
        public required long Place { get; init; }

        public bool IsBelow(Place? place) => place is not null && new Place { SortAt = SortAt, Id = Id }.IsBelow(place);
    }

    private sealed record CategoryPlace
    {
        public required long EntryId { get; init; }
        public required long CategoryId { get; init; }
    }

    private sealed record RevisedRow
    {
        public required long Id { get; init; }
        public required long SourceId { get; init; }
    }

    private sealed record ThinnableRow
    {
        public required long Id { get; init; }
        public required long EntryId { get; init; }
        public required int Number { get; init; }
        public required int Kind { get; init; }
        public required long CapturedAt { get; init; }

        public ThinnableSnapshot ToThinnable() => new(Id, Number, (SnapshotKind)Kind, UnixTime.FromMilliseconds(CapturedAt));
    }
}
