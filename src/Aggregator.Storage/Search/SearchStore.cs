using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Aggregator.Core.Background;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Searching;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Snapshots;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Search;

/// <summary>
/// Searches. The index (<see cref="SearchIndex"/>) finds candidates by terms, and knows of nearly all whether they fit; the few others, and all
/// of a phrase of several words, are checked against the text.
/// </summary>
internal sealed class SearchStore(Database database, SearchIndex index, SearchPlaces placesOfEntries, TimeProvider timeProvider) : ISearchStore
{
    /// <summary>How many rows are taken from the index at once.</summary>
    private const int ChunkSize = SearchPage.MaxCounted + 1;

    /// <summary>How often that is done for one search at the most.</summary>
    private const int MaxChunks = 10;

    /// <summary>How many texts are read at once.</summary>
    private const int TextsAtOnce = 50;

    /// <summary>The longest span for which the index of earlier versions is asked month by month; what fits a longer one is told by its place alone.</summary>
    private const int MaxMonths = 120;

    /// <summary>What is younger is looked through by itself when the index gives older things first.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(60);

    /// <summary>How many sources a <c>source:</c> may mean.</summary>
    private const int MaxSources = 500;

    /// <summary>After which time a search ends, a statement that still runs too: what was found until then is the answer.</summary>
    internal static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    /// <summary>How long a batch of the index waits behind others: what is stored has to be found within two seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const string Sources = $"select id, title, feed_title, url from source where {EntryRights.SourceIsShown} order by id";

    private const string Queued = "select number, entry_id from search_queue order by number limit @limit";

    private const string ToIndex = """
        select entry.id, entry.source_id, entry.title, entry.summary, entry.authors, entry.tags, entry.language, entry.version, entry.sort_at, snapshot_document.document
        from entry
        left join snapshot on snapshot.entry_id = entry.id and snapshot.number = entry.body_number
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        where entry.id {any @ids}
        """;

    private const string CategoriesOf = "select entry_id, category_id from category_entry where entry_id {any @ids}";

    private const string Dequeue = "delete from search_queue where number {any @numbers}";

    // Of a deleted source nothing is shown.
    private const string Levels = "select id, case when state = 4 then 0 else level end as level from source where id {any @ids}";

    private const string Titles = "select id, title from entry where id {any @ids}";

    private const string VersionsToIndex = """
        select snapshot.id, snapshot.entry_id, snapshot_document.document
        from entry join snapshot on snapshot.entry_id = entry.id and snapshot.number < entry.body_number
        join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        where entry.id {any @ids} and not exists (select 1 from search_version_place where search_version_place.snapshot_id = snapshot.id)
        """;

    private const string VersionPlaces = """
        select snapshot.id, search_version_place.generation, entry.id as entry_id, entry.sort_at, entry.source_id, entry.wishes, snapshot.captured_at
        from search_version_place
        join snapshot on snapshot.id = search_version_place.snapshot_id
        join entry on entry.id = snapshot.entry_id
        where search_version_place.snapshot_id {any @ids}
        """;

    private const string Texts = $"""
        select entry.id, entry.title, entry.summary, entry.authors, entry.tags, entry.wishes, {EntryRights.Level}, snapshot_document.document
        from entry
        left join snapshot on snapshot.entry_id = entry.id and snapshot.number = entry.body_number
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        where entry.id {"{any @ids}"}
        """;

    private const string VersionTexts = "select snapshot_id as id, document from snapshot_document where snapshot_id {any @ids}";

    private volatile bool _hasNewSegments;

    /// <inheritdoc />
    public Task<TopicVersion> VersionAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                // What was taken down leaves the index with its entry, which raises everything.
                var entries = await TopicVersions.ReadAsync(session, Topic.Everything);
                var indexed = await TopicVersions.ReadAsync(session, Topic.Search(""));
                return new TopicVersion(entries.Number + indexed.Number, entries.ChangedAt > indexed.ChangedAt || indexed.ChangedAt is null ? entries.ChangedAt : indexed.ChangedAt);
            },
            cancellationToken);

    /// <inheritdoc />
    public async Task<int> IndexAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ISearchStore.MaxBatch);
        var start = Stopwatch.GetTimestamp();
        var batch = await database.ReadAsync(session => ReadBatchAsync(session, limit), cancellationToken);
        if (batch.Numbers.Count == 0) return 0;
        var (entries, versions) = (SegmentDraft.Of(batch.Entries), SegmentDraft.Of(batch.Versions));
        await database.WriteBehindAsync(
            async session =>
            {
                await index.AddAsync(session, ofVersions: false, batch.Entries, entries);
                await index.AddAsync(session, ofVersions: true, batch.Versions, versions);
                await session.ExecuteAsync(Dequeue, new { numbers = database.List(batch.Numbers) });
                await TopicVersions.RaiseAsync(session, [Topic.Search("")], now);
                return 0;
            },
            Stopwatch.GetElapsedTime(start), Patience, cancellationToken);
        _hasNewSegments = true;
        return batch.Numbers.Count;
    }

    /// <inheritdoc />
    public async Task<int> MergeAsync(CancellationToken cancellationToken)
    {
        if (await index.MergeAsync(cancellationToken) is > 0 and var merged)
        {
            _hasNewSegments = true;
            return merged;
        }

        if (!_hasNewSegments && !placesOfEntries.IsBehind) return 0;

        // Here, so that no visitor waits for it after a start or a merge.
        _hasNewSegments = false;
        await database.ReadAsync(
            async session =>
            {
                await placesOfEntries.LoadAsync(session, await index.SegmentsAsync(session, ofVersions: false));
                return 0;
            },
            cancellationToken);
        await placesOfEntries.PruneAsync(cancellationToken);
        return 0;
    }

    /// <inheritdoc />
    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Limit, 1, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Limit, SearchRequest.MaxLimit, nameof(request));
        return request.Query.IsEmpty ? Task.FromResult(SearchPage.Empty) : FindAsync(request, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyCollection<PageKey>> FindPlacesAsync(IReadOnlyCollection<SearchRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var places = new HashSet<PageKey>();
        var start = timeProvider.GetTimestamp();
        var waiting = requests.Count;
        // One after the other: side by side they would take as many connections, and on SQLite as many threads, of one visitor.
        foreach (var request in requests)
        {
            var left = MaxTime - timeProvider.GetElapsedTime(start);
            if (left <= TimeSpan.Zero) break;
            var found = new Dictionary<long, Found>();
            if (!request.Query.IsEmpty) await CollectInTimeAsync(request with { Order = SearchOrder.Newest }, found, left / waiting, cancellationToken);
            waiting--;
            places.UnionWith(found.Values.OrderByDescending(hit => hit.SortAt).ThenByDescending(hit => hit.EntryId).Take(SearchPage.MaxCounted).Select(hit => hit.Key.Place));
        }

        return places;
    }

    private async Task<Batch> ReadBatchAsync(StoreSession session, int limit)
    {
        var queued = await session.ListAsync<QueuedRow>(Queued, new { limit });
        if (queued.Count == 0) return new Batch([], [], []);
        var ids = database.List([.. queued.Select(row => row.EntryId).Distinct()]);
        var places = (await session.ListAsync<PlaceRow>(CategoriesOf, new { ids })).ToLookup(place => place.EntryId, place => place.CategoryId);
        var entries = await session.ListAsync<TextRow>(ToIndex, new { ids });
        var rows = entries.ConvertAll(entry => new SearchIndexRow(entry.Id, entry.Version, TermsOf(entry.ToText(), entry, places[entry.Id])));

        var revised = entries.Where(entry => entry.Version > 1).ToDictionary(entry => entry.Id);
        var versions = new List<SearchIndexRow>();
        if (revised.Count > 0)
        {
            foreach (var version in await session.ListAsync<VersionRow>(VersionsToIndex, new { ids = database.List(revised.Keys) }))
            {
                var entry = revised[version.EntryId];
                var terms = TermsOf(TextOf(version.Document), entry, places[entry.Id]);
                terms.Add(SearchTerms.Month(UnixTime.FromMilliseconds(entry.SortAt))); // Of entries it is known in memory.
                versions.Add(new SearchIndexRow(version.Id, 0, terms));
            }
        }

        return new Batch([.. queued.Select(row => row.Number)], rows, versions);
    }

    private static DocumentTerms TermsOf(SearchText text, TextRow entry, IEnumerable<long> categories)
    {
        BackgroundThreads.GiveWay();
        var terms = new DocumentTerms();
        text.AddTo(terms);
        terms.Add(SearchTerms.Source(entry.SourceId));
        foreach (var category in categories) terms.Add(SearchTerms.Category(category));
        if (entry.Language is { Length: > 0 } language) terms.Add(SearchTerms.Language(language));
        return terms;
    }

    private async Task<SearchPage> FindAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, Found>();
        var hasMore = await CollectInTimeAsync(request, found, MaxTime, cancellationToken) || found.Count > SearchPage.MaxCounted;
        if (found.Count == 0) return hasMore ? SearchPage.Empty with { HasMore = true } : SearchPage.Empty;
        var ordered = found.Values.ToList();
        if (request.Order == SearchOrder.Relevance)
        {
            var scores = await database.ReadAsync(session => ScoreAsync(session, request.Query, ordered), cancellationToken);
            ordered = ordered.ConvertAll(hit => hit with { Score = scores.GetValueOrDefault(hit.EntryId) });
        }

        ordered.Sort(static (a, b) => (b.Score, b.SortAt, b.EntryId).CompareTo((a.Score, a.SortAt, a.EntryId)));
        if (ordered.Count > SearchPage.MaxCounted) ordered.RemoveRange(SearchPage.MaxCounted, ordered.Count - SearchPage.MaxCounted);
        var rest = request.After is { } after ? ordered.Where(hit => hit.IsAfter(after)).ToList() : ordered;
        var page = rest.Take(request.Limit).ToList();
        return new SearchPage
        {
            Hits = await database.ReadAsync(session => ReadHitsAsync(session, request, page), cancellationToken),
            Count = ordered.Count,
            HasMore = hasMore,
            Next = rest.Count > page.Count ? page[^1].Key : null,
        };
    }

    /// <summary>How many of the words stand in the titles as they are now.</summary>
    private async Task<Dictionary<long, int>> ScoreAsync(StoreSession session, SearchQuery query, List<Found> found)
    {
        var ids = database.List([.. found.Where(hit => hit.SnapshotId is null).Select(hit => hit.EntryId)]);
        return (await session.ListAsync<TitleRow>(Titles, new { ids })).ToDictionary(row => row.Id, row =>
        {
            var folded = FoldedText.Fold(row.Title);
            return query.Units.Count(unit => unit is { Field: SearchField.Text, IsExcluded: false } && FoldedText.IndexOf(folded, unit.Text) >= 0);
        });
    }

    /// <summary>Collects what fits until it is all, enough, or time; true when there may be more.</summary>
    private async Task<bool> CollectInTimeAsync(SearchRequest request, Dictionary<long, Found> found, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(limit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            return await database.ReadAsync(session => CollectAsync(session, request, found), either.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<bool> CollectAsync(StoreSession session, SearchRequest request, Dictionary<long, Found> found)
    {
        if (await PlanAsync(session, request) is not { } plan) return false;
        var levels = new Dictionary<long, RepublishLevel>();
        var hasMore = await FindAsync(session, request, plan, isVersions: false, levels, found);
        if (hasMore && request.Order == SearchOrder.Newest) await AddNewestAsync(session, request, plan, levels, found);
        if (hasMore && request.Order == SearchOrder.Relevance) await AddTitledAsync(session, request, levels, found);
        if (request.WithVersions && found.Count <= SearchPage.MaxCounted)
            hasMore |= await FindAsync(session, request, InMonths(plan, request), isVersions: true, levels, found);
        return hasMore;
    }

    /// <summary>
    /// Adds what is newer than what came in last. The index gives the highest numbers first, which are those of a source's whole past when it has
    /// just been added; then the last weeks are looked through by themselves.
    /// </summary>
    private async Task AddNewestAsync(StoreSession session, SearchRequest request, SearchPlan plan, Dictionary<long, RepublishLevel> levels, Dictionary<long, Found> found)
    {
        var from = timeProvider.GetUtcNow() - Recent;
        if (request.From >= from || request.To <= from) return;
        var recent = request with { From = from };
        var since = from.ToUnixTimeMilliseconds();
        if (found.Values.All(hit => hit.SortAt >= since)) return;
        await AddAsync(session, recent, plan, levels, found);
    }

    /// <summary>Adds what has all words in its title, however old: it stands before all others.</summary>
    private async Task AddTitledAsync(StoreSession session, SearchRequest request, Dictionary<long, RepublishLevel> levels, Dictionary<long, Found> found)
    {
        var titled = request with { Query = request.Query.InTitles() };
        if (await PlanAsync(session, titled) is { } plan) await AddAsync(session, titled, plan, levels, found);
    }

    /// <summary>Adds what another search finds, as much as it may find by itself.</summary>
    private async Task AddAsync(StoreSession session, SearchRequest request, SearchPlan plan, Dictionary<long, RepublishLevel> levels, Dictionary<long, Found> found)
    {
        var more = new Dictionary<long, Found>();
        await FindAsync(session, request, plan, isVersions: false, levels, more);
        foreach (var (id, hit) in more) found.TryAdd(id, hit);
    }

    /// <summary>The plan, with the months that the request is for: without them what is newer would have to be passed over one by one.</summary>
    private SearchPlan InMonths(SearchPlan plan, SearchRequest request)
    {
        if (request.From is not { } from) return plan;
        // Nothing is dated later than when it came, whatever clock that was by.
        var end = timeProvider.GetUtcNow().AddMonths(1);
        var (first, last) = (BeginningOfMonth(from), BeginningOfMonth(request.To is { } to && to < end ? to : end));
        var count = ((last.Year - first.Year) * 12) + last.Month - first.Month + 1;
        return count is < 1 or > MaxMonths
            ? plan
            : plan with { All = [.. plan.All, [.. Enumerable.Range(0, count).Select(month => SearchTerms.Month(first.AddMonths(month)))]] };
    }

    private static DateTimeOffset BeginningOfMonth(DateTimeOffset time) => new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the index has to be asked; null when nothing can fit.</summary>
    private static async Task<SearchPlan?> PlanAsync(StoreSession session, SearchRequest request)
    {
        var all = new List<IReadOnlyList<string>>();
        var none = new List<string>();
        var forks = new List<(IReadOnlyList<string>, IReadOnlyList<string>)>();
        var isExact = true;
        List<SourceRow>? sources = null;
        foreach (var unit in request.Query.Units)
        {
            if (unit.Field == SearchField.Source)
            {
                sources ??= await session.ListAsync<SourceRow>(Sources);
                var meant = sources.Where(source => FoldedText.IndexOf(FoldedText.Fold(source.DisplayTitle), unit.Text) >= 0)
                    .Take(MaxSources).Select(source => SearchTerms.Source(source.Id)).ToList();
                if (unit.IsExcluded) none.AddRange(meant);
                else if (meant.Count == 0) return null;
                else all.Add(meant);
                continue;
            }

            var needed = SearchTerms.Needed(unit.Text, unit.Field);
            if (!unit.IsExcluded)
            {
                isExact &= needed.IsExact;
                all.AddRange(needed.Terms.Select(term => (IReadOnlyList<string>)[term]));
                if (needed.HasForks) forks.Add((needed.ForksBefore, needed.ForksBehind));
            }
            else if (needed is { IsExact: true, Terms.Count: 1 })
            {
                none.AddRange(needed.Terms);
            }
            else
            {
                isExact = false; // Having its parts is not having it.
            }
        }

        if (request.SourceId is { } sourceId) all.Add([SearchTerms.Source(sourceId)]);
        if (request.CategoryId is { } categoryId) all.Add([SearchTerms.Category(categoryId)]);
        if (request.Language is { Length: > 0 } language) all.Add([SearchTerms.Language(language)]);
        if (all.Count == 0) all.Add([SearchTerms.Every]);
        return new SearchPlan(all, none, isExact, isExact ? forks : []);
    }

    /// <summary>Collects what fits; true when there may be more.</summary>
    private async Task<bool> FindAsync(
        StoreSession session, SearchRequest request, SearchPlan plan, bool isVersions, Dictionary<long, RepublishLevel> levels, Dictionary<long, Found> found)
    {
        var (from, to) = (request.From?.ToUnixTimeMilliseconds() ?? long.MinValue, request.To?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        var hits = new SearchHits(session, index, isVersions ? null : placesOfEntries, plan, from, to);
        for (var chunk = 0; chunk < MaxChunks; chunk++)
        {
            var candidates = await hits.NextAsync(ChunkSize);
            if (candidates.Count == 0) return false;
            var met = isVersions ? await VersionsAsync(session, candidates) : candidates.ConvertAll(Hit.Of);
            await AddLevelsAsync(session, met, levels);
            found.EnsureCapacity(Math.Min(found.Count + met.Count, ChunkSize));
            var fitting = met.FindAll(Fits);
            for (var (start, count) = (0, fitting.Exists(IsToRead) ? TextsAtOnce : ChunkSize); start < fitting.Count; start += count)
            {
                session.CancellationToken.ThrowIfCancellationRequested();
                var end = Math.Min(start + count, fitting.Count);
                var read = fitting.GetRange(start, end - start).FindAll(IsToRead);
                var wrong = read.Count == 0 ? [] : await WrongAsync(session, request.Query, [.. read.Select(static hit => hit.Number)], isVersions);
                for (var i = start; i < end; i++)
                    if (wrong.Count == 0 || !wrong.Contains(fitting[i].Number))
                        found.TryAdd(fitting[i].EntryId, fitting[i].ToFound(isVersions));
                if (found.Count > SearchPage.MaxCounted) return true;
            }

            if (candidates.Count < ChunkSize) return false;
        }

        return true;

        RepublishLevel LevelOf(Hit hit) => levels.TryGetValue(hit.SourceId, out var ofSource) ? RepublishRule.LevelOf(ofSource, (PublisherWishes)hit.Wishes) : RepublishLevel.Nothing;

        // The index knows whole texts: of an entry that is shown in part only that part may be found, and of its earlier versions nothing.
        bool Fits(Hit hit) => hit.SortAt >= from && hit.SortAt < to && LevelOf(hit) >= (isVersions ? RepublishLevel.Full : RepublishLevel.Title) && !found.ContainsKey(hit.EntryId);

        bool IsToRead(Hit hit) => !plan.IsExact || hit.IsDoubtful || LevelOf(hit) < RepublishLevel.Full;
    }

    /// <summary>Asks for the levels of sources that this search has not met before. One that is gone has none.</summary>
    private async Task AddLevelsAsync(StoreSession session, List<Hit> hits, Dictionary<long, RepublishLevel> levels)
    {
        var ids = new HashSet<long>();
        foreach (var hit in hits) if (!levels.ContainsKey(hit.SourceId)) ids.Add(hit.SourceId);
        if (ids.Count == 0) return;
        foreach (var row in await session.ListAsync<LevelRow>(Levels, new { ids = database.List(ids) })) levels.Add(row.Id, (RepublishLevel)row.Level);
    }

    /// <summary>What a search needs of those versions that are in the index as they came in last, the highest numbers first.</summary>
    private async Task<List<Hit>> VersionsAsync(StoreSession session, List<SearchCandidate> candidates)
    {
        var rows = (await session.ListAsync<VersionPlaceRow>(VersionPlaces, new { ids = database.List([.. candidates.Select(static one => one.Number).Distinct()]) }))
            .ToDictionary(static row => row.Id);
        var hits = new List<Hit>(rows.Count);
        foreach (var candidate in candidates)
            if (rows.TryGetValue(candidate.Number, out var row) && row.Generation == candidate.Generation)
                hits.Add(new Hit(row.Id, row.EntryId, row.SortAt, row.SourceId, row.Wishes, row.CapturedAt, candidate.IsDoubtful));
        return hits;
    }

    /// <summary>Reads what has all terms; the numbers of what does not have what is looked for.</summary>
    private async Task<HashSet<long>> WrongAsync(StoreSession session, SearchQuery query, HashSet<long> wrong, bool isVersions)
    {
        var ids = database.List(wrong);
        wrong.ExceptWith(isVersions
            ? (await session.ListAsync<DocumentRow>(VersionTexts, new { ids })).Where(row => query.Matches(TextOf(row.Document))).Select(row => row.Id)
            : (await session.ListAsync<TextRow>(Texts, new { ids })).Where(row => query.Matches(row.ToShownText())).Select(row => row.Id));
        return wrong;
    }

    private async Task<IReadOnlyList<SearchHit>> ReadHitsAsync(StoreSession session, SearchRequest request, List<Found> page)
    {
        if (page.Count == 0) return [];
        var entries = (await EntryStore.RowsAsync(session, [.. page.Select(hit => hit.EntryId)], withContent: true)).ToDictionary(row => row.Id, row => row.ToShown());
        var versions = page.Where(hit => hit.SnapshotId is not null).Select(hit => hit.SnapshotId!.Value).ToList();
        var documents = versions.Count == 0 ? [] : (await session.ListAsync<DocumentRow>(VersionTexts, new { ids = database.List(versions) }))
            .ToDictionary(row => row.Id, row => SnapshotDocument.Read(SnapshotPacking.Unpack(row.Document)));
        var hits = new List<SearchHit>(page.Count);
        foreach (var hit in page)
        {
            // Gone between two statements of one search.
            if (!entries.TryGetValue(hit.EntryId, out var stored)) continue;
            var version = hit.SnapshotId is { } id ? documents.GetValueOrDefault(id) : null;
            if (hit.SnapshotId is not null && version is null) continue;
            var title = version?.Title ?? stored.Entry.Title;
            var body = version is null ? SearchText.Body(stored.Entry.Summary, stored.Entry.Content) : SearchText.Body(version.Summary, version.Content);
            hits.Add(new SearchHit
            {
                Stored = request.WithContent ? stored : stored with { Entry = stored.Entry with { Content = null } },
                Title = MatchMarker.Mark(title, request.Query, SearchField.Title),
                Passage = MatchMarker.Passage(body, request.Query),
                EarlierVersionAt = hit.CapturedAt is { } at ? UnixTime.FromMilliseconds(at) : null,
            });
        }

        return hits;
    }

    private static SearchText TextOf(byte[] packed)
    {
        var document = SnapshotDocument.Read(SnapshotPacking.Unpack(packed));
        return SearchText.Of(document.Title, document.Summary, document.Content, document.Authors, document.Tags);
    }

    private sealed record Batch(IReadOnlyList<long> Numbers, IReadOnlyList<SearchIndexRow> Entries, IReadOnlyList<SearchIndexRow> Versions);

    /// <summary>What the index found, of an entry or a version of it, and what decides whether it may be shown.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Hit(long Number, long EntryId, long SortAt, long SourceId, int Wishes, long CapturedAt, bool IsDoubtful)
    {
        public static Hit Of(SearchCandidate candidate)
        {
            var (places, ordinal) = (candidate.Match.Places!, candidate.Ordinal);
            return new Hit(candidate.Number, candidate.Number, places.SortAt(ordinal), places.SourceId(ordinal), places.Wishes(ordinal), 0, candidate.IsDoubtful);
        }

        public Found ToFound(bool isVersion) => new(EntryId, 0, SortAt, isVersion ? Number : null, isVersion ? CapturedAt : null);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Found(long EntryId, int Score, long SortAt, long? SnapshotId, long? CapturedAt)
    {
        public SearchKey Key => new(Score, new PageKey(UnixTime.FromMilliseconds(SortAt), EntryId));

        public bool IsAfter(SearchKey key) =>
            (Score, SortAt, EntryId).CompareTo((key.Score, key.Place.SortAt.ToUnixTimeMilliseconds(), key.Place.EntryId)) < 0;
    }

    private sealed record QueuedRow
    {
        public required long Number { get; init; }
        public required long EntryId { get; init; }
    }

    private sealed record PlaceRow
    {
        public required long EntryId { get; init; }
        public required long CategoryId { get; init; }
    }

    private sealed record VersionRow
    {
        public required long Id { get; init; }
        public required long EntryId { get; init; }
        public required byte[] Document { get; init; }
    }

    private sealed record DocumentRow
    {
        public required long Id { get; init; }
        public required byte[] Document { get; init; }
    }

    private sealed record SourceRow
    {
        public required long Id { get; init; }
        public string? Title { get; init; }
        public string? FeedTitle { get; init; }
        public required string Url { get; init; }

        // As Source.DisplayTitle has it, but for the address of a source without a name: it may hold credentials.
        public string DisplayTitle =>
            !string.IsNullOrWhiteSpace(Title) ? Title
            : !string.IsNullOrWhiteSpace(FeedTitle) ? FeedTitle
            : Uri.TryCreate(Url, UriKind.Absolute, out var uri) ? uri.Host : "";
    }

    private sealed record TitleRow
    {
        public required long Id { get; init; }
        public required string Title { get; init; }
    }

    private sealed record VersionPlaceRow
    {
        public required long Id { get; init; }
        public required long EntryId { get; init; }
        public required long Generation { get; init; }
        public required long SortAt { get; init; }
        public required long SourceId { get; init; }
        public required int Wishes { get; init; }
        public required long CapturedAt { get; init; }
    }

    private sealed record LevelRow
    {
        public required long Id { get; init; }
        public required int Level { get; init; }
    }

    private sealed record TextRow
    {
        public required long Id { get; init; }
        public long SourceId { get; init; }
        public required string Title { get; init; }
        public string? Summary { get; init; }
        public string? Authors { get; init; }
        public string? Tags { get; init; }
        public string? Language { get; init; }
        public int Version { get; init; }
        public long SortAt { get; init; }
        public byte[]? Document { get; init; }
        public int Wishes { get; init; }
        public int SourceLevel { get; init; }

        /// <summary>All of it, for the index: what may be shown can change any day.</summary>
        public SearchText ToText() => TextOf(ToEntry());

        /// <summary>What may be shown of it: only that can be found.</summary>
        public SearchText ToShownText() =>
            TextOf(RepublishRule.Show(ToEntry(), RepublishRule.LevelOf((RepublishLevel)SourceLevel, (PublisherWishes)Wishes)));

        private static SearchText TextOf(Entry entry) => SearchText.Of(entry.Title, entry.Summary, entry.Content, entry.Authors, entry.Tags);

        private Entry ToEntry() => new()
        {
            Key = "",
            Title = Title,
            Summary = Summary,
            Content = Document is null ? null : SnapshotDocument.ReadContent(SnapshotPacking.Unpack(Document)),
            Authors = Authors is null ? [] : JsonSerializer.Deserialize(Authors, StoreJson.Lists.PersonArray) ?? [],
            Tags = Tags is null ? [] : JsonSerializer.Deserialize(Tags, StoreJson.Lists.StringArray) ?? [],
            ContentHash = default,
        };
    }
}
