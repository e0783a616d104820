using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Categories;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Sources;

/// <summary>What admins see of the sources in the store, and do to them.</summary>
internal sealed class SourceAdminStore(Database database) : ISourceAdminStore
{
    // Rules put entries into categories that their source is not in.
    private const string CategoriesWithEntries = """
        select distinct category_entry.category_id from entry join category_entry on category_entry.entry_id = entry.id where entry.source_id = @id
        """;

    private const string ById = "select * from source where id = @id";

    internal const string DaysOf = "select source_id, day, added from source_day where source_id {any @ids} and day > @since";

    private const string CategoriesOf = """
        select category_source.source_id, category.id, slug, title, description, language, show_attribution, position, category.republish
        from category_source join category on category.id = category_source.category_id
        where category_source.source_id {any @ids}
        """;

    private const string States = "select id, state from source where id {any @ids} order by id";

    private const string EntryCount = "select count(*) from entry where source_id = @id";

    private const string ByAddress = "select * from source where url {any @urls}";

    internal const string CountFailing = "select count(*) from source where state = 1 and failure_count > 0";

    internal const string CountToday = "select cast(coalesce(sum(added), 0) as bigint) from source_day where day = @day";

    private const string SetState = """
        update source
        set state = @state,
            next_fetch_at = case when @state = 1 then @now else next_fetch_at end,
            schedule_reason = case when @state = 1 then null else schedule_reason end
        where id {any @ids} and state <> @state and state <> 4
        """;

    private const string MakeDue = "update source set next_fetch_at = @now, schedule_reason = null where id {any @ids} and state = 1";

    private const string CountCategories = "select count(*) from category where id {any @ids}";

    // An update, though nothing changes: a refresh that is being saved places its entries before or after us, never beside us.
    private const string LockMany = "update source set url = url where id {any @ids} and state <> 4 returning id";

    private const string Memberships = "select source_id, category_id from category_source where source_id {any @ids}";

    private const string LeavePlaces = """
        delete from category_entry
        where category_id = @category_id and entry_id in (select id from entry where source_id {any @ids})
        """;

    private const string Leave = "delete from category_source where category_id = @category_id and source_id {any @ids}";

    private const string Join = """
        insert into category_source (category_id, source_id)
        select @category_id, id from source where id {any @ids}
        on conflict (source_id, category_id) do nothing
        """;

    private const string JoinPlaces = """
        insert into category_entry (category_id, sort_at, entry_id)
        select @category_id, sort_at, id from entry where source_id {any @ids}
        on conflict (category_id, sort_at, entry_id) do nothing
        """;

    private const string Taken = "select count(*) from source where url = @url and id <> @id";

    private const string Edit = """
        update source
        set title = @title, default_zone = @default_zone, default_language = @default_language,
            min_interval = @min_interval, max_interval = @max_interval, fetch_settings = @fetch_settings,
            republish = @republish, publisher_agrees = @publisher_agrees,
            next_fetch_at = case when @due < next_fetch_at then @due else next_fetch_at end,
            parser_version = case when @is_read_anew then 0 else parser_version end
        where id = @id
        """;

    private const string Move = """
        update source
        set url = @url, host = @host, state = case when state = 3 then 1 else state end, next_fetch_at = @now, schedule_reason = null,
            lease_owner = null, lease_until = null, fetch_state = null, failure_count = 0, failure_kind = null, failure_message = null,
            failure_at = null, failure_status = null, etag = null, last_modified = null, body_hash = null, validators_at = null, parser_version = 0
        where id = @id
        """;

    private const string Hidden = $"""
        select case when {EntryRights.IsShown} then 0 when {EntryRights.IsStored} then 2 else 1 end from entry where id = @id
        """;

    internal const string OldestDeleted = "select id from source where state = 4 and deleted_at < @before order by deleted_at, id limit 1";

    private const string SomeEntries = "select id from entry where source_id = @id limit @limit";

    // The snapshots stay: what they hash was once published, and the proofs name it.
    private const string MarkSnapshots = "update snapshot set removal = 2 where entry_id {any @ids} and removal is null";

    private const string DeleteDocuments = """
        delete from snapshot_document where snapshot_id in (select id from snapshot where entry_id {any @ids})
        """;

    private const string DeleteEntries = "delete from entry where id {any @ids}";

    private const string DeleteSource = "delete from source where id = @id and state = 4";

    /// <inheritdoc />
    public Task<IReadOnlyList<ListedSource>> ListAsync(SourceQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > SourceQuery.MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, $"A page has 1 to {SourceQuery.MaxLimit} sources.");
        if (query.Days is < 1 or > FetchLog.Days)
            throw new ArgumentOutOfRangeException(nameof(query), query.Days, $"1 to {FetchLog.Days} days are counted.");

        var (statement, parameters) = SourceListStatement.Page(database, query, now);
        return database.ReadAsync<IReadOnlyList<ListedSource>>(
            async session =>
            {
                var rows = await session.ListAsync<SourceRow>(statement, parameters);
                var (categories, days) = await AroundAsync(session, [.. rows.Select(row => row.Id)], query.Days, now);
                return
                [
                    .. rows.Select(row => new ListedSource(
                        row.ToSource(), CategoryRow.InOrder(categories[row.Id]), Counted(days[row.Id], query.Days, now),
                        SourceListStatement.KeyOf(row, query.Order))),
                ];
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> CountAsync(SourceFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (statement, parameters) = SourceListStatement.Count(database, filter, now);
        return database.ReadAsync(session => session.FindAsync<int>(statement, parameters), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> ListIdsAsync(SourceFilter filter, long afterId, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var (statement, parameters) = SourceListStatement.Ids(database, filter, afterId, limit, now);
        return database.ReadAsync<IReadOnlyList<long>>(async session => await session.ListAsync<long>(statement, parameters), cancellationToken);
    }

    /// <inheritdoc />
    public Task<SourceDetail?> FindAsync(long sourceId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                if (await session.FindAsync<SourceRow>(ById, new { id = sourceId }) is not { } row) return null;
                var (categories, days) = await AroundAsync(session, [sourceId], FetchLog.Days, now);
                var fetches = await session.ListAsync<FetchLogRow>(FetchLog.Newest, new { source_id = sourceId });
                return new SourceDetail(
                    row.ToSource(), CategoryRow.InOrder(categories[sourceId]), Counted(days[sourceId], FetchLog.Days, now),
                    await session.FindAsync<long>(EntryCount, new { id = sourceId }), fetches.ConvertAll(fetch => fetch.ToRecord()));
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<SourcePlace>> ListPlacesAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken)
    {
        Check(sourceIds);
        return database.ReadAsync<IReadOnlyList<SourcePlace>>(
            async session =>
            {
                var ids = database.List(sourceIds);
                var states = await session.ListAsync<StateRow>(States, new { ids });
                var categories = (await session.ListAsync<SourceCategoryRow>(CategoriesOf, new { ids })).ToLookup(row => row.SourceId);
                return states.ConvertAll(row => new SourcePlace(row.Id, (SourceState)row.State, [.. CategoryRow.InOrder(categories[row.Id]).Select(category => category.Slug)]));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<KnownAddress>> FindByAddressAsync(IReadOnlyCollection<string> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        return database.ReadAsync<IReadOnlyList<KnownAddress>>(
            async session => (await session.ListAsync<SourceRow>(ByAddress, new { urls = database.List([.. urls.Select(url => StorableText.Of(url))]) }))
                .ConvertAll(row => new KnownAddress(row.Id, row.Url, row.ToSource().DisplayTitle, row.State == (int)SourceState.Deleted)),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<SourceTotals> TotalsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => new SourceTotals(
                await session.FindAsync<int>(SourceStore.CountDue, new { now = now.ToUnixTimeMilliseconds() }),
                await session.FindAsync<int>(CountFailing),
                await session.FindAsync<long>(CountToday, new { day = FetchLog.DayOf(now) })),
            cancellationToken);

    /// <inheritdoc />
    public Task<int> SetStateAsync(IReadOnlyCollection<long> sourceIds, SourceState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (state is not (SourceState.Active or SourceState.Paused))
            throw new ArgumentOutOfRangeException(nameof(state), state, "An admin pauses or resumes a source; deleting is another thing.");
        return ChangeAsync(
            sourceIds,
            (session, ids) => session.ExecuteAsync(SetState, new { ids, state = (int)state, now = now.ToUnixTimeMilliseconds() }),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> MakeDueAsync(IReadOnlyCollection<long> sourceIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(sourceIds, (session, ids) => session.ExecuteAsync(MakeDue, new { ids, now = now.ToUnixTimeMilliseconds() }), cancellationToken);

    /// <inheritdoc />
    public Task<int> SetCategoriesAsync(
        IReadOnlyCollection<long> sourceIds, IReadOnlyCollection<long> categoryIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(sourceIds);
        ArgumentNullException.ThrowIfNull(categoryIds);
        return database.WriteAsync(
            async session =>
            {
                var levels = await SourceLevels.ReadAsync(session, sourceIds);
                var changed = await RegroupAsync(session, sourceIds, categoryIds, now)
                    ?? throw new ArgumentException("A category does not exist; it may have been deleted meanwhile.", nameof(categoryIds));
                await levels.RaiseAsync(session, now);
                return changed;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> DeleteAsync(IReadOnlyCollection<long> sourceIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(sourceIds);
        return database.WriteAsync(session => SourceDeletion.DeleteAsync(session, sourceIds, now), cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> RestoreAsync(IReadOnlyCollection<long> sourceIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(sourceIds);
        return database.WriteAsync(session => SourceDeletion.RestoreAsync(session, sourceIds, now), cancellationToken);
    }

    /// <inheritdoc />
    public Task<SourceEditOutcome> EditAsync(long sourceId, SourceEdit edit, SourceEdit? seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(edit);
        if (edit.Capture?.Problem() is { } wrong) throw new ArgumentException(wrong, nameof(edit));
        if (edit.FetchSettings?.Problem() is { } problem) throw new ArgumentException(problem, nameof(edit));
        if (edit.MinInterval <= TimeSpan.Zero || edit.MaxInterval <= TimeSpan.Zero || edit.MinInterval > edit.MaxInterval)
            throw new ArgumentException("Intervals are above zero, and the longest is not below the shortest.", nameof(edit));

        var url = StorableText.Of(edit.Url);
        return database.WriteAsync(
            async session =>
            {
                if ((await session.ListAsync<long>(LockMany, new { ids = database.List([sourceId]) })).Count == 0) return SourceEditOutcome.NotFound;
                var before = (await session.FindAsync<SourceRow>(ById, new { id = sourceId }))!;
                var old = before.ToSource();
                var oldCategories = await session.ListAsync<MembershipRow>(Memberships, new { ids = database.List([sourceId]) });
                var settingsNow = SourceEdit.Of(old, []) with { CategoryIds = oldCategories.ConvertAll(row => row.CategoryId) };
                if (seen is not null && !seen.IsSameAs(settingsNow)) return SourceEditOutcome.Changed;
                if (before.Url != url && await session.FindAsync<int>(Taken, new { url, id = sourceId }) > 0) return SourceEditOutcome.AddressTaken;
                var levels = await SourceLevels.ReadAsync(session, [sourceId]);
                if (await RegroupAsync(session, [sourceId], edit.CategoryIds, now) is null) return SourceEditOutcome.NoSuchCategory;

                var settings = FetchJson.Write(edit.FetchSettings);
                await session.ExecuteAsync(Edit, new
                {
                    id = sourceId,
                    title = StorableText.Of(edit.Title),
                    default_zone = StorableText.Of(edit.DefaultZone),
                    default_language = StorableText.Of(edit.DefaultLanguage),
                    min_interval = (long?)edit.MinInterval?.TotalMilliseconds,
                    max_interval = (long?)edit.MaxInterval?.TotalMilliseconds,
                    fetch_settings = settings,
                    republish = (int?)edit.Republish,
                    publisher_agrees = edit.PublisherAgrees,
                    due = edit.MaxInterval is { } longest ? (now + longest).ToUnixTimeMilliseconds() : long.MaxValue,
                    // What came under the old settings says nothing of what comes under the new ones.
                    is_read_anew = settings != before.FetchSettings || edit.DefaultZone != before.DefaultZone || edit.DefaultLanguage != before.DefaultLanguage,
                });
                if (edit.State is SourceState.Active or SourceState.Paused && edit.State != old.State)
                    await session.ExecuteAsync(SetState, new { ids = database.List([sourceId]), state = (int)edit.State, now = now.ToUnixTimeMilliseconds() });
                if (edit.Capture is { } capture && capture != old.Capture) await SourceCaptures.SetAsync(session, sourceId, capture, now);
                if (before.Url != url)
                    await session.ExecuteAsync(Move, new { id = sourceId, url, host = HostGate.HostOf(url), now = now.ToUnixTimeMilliseconds() });
                await levels.RaiseAsync(session, now);
                if (before.Title != edit.Title || before.Url != url)
                    await TopicVersions.RaiseForSourceAsync(session, sourceId, await session.ListAsync<long>(CategoriesWithEntries, new { id = sourceId }), now);
                return SourceEditOutcome.Done;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<EntryHiding?> FindHidingAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => await session.FindAsync<int>(Hidden, new { id = entryId }) switch
            {
                1 => EntryHiding.SourceDeleted,
                2 => EntryHiding.NotRepublished,
                _ => (EntryHiding?)null,
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<int> PurgeAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<long?>(OldestDeleted, new { before = deletedBefore.ToUnixTimeMilliseconds() }) is not { } id) return 0;
                var entries = await session.ListAsync<long>(SomeEntries, new { id, limit });
                if (entries.Count > 0)
                {
                    var ids = database.List(entries);
                    await session.ExecuteAsync(MarkSnapshots, new { ids });
                    await session.ExecuteAsync(DeleteDocuments, new { ids });
                    await session.ExecuteAsync(DeleteEntries, new { ids });
                }

                return entries.Count + (entries.Count < limit ? await session.ExecuteAsync(DeleteSource, new { id }) : 0);
            },
            cancellationToken);
    }

    private Task<int> ChangeAsync(
        IReadOnlyCollection<long> sourceIds, Func<StoreSession, Dapper.SqlMapper.ICustomQueryParameter, Task<int>> change, CancellationToken cancellationToken)
    {
        Check(sourceIds);
        return database.WriteAsync(session => change(session, database.List(sourceIds)), cancellationToken);
    }

    private static void Check(IReadOnlyCollection<long> sourceIds)
    {
        ArgumentNullException.ThrowIfNull(sourceIds);
        if (sourceIds.Count > ISourceAdminStore.MaxChanged)
            throw new ArgumentOutOfRangeException(nameof(sourceIds), sourceIds.Count, $"At most {ISourceAdminStore.MaxChanged} sources are changed at once.");
    }

    /// <summary>Puts sources into exactly these categories; how many changed, or null when a category does not exist.</summary>
    private async Task<int?> RegroupAsync(StoreSession session, IReadOnlyCollection<long> sourceIds, IReadOnlyCollection<long> categoryIds, DateTimeOffset now)
    {
        var wanted = categoryIds.Distinct().ToList();
        if (await session.FindAsync<int>(CountCategories, new { ids = database.List(wanted) }) != wanted.Count) return null;
        var sources = await session.ListAsync<long>(LockMany, new { ids = database.List(sourceIds) });
        var before = (await session.ListAsync<MembershipRow>(Memberships, new { ids = database.List(sources) })).ToLookup(row => row.CategoryId, row => row.SourceId);
        var changed = new HashSet<long>();
        var topics = new List<Topic>();
        foreach (var category in before.Select(group => group.Key).Union(wanted).Order())
        {
            var isWanted = wanted.Contains(category);
            var moving = isWanted ? sources.Except(before[category]).ToList() : before[category].ToList();
            if (moving.Count == 0) continue;
            var parameters = new { category_id = category, ids = database.List(moving) };
            await session.ExecuteAsync(isWanted ? Join : LeavePlaces, parameters);
            await session.ExecuteAsync(isWanted ? JoinPlaces : Leave, parameters);
            changed.UnionWith(moving);
            topics.Add(Topic.Category(category));
        }

        await TopicVersions.RaiseAsync(session, topics, now);
        return changed.Count;
    }

    private async Task<(ILookup<long, CategoryRow> Categories, ILookup<long, DayRow> Days)> AroundAsync(
        StoreSession session, IReadOnlyCollection<long> sourceIds, int days, DateTimeOffset now)
    {
        var ids = database.List(sourceIds);
        var categories = await session.ListAsync<SourceCategoryRow>(CategoriesOf, new { ids });
        var counts = await session.ListAsync<DayRow>(DaysOf, new { ids, since = FetchLog.DayOf(now) - days });
        return (categories.ToLookup(row => row.SourceId, CategoryRow (row) => row), counts.ToLookup(row => row.SourceId));
    }

    private static List<DayCount> Counted(IEnumerable<DayRow> rows, int days, DateTimeOffset now)
    {
        var byDay = rows.ToDictionary(row => row.Day, row => row.Added);
        var today = FetchLog.DayOf(now);
        return [.. Enumerable.Range(today - days + 1, days).Select(day => new DayCount(FetchLog.DateOf(day), byDay.GetValueOrDefault(day)))];
    }

    private sealed record DayRow
    {
        public required long SourceId { get; init; }
        public required int Day { get; init; }
        public required int Added { get; init; }
    }

    private sealed record StateRow
    {
        public required long Id { get; init; }
        public required int State { get; init; }
    }

    private sealed record MembershipRow
    {
        public required long SourceId { get; init; }
        public required long CategoryId { get; init; }
    }

    private sealed record SourceCategoryRow : CategoryRow
    {
        public required long SourceId { get; init; }
    }
}
