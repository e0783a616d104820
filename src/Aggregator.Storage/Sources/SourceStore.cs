using System.Runtime.CompilerServices;
using System.Text;
using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Captures;
using Aggregator.Storage.Categories;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Retention;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Sources;

/// <summary>The sources in the store.</summary>
internal sealed class SourceStore(Database database) : ISourceStore
{
    private const int MaxPage = 1000;
    private const int ReadAllPage = 500;

    private const string Insert = """
        insert into source (url, title, state, default_zone, default_language, feed_site_url,
                            parser_version, identity_rule, next_fetch_at, failure_count, created_at, host,
                            min_interval, max_interval, fetch_settings, rules, capture, republish, publisher_agrees)
        values (@Url, @Title, @State, @DefaultZone, @DefaultLanguage, @FeedSiteUrl,
                @ParserVersion, @IdentityRule, @NextFetchAt, @FailureCount, @CreatedAt, @Host,
                @MinInterval, @MaxInterval, @FetchSettings, @Rules, @Capture, @Republish, @PublisherAgrees)
        on conflict (url) do nothing
        returning id
        """;

    // An update, though nothing changes: a refresh that is being saved and the joining of a category have to take turns,
    // or the entries of one would miss the other.
    private const string LockByUrl = "update source set url = url where url = @url returning id";

    private const string CountCategories = "select count(*) from category where id {any @ids}";

    private const string JoinCategory = """
        insert into category_source (category_id, source_id) values (@category_id, @source_id)
        on conflict (source_id, category_id) do nothing
        """;

    private const string PlaceEntries = """
        insert into category_entry (category_id, sort_at, entry_id)
        select @category_id, sort_at, id from entry where source_id = @source_id
        on conflict do nothing
        """;

    private const string ById = "select * from source where id = @id and state <> 4";

    private const string Many = "select * from source where id {any @ids} and state <> 4";

    private const string Page = "select * from source where id > @after and state <> 4 order by id limit @limit";

    // Here those that nobody may see, which are taken off what is counted: indexes know both numbers without a look at an entry.
    private const string PublicColumns = $"source.*, (select count(*) from entry where entry.source_id = source.id and {EntryRights.IsBlocked}) as entries";

    private const string CountSome = """
        select id as source_id, (select count(*) from (select 1 from entry where entry.source_id = source.id limit @counted) as part) as entries
        from source where id {any @ids}
        """;

    private const string PublicPage = $"select {PublicColumns} from source where source.id > @after and {EntryRights.SourceIsShown} order by source.id limit @limit";

    private const string PublicPageOfCategory = $"""
        select {PublicColumns}
        from category_source join source on source.id = category_source.source_id
        where category_source.category_id = @category and category_source.source_id > @after and {EntryRights.SourceIsShown}
        order by category_source.source_id limit @limit
        """;

    private const string Titles = "select id, coalesce(nullif(title, ''), nullif(feed_title, ''), url) as title from source where state <> 4";

    private const string TitlesOfCategory = """
        select source.id, coalesce(nullif(source.title, ''), nullif(source.feed_title, ''), source.url) as title
        from category_source join source on source.id = category_source.source_id
        where category_source.category_id = @category and source.state <> 4
        """;

    private const string EntryCounts = """
        select source_id, count(*) as entries from entry where source_id {any @ids} group by source_id
        """;

    private const string CategoriesOf = """
        select category_source.source_id, category.id, slug, title, description, language, show_attribution, position, category.rules, category.republish
        from category_source join category on category.id = category_source.category_id
        where category_source.source_id {any @ids}
        """;

    // A source whose host asked us to stay away (Retry-After) is not due, whatever its own schedule says.
    private const string Due = """
        state = 1 and next_fetch_at <= @now and (lease_until is null or lease_until <= @now)
        and coalesce((select closed_until from host where host.name = source.host), 0) <= @now
        """;

    internal const string CountDue = "select count(*) from source where " + Due;

    // Materialized: PostgreSQL may otherwise run the inner select once more for each row and claim more than the limit.
    internal const string ClaimDue = $$"""
        with due as materialized (
            select id from source
            where {{Due}}
            order by next_fetch_at limit @limit {skip locked}
        )
        update source set lease_owner = @owner, lease_until = @until
        where id in (select id from due)
        returning *
        """;

    private const string NameHost = "update source set host = @host where id = @id";

    private const string ClaimOne = """
        update source set lease_owner = @owner, lease_until = @until
        where id = @id and state <> 4 and (lease_owner is null or lease_owner = @owner or lease_until is null or lease_until <= @now)
        returning *
        """;

    private const string Release = """
        update source set lease_owner = null, lease_until = null where id {any @ids} and lease_owner = @owner
        """;

    private const string Defer = """
        update source set lease_owner = null, lease_until = null, next_fetch_at = @due_at where id = @id and lease_owner = @owner
        """;

    private const string ReleaseAll = "update source set lease_owner = null, lease_until = null where lease_owner is not null";

    // What came under the old settings says nothing of what comes under the new ones: the next document is asked for whole.
    private const string SetFetchSettings = "update source set fetch_settings = @settings, parser_version = 0 where id = @id";

    private const string SetState = """
        update source
        set state = @state,
            next_fetch_at = case when @state = 1 then @now else next_fetch_at end,
            schedule_reason = case when @state = 1 then null else schedule_reason end
        where id = @id and state <> 4
        """;

    private const string SetIntervals = """
        update source set min_interval = @min, max_interval = @max, next_fetch_at = case when @due < next_fetch_at then @due else next_fetch_at end
        where id = @id
        """;

    private const string ReplaceRules = "update source set rules = @rules where id = @id and state <> 4 and coalesce(rules, '') = coalesce(@seen, '')";

    private const string SetRules = "update source set rules = @rules where id = @id";

    /// <inheritdoc />
    public async Task<AddedSource> AddAsync(NewSource source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        return (await AddManyAsync([source], now, cancellationToken))[0];
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<AddedSource>> AddManyAsync(IReadOnlyList<NewSource> sources, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Count > ISourceStore.MaxAdded) throw new ArgumentException($"At most {ISourceStore.MaxAdded} sources are added at once.", nameof(sources));
        if (sources.Select(static source => source.Retention.Problem()).FirstOrDefault(static problem => problem is not null) is { } wrong)
            throw new ArgumentException(wrong, nameof(sources));
        var rows = sources.Select(source => (Row: RowOf(source, now), Categories: source.CategoryIds.Distinct().Order().ToList(), source.Retention)).ToList();
        var all = rows.SelectMany(row => row.Categories).Distinct().ToList();
        return database.WriteAsync<IReadOnlyList<AddedSource>>(
            async session =>
            {
                if (all.Count > 0 && await session.FindAsync<int>(CountCategories, new { ids = database.List(all) }) != all.Count)
                    throw new ArgumentException("A source is to join a category that does not exist; it may have been deleted meanwhile.", nameof(sources));

                var added = new List<AddedSource>(rows.Count);
                var joined = new HashSet<Topic>();
                foreach (var (row, categories, retention) in rows)
                {
                    var id = await session.FindAsync<long?>(Insert, row);
                    var source = id ?? (await session.FindAsync<long?>(LockByUrl, new { url = row.Url }))!.Value;
                    // What was deleted by mistake may be added by hand: it comes back with all it had.
                    var isBack = id is null && await SourceDeletion.RestoreAsync(session, [source], now) > 0;
                    if (id is not null && !retention.IsEmpty) await session.ExecuteAsync(RetentionRow.Insert, RetentionRow.Of(source, isSource: true, retention));
                    var levels = isBack && categories.Count > 0 ? await SourceLevels.ReadAsync(session, [source]) : null;
                    foreach (var category in id is not null || isBack ? categories : [])
                    {
                        var place = new { category_id = category, source_id = source };
                        if (await session.ExecuteAsync(JoinCategory, place) == 0) continue;
                        if (isBack) await session.ExecuteAsync(PlaceEntries, place);
                        joined.Add(Topic.Category(category));
                    }

                    if (levels is not null) await levels.RaiseAsync(session, now);

                    added.Add(new AddedSource(source, id is not null || isBack));
                }

                await TopicVersions.RaiseAsync(session, joined, now);
                return added;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> ReplaceRulesAsync(long sourceId, string? rules, string? seen, CancellationToken cancellationToken)
    {
        var row = new { id = sourceId, rules = StorableText.Of(rules), seen = StorableText.Of(seen) };
        return database.WriteAsync(async session => await session.ExecuteAsync(ReplaceRules, row) == 1, cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SetRulesAsync(long sourceId, string? rules, CancellationToken cancellationToken)
    {
        var row = new { id = sourceId, rules = StorableText.Of(rules) };
        return database.WriteAsync(async session => await session.ExecuteAsync(SetRules, row) == 1, cancellationToken);
    }

    private static SourceRow RowOf(NewSource source, DateTimeOffset now)
    {
        var url = StorableText.Of(source.Url);
        if (url.Length == 0 || Encoding.UTF8.GetByteCount(url) > NewSource.MaxUrlBytes)
            throw new ArgumentException($"A source's address has 1 to {NewSource.MaxUrlBytes} bytes.", nameof(source));
        return SourceRow.From(new Source
        {
            Id = 0,
            Url = url,
            Title = source.Title,
            State = source.State,
            DefaultZone = source.DefaultZone,
            DefaultLanguage = source.DefaultLanguage,
            Feed = new FeedFacts { SiteUrl = source.SiteUrl },
            NextFetchAt = now,
            CreatedAt = now,
            MinInterval = source.MinInterval,
            MaxInterval = source.MaxInterval,
            FetchSettings = source.FetchSettings,
            Rules = source.Rules,
            Capture = source.Capture,
            Republish = source.Republish,
            PublisherAgrees = source.PublisherAgrees,
        });
    }

    /// <inheritdoc />
    public Task<Source?> FindAsync(long sourceId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<SourceRow>(ById, new { id = sourceId }))?.ToSource(), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<Source>> FindManyAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sourceIds);
        return database.ReadAsync<IReadOnlyList<Source>>(
            async session => [.. (await session.ListAsync<SourceRow>(Many, new { ids = database.List(sourceIds) })).Select(row => row.ToSource())],
            cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<SourceListing> ReadAllAsync(long? categoryId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The order is made of numbers and titles alone, here: databases disagree about the order of texts, and whoever
        // reads the list slowly holds no connection meanwhile.
        var titles = await database.ReadAsync(
            session => categoryId is { } category
                ? session.ListAsync<TitleRow>(TitlesOfCategory, new { category })
                : session.ListAsync<TitleRow>(Titles),
            cancellationToken);
        var order = titles.OrderBy(row => row.Title, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Id).Select(row => row.Id);
        foreach (var ids in order.Chunk(ReadAllPage))
        {
            var listings = await database.ReadAsync(
                async session => (await ListingsAsync(session, await session.ListAsync<SourceRow>(Many, new { ids = database.List(ids) })))
                    .ToDictionary(listing => listing.Source.Id),
                cancellationToken);
            foreach (var id in ids)
                if (listings.TryGetValue(id, out var listing))
                    yield return listing;
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<SourceListing>> ListAsync(long afterSourceId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        return database.ReadAsync<IReadOnlyList<SourceListing>>(
            async session => await ListingsAsync(session, await session.ListAsync<SourceRow>(Page, new { after = afterSourceId, limit })),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<PublicSource>> ListPublicAsync(long? categoryId, long afterSourceId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        return database.ReadAsync<IReadOnlyList<PublicSource>>(
            async session =>
            {
                var rows = await session.ListAsync<SourceRow>(
                    categoryId is null ? PublicPage : PublicPageOfCategory,
                    new { category = categoryId ?? 0, after = afterSourceId, limit });
                if (rows.Count == 0) return [];
                const int AndOne = PublicSource.MaxCounted + 1;
                var asked = new { ids = database.List([.. rows.Select(row => row.Id)]), counted = AndOne + rows.Max(row => row.Entries) };
                var stored = (await session.ListAsync<EntryCountRow>(CountSome, asked)).ToDictionary(row => row.SourceId, row => row.Entries);

                // Between the two questions one of its entries may have gone.
                return rows.ConvertAll(row => new PublicSource(row.ToSource(), Math.Clamp(stored.GetValueOrDefault(row.Id) - row.Entries, 0, AndOne)));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> CountDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.FindAsync<int>(CountDue, new { now = now.ToUnixTimeMilliseconds() }), cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<Source>> ClaimDueAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var claim = new
        {
            owner = StorableText.Of(owner),
            now = now.ToUnixTimeMilliseconds(),
            until = until.ToUnixTimeMilliseconds(),
            limit,
        };
        var rows = await database.WriteAsync(
            async session =>
            {
                var claimed = await session.ListAsync<SourceRow>(ClaimDue, claim);

                // Sources from before the column existed get their hosts by and by.
                foreach (var row in claimed.Where(row => row.Host is null))
                    if (HostGate.HostOf(row.ToSource()) is { } host)
                        await session.ExecuteAsync(NameHost, new { id = row.Id, host });
                return claimed;
            },
            cancellationToken);
        return [.. rows.OrderBy(row => row.NextFetchAt).ThenBy(row => row.Id).Select(row => row.ToSource())];
    }

    /// <inheritdoc />
    public Task<Source?> ClaimAsync(long sourceId, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        var claim = new
        {
            id = sourceId,
            owner = StorableText.Of(owner),
            now = now.ToUnixTimeMilliseconds(),
            until = until.ToUnixTimeMilliseconds(),
        };
        return database.WriteAsync(
            async session => (await session.FindAsync<SourceRow>(ClaimOne, claim))?.ToSource(), cancellationToken);
    }

    /// <inheritdoc />
    public Task ReleaseAsync(IReadOnlyCollection<long> sourceIds, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sourceIds);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return database.WriteAsync(
            session => session.ExecuteAsync(Release, new { ids = database.List(sourceIds), owner = StorableText.Of(owner) }), cancellationToken);
    }

    /// <inheritdoc />
    public Task DeferAsync(IReadOnlyCollection<(long SourceId, DateTimeOffset DueAt)> sources, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        var rows = sources.OrderBy(source => source.SourceId)
            .Select(source => new { id = source.SourceId, due_at = source.DueAt.ToUnixTimeMilliseconds(), owner = StorableText.Of(owner) }).ToList();
        return database.WriteAsync(
            async session =>
            {
                foreach (var row in rows) await session.ExecuteAsync(Defer, row);
                return rows.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> ReleaseAllAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(ReleaseAll), cancellationToken);

    /// <inheritdoc />
    public Task<bool> SetStateAsync(long sourceId, SourceState state, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session => await session.ExecuteAsync(
                SetState, new { id = sourceId, state = (int)state, now = now.ToUnixTimeMilliseconds() }) == 1,
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> SetIntervalsAsync(long sourceId, TimeSpan? min, TimeSpan? max, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (min <= TimeSpan.Zero || max <= TimeSpan.Zero || max < min)
            throw new ArgumentException("A source's intervals are longer than nothing, and the longest is no shorter than the shortest.", nameof(min));
        var bounds = new
        {
            id = sourceId,
            min = (long?)min?.TotalMilliseconds,
            max = (long?)max?.TotalMilliseconds,
            due = max is { } longest ? (now + longest).ToUnixTimeMilliseconds() : long.MaxValue,
        };
        return database.WriteAsync(async session => await session.ExecuteAsync(SetIntervals, bounds) == 1, cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SetFetchSettingsAsync(long sourceId, FetchSettings? settings, CancellationToken cancellationToken)
    {
        if (settings?.Problem() is { } problem) throw new ArgumentException(problem, nameof(settings));
        var row = new { id = sourceId, settings = FetchJson.Write(settings) };
        return database.WriteAsync(async session => await session.ExecuteAsync(SetFetchSettings, row) == 1, cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SetCaptureAsync(long sourceId, CapturePolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Problem() is { } problem) throw new ArgumentException(problem, nameof(policy));
        return database.WriteAsync(session => SourceCaptures.SetAsync(session, sourceId, policy, now), cancellationToken);
    }

    private static async Task<List<SourceListing>> ListingsAsync(StoreSession session, List<SourceRow> rows)
    {
        var ids = session.Database.List([.. rows.Select(row => row.Id)]);
        var counts = (await session.ListAsync<EntryCountRow>(EntryCounts, new { ids })).ToDictionary(row => row.SourceId, row => row.Entries);
        var categories = (await session.ListAsync<SourceCategoryRow>(CategoriesOf, new { ids })).ToLookup(row => row.SourceId);
        var captures = await CaptureStore.HealthAsync(session, [.. rows.Select(row => row.Id)]);
        return
        [
            .. rows.Select(row => new SourceListing(
                row.ToSource(), counts.GetValueOrDefault(row.Id), CategoryRow.InOrder(categories[row.Id]))
            {
                Captures = captures.GetValueOrDefault(row.Id),
            }),
        ];
    }

    private sealed record TitleRow
    {
        public required long Id { get; init; }
        public required string Title { get; init; }
    }

    private sealed record EntryCountRow
    {
        public required long SourceId { get; init; }
        public required long Entries { get; init; }
    }

    private sealed record SourceCategoryRow : CategoryRow
    {
        public required long SourceId { get; init; }
    }
}
