using System.Diagnostics;
using System.Runtime.InteropServices;
using Aggregator.Core.Background;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Stories;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Snapshots;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Stories;

/// <summary>
/// One batch of entries on their way into stories. What it needs is read first, compared outside of any transaction, and written in one that
/// looks whether anybody decided something meanwhile: then the batch is done again.
/// </summary>
internal sealed class StoryBatch(Database database, DateTimeOffset now)
{
    /// <summary>A hash that so many stories and lone entries share says nothing: a site's own words, a template.</summary>
    private const int Common = 64;

    /// <summary>How many stories an entry is compared with, those first that share most.</summary>
    private const int MaxCompared = 6;

    /// <summary>With how many entries of each.</summary>
    private const int MaxOfOneStory = 3;

    /// <summary>How many texts are read at once.</summary>
    private const int TextsAtOnce = 100;

    private const string Queued = "select number, entry_id from story_queue order by number limit @limit";

    private const string ToCompare = $"""
        select entry.id, entry.source_id, entry.title, entry.summary, entry.url, entry.sort_at, entry.claimed_title, snapshot.kind, snapshot_document.document
        from entry{EntryStore.WithBody}
        where entry.id {"{any @ids}"}
        """;

    private const string Sharing = "select hash, entry_id from story_shingle where hash {any @hashes}";

    // What may be shown changes, and no entry is compared again for it: those of which nothing may be count too.
    private const string Sharers = $"select id, source_id, sort_at from entry where id {"{any @ids}"} and {EntryRights.IsStored}";

    private const string StoriesOf = "select entry_id, story_id from story_entry where entry_id {any @ids} order by entry_id";

    private const string Decisions = """
        select entry_id, other_id, is_same from story_decision where entry_id {any @ids}
        union
        select entry_id, other_id, is_same from story_decision where other_id {any @ids}
        order by entry_id, other_id
        """;

    private const string StillQueued = "select count(*) from story_queue where number {any @numbers}";

    private const string Dequeue = "delete from story_queue where number {any @numbers}";

    private const string Forget = "delete from story_shingle where entry_id {any @ids}";

    private readonly Dictionary<long, PreparedEntry> _texts = [];
    private readonly Dictionary<long, StoryGroup> _groups = []; // by entry
    private readonly Dictionary<long, List<SharerRow>> _sharing = []; // by hash
    private readonly Dictionary<long, SharerRow?> _sharers = []; // by entry; null for what is not there any more
    private readonly HashSet<(long, long)> _apart = [];
    private readonly HashSet<(long, long)> _together = [];
    private readonly List<(long Hash, long EntryId)> _remembered = [];
    private readonly List<StoryGroupMember> _left = [];
    private readonly List<StoryGroup> _leftBehind = [];

    /// <summary>Runs it; how many entries were taken from the queue.</summary>
    public async Task<int> RunAsync(int limit, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var read = await database.ReadAsync(session => ReadAsync(session, limit), cancellationToken);
        if (read.Numbers.Count == 0) return 0;
        foreach (var entry in read.Entries) Compare(entry);

        await database.WriteAloneBehindAsync(
            async session =>
            {
                // Another node may have done the same entries, or an admin may have decided about one.
                if (await session.FindAsync<long>(StillQueued, new { numbers = database.List(read.Numbers) }) != read.Numbers.Count) return 0;
                if (!(await SeenAsync(session, read.Seen.Ids)).Equals(read.Seen)) return 0;
                await WriteAsync(session, read);
                return 0;
            },
            Stopwatch.GetElapsedTime(start), Database.Unhurried, cancellationToken);
        return read.Numbers.Count;
    }

    private async Task<Read> ReadAsync(StoreSession session, int limit)
    {
        var queued = await session.ListAsync<QueuedRow>(Queued, new { limit });
        if (queued.Count == 0) return new Read([], [], Seen.Nothing);
        var ids = queued.Select(row => row.EntryId).Distinct().ToList();
        var entries = await PrepareAsync(session, ids);
        await ShareAsync(session, entries);
        var involved = ids.Concat(_sharing.Values.Where(rows => rows.Count < Common).SelectMany(rows => rows).Select(row => row.Id)).ToHashSet();
        var decided = await session.ListAsync<DecisionRow>(Decisions, new { ids = database.List(ids) });
        foreach (var decision in decided.Where(decision => decision.IsSame != 0)) involved.UnionWith([decision.EntryId, decision.OtherId]);
        var seen = await SeenAsync(session, [.. involved.Order()]);
        foreach (var decision in seen.Decisions)
            (decision.IsSame != 0 ? _together : _apart).Add((decision.EntryId, decision.OtherId));

        var stories = seen.Places.Select(place => place.StoryId).Distinct().ToList();
        if (stories.Count > 0)
            foreach (var group in await StoryGroup.OfStoriesAsync(session, stories))
                foreach (var member in group.Members)
                    _groups[member.EntryId] = group;

        // The partners of decisions, wherever and however old they are.
        foreach (var id in _together.SelectMany(pair => (long[])[pair.Item1, pair.Item2]).Where(id => !_groups.ContainsKey(id) && !_texts.ContainsKey(id)).Distinct())
            if ((await PrepareAsync(session, [id])).FirstOrDefault() is { } partner)
                _groups[id] = new StoryGroup(null, [partner.Member]);

        var wanted = entries.SelectMany(entry => CandidatesOf(entry).SelectMany(candidate => candidate.Entries)).ToHashSet();
        foreach (var entry in entries)
            if (_groups.TryGetValue(entry.Id, out var own))
                wanted.UnionWith(own.Members.Select(member => member.EntryId).Where(id => id != entry.Id).Take(MaxOfOneStory));
        wanted.ExceptWith(_texts.Keys);
        foreach (var some in wanted.Chunk(TextsAtOnce)) await PrepareAsync(session, some);
        return new Read([.. queued.Select(row => row.Number)], entries, seen);
    }

    /// <summary>Reads who else has the hashes of these entries; those that only take the place of others where they have to.</summary>
    private async Task ShareAsync(StoreSession session, List<PreparedEntry> entries)
    {
        var coming = new Dictionary<long, int>();
        foreach (var entry in entries)
            foreach (var hash in entry.Sketch)
                CollectionsMarshal.GetValueRefOrAddDefault(coming, hash, out _)++;
        await ReadSharingAsync(session, entries.SelectMany(entry => entry.Sketch.Take(StorySketch.Size).Concat(entry.AddressHash is { } address ? [address] : [])));

        // Common when the last of them is compared, at the latest.
        await ReadSharingAsync(session, entries.Where(entry => entry.Sketch.Take(StorySketch.Size).Any(hash => _sharing[hash].Count + coming[hash] >= Common))
            .SelectMany(entry => entry.Sketch.Skip(StorySketch.Size)));
    }

    private async Task ReadSharingAsync(StoreSession session, IEnumerable<long> hashes)
    {
        var added = hashes.Where(hash => _sharing.TryAdd(hash, [])).ToList();
        if (added.Count == 0) return;
        added.Sort(); // The pages of the index are gone through once.
        var rows = new List<(long Hash, long EntryId)>();
        await using (var reader = await session.ReadAsync(Sharing, new { hashes = database.List(added) }))
            while (await reader.ReadAsync(session.CancellationToken)) rows.Add((reader.GetInt64(0), reader.GetInt64(1)));

        // A few entries share most of it.
        var unknown = rows.Select(static row => row.EntryId).Where(id => _sharers.TryAdd(id, null)).ToList();
        if (unknown.Count > 0)
            foreach (var sharer in await session.ListAsync<SharerRow>(Sharers, new { ids = database.List(unknown) }))
                _sharers[sharer.Id] = sharer;
        foreach (var (hash, entryId) in rows)
            if (_sharers[entryId] is { } sharer)
                _sharing[hash].Add(sharer);
    }

    private async Task<List<PreparedEntry>> PrepareAsync(StoreSession session, IReadOnlyCollection<long> ids)
    {
        var prepared = new List<PreparedEntry>(ids.Count);
        foreach (var some in ids.Chunk(TextsAtOnce))
        {
            foreach (var row in await session.ListAsync<TextRow>(ToCompare, new { ids = database.List(some) }))
            {
                BackgroundThreads.GiveWay();
                prepared.Add(_texts[row.Id] = row.Prepare());
            }
        }

        return [.. prepared.OrderBy(entry => entry.Id)];
    }

    private async Task<Seen> SeenAsync(StoreSession session, IReadOnlyList<long> ids) => new(
        ids,
        await session.ListAsync<PlaceRow>(StoriesOf, new { ids = database.List(ids) }),
        await session.ListAsync<DecisionRow>(Decisions, new { ids = database.List(ids) }));

    /// <summary>The hashes of an entry's text that say something, the lowest first.</summary>
    private List<long> SketchOf(PreparedEntry entry) =>
        [.. entry.Sketch.Where(hash => _sharing[hash].Count < Common).Take(StorySketch.Size)];

    private IEnumerable<(StoryGroup? Group, List<long> Entries)> CandidatesOf(PreparedEntry entry)
    {
        var sketch = SketchOf(entry);
        var shared = new Dictionary<object, (HashSet<long> Hashes, Dictionary<long, int> Entries)>();
        foreach (var hash in sketch)
            foreach (var row in _sharing[hash])
                Count(row, hash);

        // An address says it by itself.
        if (AddressOf(entry) is { Count: > 0 } sameAddress)
            foreach (var row in sameAddress)
                for (var hash = 0; hash < StorySketch.Size; hash++)
                    Count(row, hash);

        var needed = StorySketch.Needed(sketch.Count);
        return shared.Where(pair => pair.Value.Hashes.Count >= needed)
            .OrderByDescending(pair => pair.Value.Hashes.Count)
            .Take(MaxCompared)
            .Select(pair => (pair.Key as StoryGroup, pair.Value.Entries.OrderByDescending(item => item.Value).ThenBy(item => item.Key).Take(MaxOfOneStory).Select(item => item.Key).ToList()));

        void Count(SharerRow row, long hash)
        {
            if (row.Id == entry.Id || Math.Abs(row.SortAt - entry.Member.SortAt) > (long)IStoryStore.Window.TotalMilliseconds) return;
            object key = _groups.TryGetValue(row.Id, out var group) ? group.Now : row.Id;
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(shared, key, out var exists);
            if (!exists) known = ([], []);
            known.Hashes.Add(hash);
            CollectionsMarshal.GetValueRefOrAddDefault(known.Entries, row.Id, out _)++;
        }
    }

    /// <summary>Entries of other sources with the same address; none when the address names no article.</summary>
    private List<SharerRow> AddressOf(PreparedEntry entry)
    {
        if (entry.AddressHash is not { } hash || _sharing[hash] is not { Count: > 0 and < Common } rows) return [];
        if (rows.Where(row => row.Id != entry.Id).GroupBy(row => row.SourceId).Any(ofSource => ofSource.Count() + (ofSource.Key == entry.Member.SourceId ? 1 : 0) > StoryAddress.MaxOfOneSource)) return [];
        return rows.FindAll(row => row.SourceId != entry.Member.SourceId);
    }

    private void Compare(PreparedEntry entry)
    {
        var own = _groups.TryGetValue(entry.Id, out var known) ? known.Now : null;
        var matching = new List<StoryGroup>();
        foreach (var (group, candidates) in CandidatesOf(entry))
        {
            var addresses = AddressOf(entry).Select(row => row.Id).ToHashSet();
            var match = candidates.Where(id => _texts.ContainsKey(id)).FirstOrDefault(id => addresses.Contains(id) || IsSame(entry, _texts[id]));
            if (match == 0) continue;
            var matched = group ?? GroupOf(match);
            if (!matching.Contains(matched) && !IsApart(entry.Id, matched)) matching.Add(matched);
        }

        // What an admin joined stays so, whatever the texts say.
        foreach (var partner in _together.Where(pair => pair.Item1 == entry.Id || pair.Item2 == entry.Id).Select(pair => pair.Item1 == entry.Id ? pair.Item2 : pair.Item1))
            if (_groups.ContainsKey(partner) || _texts.ContainsKey(partner))
                if (GroupOf(partner) is var decided && !matching.Contains(decided))
                    matching.Insert(0, decided);

        if (own is not null && own.Members.Count > 1 && !matching.Contains(own))
        {
            if (StillFits(entry, own)) matching.Insert(0, own);
            else
            {
                own.Remove(entry.Id);
                _left.Add(entry.Member);
                _leftBehind.Add(own);
            }
        }

        Join(entry, matching);
        Remember(entry);
    }

    private StoryGroup GroupOf(long entryId)
    {
        if (_groups.TryGetValue(entryId, out var group)) return group.Now;
        return _groups[entryId] = new StoryGroup(null, [_texts[entryId].Member]);
    }

    private void Join(PreparedEntry entry, List<StoryGroup> matching)
    {
        matching.RemoveAll(group => group.Members.Count == 0 || (group.Members.Count == 1 && group.Members[0].EntryId == entry.Id));
        if (matching.Count == 0)
        {
            _groups.Remove(entry.Id);
            return;
        }

        // The older number stays; what an admin has parted is not joined by a third entry either.
        var kept = matching.OrderBy(group => group.StoryId ?? long.MaxValue).First();
        if (kept.Members.Count < Story.MaxMembers || kept.Members.Any(member => member.EntryId == entry.Id)) kept.Add(entry.Member);
        else return;
        foreach (var other in matching)
            if (other != kept && kept.Members.Count + other.Members.Count <= Story.MaxMembers && !other.Members.Any(member => IsApart(member.EntryId, kept)))
            {
                if (other.Members.Any(member => member.EntryId == entry.Id)) other.Remove(entry.Id);
                kept.Take(other);
            }

        foreach (var member in kept.Members) _groups[member.EntryId] = kept;
    }

    private bool StillFits(PreparedEntry entry, StoryGroup own) =>
        !IsApart(entry.Id, own) && own.Members.Any(member => member.EntryId != entry.Id && _texts.TryGetValue(member.EntryId, out var text) && IsSame(entry, text));

    private bool IsApart(long entryId, StoryGroup group) =>
        _apart.Count > 0 && group.Members.Any(member => _apart.Contains((Math.Min(entryId, member.EntryId), Math.Max(entryId, member.EntryId))));

    // A source seldom reprints itself; what looks alike in it is its template.
    private static bool IsSame(PreparedEntry a, PreparedEntry b) =>
        StoryComparison.Compare(a.Text, b.Text) is { IsSame: true } likeness && (a.Member.SourceId != b.Member.SourceId || likeness.Conflicts == 0);

    private void Remember(PreparedEntry entry)
    {
        var story = _groups.TryGetValue(entry.Id, out var group) ? group.Now : null;
        if (_sharers.GetValueOrDefault(entry.Id) is not { } self)
            _sharers[entry.Id] = self = new SharerRow { Id = entry.Id, SourceId = entry.Member.SourceId, SortAt = entry.Member.SortAt };

        // One entry of a story stands for all of it: a reprint that everybody has does not make its words common.
        var hashes = SketchOf(entry);
        if (story is not null) hashes.RemoveAll(hash => _sharing[hash].Exists(row => row.Id != entry.Id && _groups.TryGetValue(row.Id, out var other) && other.Now == story));
        if (entry.AddressHash is { } address) hashes.Add(address);
        foreach (var hash in hashes)
        {
            _remembered.Add((hash, entry.Id));
            var rows = _sharing[hash];
            if (!rows.Contains(self)) rows.Add(self);
        }
    }

    private async Task WriteAsync(StoreSession session, Read read)
    {
        await session.ExecuteAsync(Forget, new { ids = database.List([.. read.Entries.Select(entry => entry.Id)]) });

        // In the order of the index: its pages are gone through once, and two processes never wait for each other in a circle.
        _remembered.Sort();
        await database.RememberShinglesAsync(session, _remembered);
        var changed = _groups.Values.Concat(_leftBehind).Select(group => group.Now).Distinct().Where(group => group.IsChanged).ToList();
        var members = changed.SelectMany(group => group.Members).Concat(_left).ToList();
        foreach (var group in changed) await group.SaveAsync(session, now);
        await session.ExecuteAsync(Dequeue, new { numbers = database.List(read.Numbers) });
        if (members.Count > 0) await TopicVersions.RaiseAsync(session, await StoryGroup.TopicsAsync(session, members), now);
    }

    private sealed record Read(IReadOnlyList<long> Numbers, IReadOnlyList<PreparedEntry> Entries, Seen Seen);

    /// <summary>What decided about the entries when they were read.</summary>
    private sealed record Seen(IReadOnlyList<long> Ids, IReadOnlyList<PlaceRow> Places, IReadOnlyList<DecisionRow> Decisions)
    {
        public static Seen Nothing { get; } = new([], [], []);

        public bool Equals(Seen? other) => other is not null && Places.SequenceEqual(other.Places) && Decisions.SequenceEqual(other.Decisions);

        public override int GetHashCode() => Places.Count;
    }

    private sealed record QueuedRow
    {
        public required long Number { get; init; }
        public required long EntryId { get; init; }
    }

    /// <summary>An entry that has a hash.</summary>
    private sealed record SharerRow
    {
        public required long Id { get; init; }
        public required long SourceId { get; init; }
        public required long SortAt { get; init; }
    }

    private sealed record PlaceRow
    {
        public required long EntryId { get; init; }
        public required long StoryId { get; init; }
    }

    private sealed record DecisionRow
    {
        public required long EntryId { get; init; }
        public required long OtherId { get; init; }
        public required int IsSame { get; init; }
    }

    private sealed record TextRow
    {
        public required long Id { get; init; }
        public required long SourceId { get; init; }
        public required string Title { get; init; }
        public string? Summary { get; init; }
        public string? Url { get; init; }
        public required long SortAt { get; init; }
        public string? ClaimedTitle { get; init; }
        public int? Kind { get; init; }
        public byte[]? Document { get; init; }

        public PreparedEntry Prepare()
        {
            string? content = null;
            string? site = null;
            var url = Url;
            if (Document is not null)
            {
                var bytes = SnapshotPacking.Unpack(Document);
                if (Kind == (int)SnapshotKind.Page)
                {
                    var page = SnapshotDocument.Read(bytes);
                    (content, site, url) = (page.Content, page.Site, page.Url ?? url);
                }
                else
                {
                    content = SnapshotDocument.ReadContent(bytes);
                }
            }

            var text = StoryText.Of(Title, Summary, content);
            return new PreparedEntry(new StoryGroupMember(Id, SourceId, SortAt, text.Named ?? ClaimedTitle ?? site), text, StoryAddress.HashOf(url));
        }
    }
}
