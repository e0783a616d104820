using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Dapper;

namespace Aggregator.Storage.Selections;

/// <summary>What visitors follow, in the store.</summary>
internal sealed class SelectionStore(Database database) : ISelectionStore
{
    /// <summary>How many bytes of a hash tell the states of one selection apart.</summary>
    private const int RevisionBytes = 16;

    private const string ByHash = "select id, used_at, seen_at, newest_at, visit_at from selection where token_hash = @tokenHash";

    // Of a source that is deleted, or of which nothing may be shown, nobody learns that it is there; whoever follows it does so again when it is back.
    private const string TopicsOf = $"""
        select selection_topic.id, selection_topic.category_id, selection_topic.source_id, selection_topic.query
        from selection_topic left join source on source.id = selection_topic.source_id
        where selection_topic.selection_id = @id and (source.id is null or ({EntryRights.SourceIsShown}))
        order by selection_topic.id
        """;

    private const string Insert = """
        insert into selection (token_hash, used_at, seen_at, newest_at, visit_at) values (@tokenHash, @used_at, @seen_at, @newest_at, @visit_at)
        returning id
        """;

    private const string Locked = "select id from selection where id = @selectionId {locked}";

    private const string Count = """
        select count(*) as topics, count(query) as searches from selection_topic where selection_id = @selectionId
        """;

    private const string FollowCategory = """
        insert into selection_topic (selection_id, category_id) select @selectionId, id from category where id = @id on conflict do nothing
        """;

    private const string FollowSource = $"""
        insert into selection_topic (selection_id, source_id) select @selectionId, id from source where id = @id and {EntryRights.SourceIsShown} on conflict do nothing
        """;

    private const string FollowSearch = "insert into selection_topic (selection_id, query) values (@selectionId, @query) on conflict do nothing";

    private const string CountThere = $$"""
        select (select count(*) from category where id {any @categories}) + (select count(*) from source where id {any @sources} and {{EntryRights.SourceIsShown}})
        """;

    private const string Unfollow = """
        delete from selection_topic
        where selection_id = @selectionId and (category_id {any @categories} or source_id {any @sources} or query {any @queries})
        """;

    private const string Use = """
        update selection set used_at = @used_at, seen_at = @seen_at, newest_at = @newest_at, visit_at = @visit_at where id = @selectionId
        """;

    private const string Forget = "delete from selection where token_hash = @tokenHash";

    internal const string Unused = "select id from selection where used_at < @since order by used_at limit @limit";

    private const string ForgetMany = "delete from selection where id {any @ids}";

    private const string Versions = """
        select cast(coalesce(sum(number), 0) as bigint) as number, max(changed_at) as changed_at
        from topic_version
        where (kind = 2 and topic_id {any @categories}) or (kind = 3 and topic_id {any @sources})
        """;

    /// <inheritdoc />
    public Task<Selection?> FindAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokenHash);
        return database.ReadAsync(
            async session => await session.FindAsync<SelectionRow>(ByHash, new { tokenHash }) is { } row
                ? row.ToSelection(await session.ListAsync<TopicRow>(TopicsOf, new { id = row.Id }))
                : null,
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<Selection> AddAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokenHash);
        var state = StateOf(now, SelectionVisit.First(now));
        return database.WriteAsync(
            async session =>
            {
                var id = await session.FindAsync<long>(Insert, new { tokenHash, state.used_at, state.seen_at, state.newest_at, state.visit_at });
                return new SelectionRow { Id = id, UsedAt = state.used_at, SeenAt = state.seen_at, NewestAt = state.newest_at, VisitAt = state.visit_at }.ToSelection([]);
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<Following> FollowAsync(long selectionId, IReadOnlyCollection<Topic> topics, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ISelectionStore.MaxTopics);
        var wanted = topics.Distinct().ToList();
        if (wanted.Find(static topic => topic is not (Topic.OfCategory or Topic.OfSource or Topic.OfSearch { Query.Length: > 0 and <= ISelectionStore.MaxQueryLength })) is { } other)
            throw new ArgumentOutOfRangeException(nameof(topics), other.GetType().Name, "Categories, sources and searches of a bounded length can be followed.");

        return database.WriteAsync(
            async session =>
            {
                // Two windows of one visitor must not fill the same room twice.
                if (await session.FindAsync<long?>(Locked, new { selectionId }) is null) return new Following([], IsFull: false);
                var counts = await session.FindAsync<CountRow>(Count, new { selectionId });
                var (room, searches) = (max - counts!.Topics, ISelectionStore.MaxSearches - counts.Searches);
                var without = new List<Topic>();
                foreach (var topic in wanted)
                {
                    switch (topic)
                    {
                        case Topic.OfCategory category when room > 0:
                            room -= await session.ExecuteAsync(FollowCategory, new { selectionId, id = category.CategoryId });
                            break;
                        case Topic.OfSource source when room > 0:
                            room -= await session.ExecuteAsync(FollowSource, new { selectionId, id = source.SourceId });
                            break;
                        case Topic.OfSearch search when room > 0 && searches > 0:
                            var added = await session.ExecuteAsync(FollowSearch, new { selectionId, query = StorableText.Of(search.Query) });
                            (room, searches) = (room - added, searches - added);
                            break;
                        default:
                            without.Add(topic);
                            break;
                    }
                }

                var now = (await session.ListAsync<TopicRow>(TopicsOf, new { id = selectionId })).ConvertAll(static row => row.ToTopic());
                return new Following([.. wanted.Where(now.Contains)], await AnyIsThereAsync(session, [.. without.Except(now)]));
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task UnfollowAsync(long selectionId, IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var parameters = new
        {
            selectionId,
            categories = CategoriesAmong(topics),
            sources = SourcesAmong(topics),
            queries = database.List([.. topics.OfType<Topic.OfSearch>().Select(static topic => StorableText.Of(topic.Query))]),
        };
        return database.WriteAsync(session => session.ExecuteAsync(Unfollow, parameters), cancellationToken);
    }

    /// <inheritdoc />
    public Task UseAsync(long selectionId, DateTimeOffset now, SelectionVisit visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        var state = StateOf(now, visit);
        return database.WriteAsync(
            session => session.ExecuteAsync(Use, new { selectionId, state.used_at, state.seen_at, state.newest_at, state.visit_at }), cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> ForgetAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokenHash);
        return database.WriteAsync(async session => await session.ExecuteAsync(Forget, new { tokenHash }) > 0, cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> ForgetUnusedAsync(DateTimeOffset unusedSince, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.WriteAsync(
            async session =>
            {
                var unused = await session.ListAsync<long>(Unused, new { since = unusedSince.ToUnixTimeMilliseconds(), limit });
                return unused.Count == 0 ? 0 : await session.ExecuteAsync(ForgetMany, new { ids = database.List(unused) });
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredEntry>> ListAsync(SelectionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > SelectionQuery.MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, $"A page has 1 to {SelectionQuery.MaxLimit} entries.");
        if (query is { Before: not null, After: not null })
            throw new ArgumentOutOfRangeException(nameof(query), "A page lies before one place or after one, not both.");
        return database.ReadAsync(session => SelectionEntries.ReadAsync(session, query), cancellationToken);
    }

    /// <inheritdoc />
    public Task<TopicVersion> VersionAsync(Selection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return database.ReadAsync(
            async session =>
            {
                var row = await session.FindAsync<VersionRow>(Versions, new { categories = database.List(selection.CategoryIds), sources = database.List(selection.SourceIds) });
                return new TopicVersion(row!.Number, UnixTime.FromMilliseconds(row.ChangedAt));
            },
            cancellationToken);
    }

    /// <summary>Whether any of these could be followed, if there were room.</summary>
    private async Task<bool> AnyIsThereAsync(StoreSession session, List<Topic> topics) =>
        topics.Exists(static topic => topic is Topic.OfSearch)
        || (topics.Count > 0 && await session.FindAsync<long>(CountThere, new { categories = CategoriesAmong(topics), sources = SourcesAmong(topics) }) > 0);

    private SqlMapper.ICustomQueryParameter CategoriesAmong(IEnumerable<Topic> topics) =>
        database.List([.. topics.OfType<Topic.OfCategory>().Select(static topic => topic.CategoryId)]);

    private SqlMapper.ICustomQueryParameter SourcesAmong(IEnumerable<Topic> topics) =>
        database.List([.. topics.OfType<Topic.OfSource>().Select(static topic => topic.SourceId)]);

#pragma warning disable IDE1006 // Named as the parameters of the statements are.
    private static (long used_at, long seen_at, long newest_at, long visit_at) StateOf(DateTimeOffset now, SelectionVisit visit) => (
        new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        visit.SeenAt.ToUnixTimeMilliseconds(), visit.NewestAt.ToUnixTimeMilliseconds(), visit.At.ToUnixTimeMilliseconds());
#pragma warning restore IDE1006

    private sealed record SelectionRow
    {
        public required long Id { get; init; }
        public required long UsedAt { get; init; }
        public required long SeenAt { get; init; }
        public required long NewestAt { get; init; }
        public required long VisitAt { get; init; }

        public Selection ToSelection(List<TopicRow> topics) => new()
        {
            Id = Id,
            Topics = topics.ConvertAll(static topic => topic.ToTopic()),
            // Numbers never come back: what was followed, left and followed again has another. All of them count, for sources hide and come back.
            Revision = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', topics.Select(static topic => topic.Id)))).AsSpan(0, RevisionBytes)),
            UsedAt = UnixTime.FromMilliseconds(UsedAt),
            Visit = new SelectionVisit(UnixTime.FromMilliseconds(SeenAt), UnixTime.FromMilliseconds(NewestAt), UnixTime.FromMilliseconds(VisitAt)),
        };
    }

    private sealed record TopicRow
    {
        public required long Id { get; init; }
        public long? CategoryId { get; init; }
        public long? SourceId { get; init; }
        public string? Query { get; init; }

        public Topic ToTopic() => CategoryId is { } category ? Topic.Category(category) : SourceId is { } source ? Topic.Source(source) : Topic.Search(Query!);
    }

    private sealed record CountRow
    {
        public required int Topics { get; init; }
        public required int Searches { get; init; }
    }

    private sealed record VersionRow
    {
        public required long Number { get; init; }
        public long? ChangedAt { get; init; }
    }
}
