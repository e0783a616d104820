using Aggregator.Core.Model;
using Aggregator.Core.Stories;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Stories;

/// <summary>The entries of a story while they are being put together.</summary>
internal sealed class StoryGroup
{
    private const string StoryOf = "select story_id from story_entry where entry_id = @id";

    private const string MembersOf = """
        select story_entry.story_id, story_entry.entry_id, entry.source_id, entry.sort_at, story_entry.named_source
        from story_entry join entry on entry.id = story_entry.entry_id
        where story_entry.story_id {any @ids}
        order by story_entry.story_id, story_entry.place
        """;

    private const string One = "select id as entry_id, source_id, sort_at, claimed_title as named_source from entry where id = @id";

    private const string Sources = "select id, title, feed_title, url, feed_site_url from source where id {any @ids}";

    private const string Begin = "insert into story (changed_at) values (@at) returning id";

    private const string Touch = "update story set changed_at = @at where id = @id";

    private const string Merge = "update story set merged_into = @into where id {any @ids}";

    private const string Stand = "select entry_id from story_entry where story_id {any @ids}";

    private const string Leave = "delete from story_entry where entry_id {any @ids}";

    // Renewed and not written anew: whoever leaves a story has its other entries compared again (a trigger), by what they are found by.
    private const string Place = """
        insert into story_entry (entry_id, story_id, place, named_source) select id, @story_id, @place, @named from entry where id = @entry_id
        on conflict (entry_id) do update set story_id = excluded.story_id, place = excluded.place, named_source = excluded.named_source
        """;

    private const string CategoriesOf = "select distinct category_id from category_entry where entry_id {any @ids}";

    private readonly List<StoryGroupMember> _members = [];
    private readonly List<long> _taken = [];

    /// <summary>Its number; null before it is saved for the first time.</summary>
    public long? StoryId { get; private set; }

    /// <summary>Its entries.</summary>
    public IReadOnlyList<StoryGroupMember> Members => _members;

    /// <summary>Whether there is something to save.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>The group that this one was taken into, or itself.</summary>
    public StoryGroup Now { get; private set; }

    public StoryGroup(long? storyId, IEnumerable<StoryGroupMember> members)
    {
        StoryId = storyId;
        _members.AddRange(members);
        Now = this;
    }

    /// <summary>The story that an entry is in, or null.</summary>
    public static async Task<StoryGroup?> OfEntryAsync(StoreSession session, long entryId) =>
        await session.FindAsync<long?>(StoryOf, new { id = entryId }) is { } storyId
            ? (await OfStoriesAsync(session, [storyId])).Single()
            : null;

    /// <summary>Stories with all their entries.</summary>
    public static async Task<List<StoryGroup>> OfStoriesAsync(StoreSession session, IReadOnlyCollection<long> storyIds) =>
        [.. (await session.ListAsync<MemberRow>(MembersOf, new { ids = session.Database.List(storyIds) }))
            .GroupBy(row => row.StoryId).Select(rows => new StoryGroup(rows.Key, rows.Select(row => row.ToMember())))];

    /// <summary>What could become a story of one entry.</summary>
    public static async Task<StoryGroup> OfOneAsync(StoreSession session, long entryId) =>
        new(null, [(await session.FindAsync<MemberRow>(One, new { id = entryId }))!.ToMember()]);

    /// <summary>What shows these entries: everything, their sources and their categories.</summary>
    public static async Task<List<Topic>> TopicsAsync(StoreSession session, IReadOnlyCollection<StoryGroupMember> members) =>
    [
        Topic.Everything,
        .. members.Select(member => member.SourceId).Distinct().Select(Topic.Source),
        .. (await session.ListAsync<long>(CategoriesOf, new { ids = session.Database.List([.. members.Select(member => member.EntryId)]) })).Select(Topic.Category),
    ];

    /// <summary>Adds an entry, or renews what is known of it.</summary>
    public void Add(StoryGroupMember member)
    {
        var at = _members.FindIndex(known => known.EntryId == member.EntryId);
        if (at >= 0 && _members[at] == member) return;
        IsChanged = true;
        if (at >= 0) _members[at] = member;
        else _members.Add(member);
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(long entryId) => IsChanged |= _members.RemoveAll(member => member.EntryId == entryId) > 0;

    /// <summary>Takes another story into this one.</summary>
    public void Take(StoryGroup other)
    {
        foreach (var member in other._members) Add(member);
        if (other.StoryId is { } id) _taken.Add(id);
        _taken.AddRange(other._taken);
        other._members.Clear();
        other._taken.Clear();
        (other.StoryId, other.IsChanged, other.Now) = (null, false, this);
        IsChanged = true;
    }

    /// <summary>Writes it: its entries in their order, and where the stories lead that were taken into it.</summary>
    public async Task SaveAsync(StoreSession session, DateTimeOffset now)
    {
        var database = session.Database;
        var at = now.ToUnixTimeMilliseconds();
        if (StoryId is null && _members.Count < 2) return;

        // Nothing here is changed: a transaction that was broken off does it again.
        var storyId = StoryId ?? await session.FindAsync<long>(Begin, new { at });
        if (StoryId is not null) await session.ExecuteAsync(Touch, new { at, id = storyId });
        if (_taken.Count > 0) await session.ExecuteAsync(Merge, new { into = storyId, ids = database.List(_taken) });

        // What is left alone is no story; its number stays, for it may have been published.
        var staying = _members.Count < 2 ? [] : _members.Select(member => member.EntryId).ToHashSet();
        var leaving = StoryId is null && _taken.Count == 0 ? [] : (await session.ListAsync<long>(Stand, new { ids = database.List([storyId, .. _taken]) })).FindAll(id => !staying.Contains(id));
        if (leaving.Count > 0) await session.ExecuteAsync(Leave, new { ids = database.List(leaving) });
        if (staying.Count == 0) return;
        var sources = (await session.ListAsync<SourceRow>(Sources, new { ids = database.List([.. _members.Select(member => member.SourceId).Distinct()]) })).ToDictionary(row => row.Id);
        var tellers = _members.Where(member => sources.ContainsKey(member.SourceId)).Select(member => new StoryTeller(
            member.EntryId, member.SourceId, sources[member.SourceId].DisplayTitle, sources[member.SourceId].Host, UnixTime.FromMilliseconds(member.SortAt), member.Named)).ToList();
        var place = 0;
        foreach (var teller in StoryOrder.Of(tellers))
            await session.ExecuteAsync(Place, new { entry_id = teller.EntryId, story_id = storyId, place = place++, named = StorableText.Of(teller.Named) });
    }

    private sealed record MemberRow
    {
        public long StoryId { get; init; }
        public required long EntryId { get; init; }
        public required long SourceId { get; init; }
        public required long SortAt { get; init; }
        public string? NamedSource { get; init; }

        public StoryGroupMember ToMember() => new(EntryId, SourceId, SortAt, NamedSource);
    }

    private sealed record SourceRow
    {
        public required long Id { get; init; }
        public string? Title { get; init; }
        public string? FeedTitle { get; init; }
        public required string Url { get; init; }
        public string? FeedSiteUrl { get; init; }

        public string DisplayTitle => !string.IsNullOrWhiteSpace(Title) ? Title : FeedTitle ?? "";

        public string? Host => Uri.TryCreate(FeedSiteUrl ?? Url, UriKind.Absolute, out var uri) && uri.IsAbsoluteUri ? uri.Host : null;
    }
}
