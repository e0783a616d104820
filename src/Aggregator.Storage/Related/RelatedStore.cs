using System.Diagnostics;
using Aggregator.Core.Background;
using Aggregator.Core.Publishing;
using Aggregator.Core.Related;
using Aggregator.Core.Searching;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Snapshots;

namespace Aggregator.Storage.Related;

/// <summary>
/// The index of related articles. It finds what shares rare terms with an article, compares it by what is kept of its terms, and reads the
/// texts of the few that are shown only.
/// </summary>
internal sealed class RelatedStore(Database database, TimeProvider time, IStoryLookup? stories = null) : IRelatedStore, IDisposable
{
    /// <summary>How many of the most alike are looked at for what is the same story.</summary>
    private const int MaxCompared = 48;

    /// <summary>For how long what is kept is shown although the index changed: a page that many read is not looked up for each batch.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>How often the counts of terms are stored, and read again where others write them. They only say what is rare.</summary>
    private static readonly TimeSpan CountsFor = TimeSpan.FromMinutes(10);

    /// <summary>After how many entries they are stored earlier.</summary>
    private const int CountsAfter = 5_000;

    private const string Queued = "select number, entry_id from related_queue order by number limit @limit";

    private const string Texts = """
        select entry.id, entry.title, entry.summary, entry.version, snapshot_document.document
        from entry
        left join snapshot on snapshot.entry_id = entry.id and snapshot.number = entry.body_number
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        where entry.id {any @ids}
        """;

    private const string ToIndex = """
        select entry.id, entry.title, entry.summary, entry.version, snapshot_document.document, related_vector.terms
        from entry
        left join snapshot on snapshot.entry_id = entry.id and snapshot.number = entry.body_number
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        left join related_vector on related_vector.entry_id = entry.id
        where entry.id {any @ids}
        """;

    private const string Dequeue = "delete from related_queue where number {any @numbers}";

    private const string Raise = "update related_state set number = number + 1";

    private const string Number = "select number from related_state";

    private const string Counts = "select documents, counts from related_frequency where id = 1";

    private const string CountsLocked = Counts + " {locked}";

    private const string SaveCounts = """
        insert into related_frequency (id, documents, counts) values (1, @documents, @counts)
        on conflict (id) do update set documents = excluded.documents, counts = excluded.counts
        """;

    private const string Kept = "select number, kept_at from related_list where entry_id = @id";

    private const string KeptArticles = $"""
        select {EntryStore.Columns}, related_article.passage
        from related_article join entry on entry.id = related_article.related_id
        where related_article.entry_id = @id and {EntryRights.IsShown}
        order by related_article.place
        """;

    private const string Shown = $"select {EntryStore.Columns} from entry where entry.id {"{any @ids}"} and {EntryRights.IsShown}";

    private const string KeepList = """
        insert into related_list (entry_id, number, kept_at) select id, @number, @kept_at from entry where id = @id
        on conflict (entry_id) do update set number = excluded.number, kept_at = excluded.kept_at
        """;

    private const string Forget = "delete from related_article where entry_id = @id";

    private const string KeepArticle = """
        insert into related_article (entry_id, place, related_id, passage)
        select @id, @place, id, @passage from entry where id = @related_id
        """;

    private readonly SemaphoreSlim _indexing = new(1, 1);
    private TermFrequencies? _frequencies;
    private TermFrequencies _unsaved = new();
    private long _readAt;

    /// <inheritdoc />
    public async Task<int> IndexAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IRelatedStore.MaxBatch);
        await _indexing.WaitAsync(cancellationToken);
        try
        {
            return await IndexBatchAsync(limit, cancellationToken);
        }
        finally
        {
            _indexing.Release();
        }
    }

    /// <inheritdoc />
    public async Task<RelatedList> FindAsync(long entryId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var frequencies = await FrequenciesAsync(cancellationToken);
        return await database.ReadAsync(
            async session =>
            {
                var number = await session.FindAsync<long>(Number);
                if (await ReadKeptAsync(session, entryId, number, now) is { } kept) return kept;
                if (await session.FindAsync<TextRow>(Texts, new { ids = database.List([entryId]) }) is not { } text)
                    return new RelatedList { EntryId = entryId, Articles = [], Number = number, IsKept = true };
                var weights = TermVector.Weigh(RelatedTerms.Of(text.Title, text.Body()), frequencies);
                var query = RelatedQuery.Of(weights, frequencies);
                var articles = query.IsEmpty ? [] : await SearchAsync(session, entryId, weights, query, now);
                return new RelatedList { EntryId = entryId, Articles = articles, Number = number, IsKept = false };
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task KeepAsync(IReadOnlyList<RelatedList> found, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        return database.WriteAsync(
            async session =>
            {
                // In one order, so that two processes never wait for each other in a circle.
                foreach (var list in found.OrderBy(list => list.EntryId))
                {
                    var id = list.EntryId;
                    if (await session.ExecuteAsync(KeepList, new { id, number = list.Number, kept_at = now.ToUnixTimeMilliseconds() }) == 0) continue;
                    await session.ExecuteAsync(Forget, new { id });
                    for (var place = 0; place < list.Articles.Count; place++)
                        await session.ExecuteAsync(KeepArticle, new { id, place, related_id = list.Articles[place].Stored.Id, passage = list.Articles[place].Passage });
                }

                return 0;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _indexing.Dispose();

    private async Task<(List<long> Numbers, List<TextRow> Texts)> ReadBatchAsync(StoreSession session, int limit)
    {
        var queued = await session.ListAsync<QueuedRow>(Queued, new { limit });
        return queued.Count == 0
            ? ([], [])
            : (queued.ConvertAll(row => row.Number), await session.ListAsync<TextRow>(ToIndex, new { ids = database.List([.. queued.Select(row => row.EntryId).Distinct()]) }));
    }

    private async Task<int> IndexBatchAsync(int limit, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var (numbers, texts) = await database.ReadAsync(session => ReadBatchAsync(session, limit), cancellationToken);
        if (numbers.Count == 0) return 0;
        var frequencies = await FrequenciesAsync(cancellationToken);
        var counted = texts.ConvertAll(text =>
        {
            BackgroundThreads.GiveWay();
            return (Text: text, Terms: RelatedTerms.Of(text.Title, text.Body()));
        });
        foreach (var (text, terms) in counted)
        {
            // A batch that fails below is counted twice, which hardly matters.
            var before = text.Terms is null ? null : TermVector.Unpack(text.Terms);
            frequencies.Add(terms.Keys, before);
            _unsaved.Add(terms.Keys, before);
        }

        var rows = counted.ConvertAll(entry => new RelatedIndexRow(entry.Text.Id, entry.Text.Version, TermVector.Of(TermVector.Weigh(entry.Terms, frequencies))));
        var isDue = _unsaved.Documents >= CountsAfter || (_unsaved.Documents > 0 && numbers.Count < limit && time.GetElapsedTime(_readAt) > CountsFor);
        var saved = await database.WriteBehindAsync(
            async session =>
            {
                await database.RelateAsync(session, rows);
                await session.ExecuteAsync(Dequeue, new { numbers = database.List(numbers) });
                await session.ExecuteAsync(Raise);
                return isDue ? await SaveCountsAsync(session) : null;
            },
            Stopwatch.GetElapsedTime(start), Database.Unhurried, cancellationToken);
        if (saved is not null) (_frequencies, _unsaved, _readAt) = (saved, new TermFrequencies(), time.GetTimestamp());
        return numbers.Count;
    }

    private static async Task<RelatedList?> ReadKeptAsync(StoreSession session, long entryId, long number, DateTimeOffset now)
    {
        var kept = await session.FindAsync<KeptListRow>(Kept, new { id = entryId });
        if (kept is null || (kept.Number != number && now - UnixTime.FromMilliseconds(kept.KeptAt) >= KeptFor)) return null;
        var articles = await session.ListAsync<EntryRow>(KeptArticles, new { id = entryId });
        return new RelatedList
        {
            EntryId = entryId,
            Articles = articles.ConvertAll(row => ArticleOf(row, row.Passage ?? "")),
            Number = kept.Number,
            IsKept = true,
        };
    }

    private async Task<IReadOnlyList<RelatedArticle>> SearchAsync(
        StoreSession session, long entryId, Dictionary<int, float> weights, RelatedQuery query, DateTimeOffset now)
    {
        var length = TermVector.LengthOf(weights);
        var alike = (await database.FindRelatedAsync(session, query))
            .Where(row => row.EntryId != entryId)
            .Select(row => (row.EntryId, row.Terms, Likeness: TermVector.Compare(weights, length, row.Terms)))
            .Where(row => RelatedRanking.IsAlike(row.Likeness.Cosine, row.Likeness.Shared))
            .OrderByDescending(row => row.Likeness.Cosine).ThenByDescending(row => row.EntryId).Take(MaxCompared).ToDictionary(row => row.EntryId);
        if (alike.Count == 0) return [];

        long[] ids = [entryId, .. alike.Keys];
        var entries = (await session.ListAsync<EntryRow>(Shown, new { ids = database.List(ids) })).ToDictionary(row => row.Id);
        if (!entries.TryGetValue(entryId, out var article)) return [];
        var told = stories is null ? new Dictionary<long, long>() : await stories.FindStoriesAsync(ids, session.CancellationToken);
        var chosen = RelatedRanking.Choose(
            CandidateOf(article, 1, TermVector.Of(weights).Pack(), told),
            alike.Values.Where(row => entries.ContainsKey(row.EntryId)).Select(row => CandidateOf(entries[row.EntryId], row.Likeness.Cosine, row.Terms, told)),
            RelatedList.MaxLength,
            now);

        var texts = (await session.ListAsync<TextRow>(Texts, new { ids = database.List([.. chosen.Select(one => one.EntryId)]) })).ToDictionary(row => row.Id);
        return [.. chosen.Where(one => texts.ContainsKey(one.EntryId)) // Gone between two statements.
            .Select(one => ArticleOf(entries[one.EntryId], RelatedPassage.Of(texts[one.EntryId].Body(), weights)))];
    }

    private static RelatedArticle ArticleOf(EntryRow row, string passage)
    {
        var shown = row.ToShown();
        return new RelatedArticle(shown, RepublishRule.Passage(shown, passage));
    }

    private static RelatedCandidate CandidateOf(EntryRow entry, float cosine, byte[] terms, IReadOnlyDictionary<long, long> told) => new(
        entry.Id, entry.SourceId, entry.Url, FoldedText.Fold(entry.Title), UnixTime.FromMilliseconds(entry.SortAt), cosine,
        told.TryGetValue(entry.Id, out var story) ? story : null, TermVector.Unpack(terms));

    // Read anew from time to time where others index; who indexes has the newest himself. Two who read at once read the same.
    private async Task<TermFrequencies> FrequenciesAsync(CancellationToken cancellationToken)
    {
        var known = _frequencies;
        if (known is not null && (_unsaved.Documents > 0 || time.GetElapsedTime(_readAt) <= CountsFor)) return known;
        var stored = await database.ReadAsync(session => session.FindAsync<CountsRow>(Counts), cancellationToken);
        var read = stored?.ToFrequencies() ?? known ?? new TermFrequencies();
        _readAt = time.GetTimestamp();
        return Interlocked.CompareExchange(ref _frequencies, read, known) == known ? read : _frequencies!;
    }

    private async Task<TermFrequencies> SaveCountsAsync(StoreSession session)
    {
        var merged = (await session.FindAsync<CountsRow>(CountsLocked))?.ToFrequencies() ?? new TermFrequencies();
        merged.Add(_unsaved);
        await session.ExecuteAsync(SaveCounts, new { documents = (long)merged.Documents, counts = merged.Pack() });
        return merged;
    }

    private sealed record QueuedRow
    {
        public required long Number { get; init; }
        public required long EntryId { get; init; }
    }

    private sealed record CountsRow
    {
        public required long Documents { get; init; }
        public required byte[] Counts { get; init; }

        public TermFrequencies ToFrequencies() => TermFrequencies.Unpack((int)Math.Min(int.MaxValue, Documents), Counts);
    }

    private sealed record KeptListRow
    {
        public required long Number { get; init; }
        public required long KeptAt { get; init; }
    }

    private sealed record TextRow
    {
        public required long Id { get; init; }
        public required string Title { get; init; }
        public string? Summary { get; init; }
        public int Version { get; init; }
        public byte[]? Document { get; init; }

        // What was kept of it before, where that was asked for.
        public byte[]? Terms { get; init; }

        public string Body() => SearchText.Body(Summary, Document is null ? null : SnapshotDocument.ReadContent(SnapshotPacking.Unpack(Document)), RelatedPassage.MaxRead);
    }
}
