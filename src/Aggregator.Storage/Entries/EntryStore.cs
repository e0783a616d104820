using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Categories;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Entries;

/// <summary>The entries in the store.</summary>
internal sealed class EntryStore(Database database) : IEntryStore, IEntryArchive
{
    internal const string Columns = $"""
        entry.id, entry.source_id, entry.key, entry.guid, entry.url, entry.title, entry.summary, entry.authors, entry.tags,
        entry.enclosures, entry.image_url, entry.language, entry.published_at, entry.updated_at, entry.rights, entry.claimed_title,
        entry.claimed_url, entry.content_hash, entry.first_seen_at, entry.captured_at, entry.version, entry.body_number, entry.sort_at,
        entry.license, entry.wishes, {EntryRights.Level}
        """;

    internal const string WithBody = """
         left join snapshot on snapshot.entry_id = entry.id and snapshot.number = entry.body_number
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        """;

    private const string ById = $"""
        select {Columns}, snapshot_document.document
        from entry{WithBody}
        where entry.id = @id and {EntryRights.IsShown}
        """;

    private const string StoredById = $"""
        select {Columns}, snapshot_document.document
        from entry{WithBody}
        where entry.id = @id and {EntryRights.IsStored}
        """;

    private const string ByIds = $$"""
        select {{Columns}} from entry where entry.id {any @ids} and {{EntryRights.IsShown}}
        """;

    private const string ByIdsWithBodies = $$"""
        select {{Columns}}, snapshot_document.document
        from entry{{WithBody}}
        where entry.id {any @ids} and {{EntryRights.IsShown}}
        """;

    private const string InRange = $"""
        select entry.id, entry.captured_at from entry where entry.id > @after and entry.id <= @until and {EntryRights.IsShown} order by entry.id
        """;

    private const string LastId = "select coalesce(max(id), 0) from entry";

    private const string CategoriesOf = """
        select category.id, slug, title, description, language, show_attribution, position, category.rules, category.republish
        from category_entry join category on category.id = category_entry.category_id
        where category_entry.entry_id = @id
        """;

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfInvalid(query);
        return ListAsync(query, StatementFor(query), static row => row.ToShown(), cancellationToken);
    }

    /// <inheritdoc />
    Task<IReadOnlyList<StoredEntry>> IEntryArchive.ListAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfInvalid(query);
        return ListAsync(query, StatementFor(query, EntryRights.IsStored), static row => row.ToStored(), cancellationToken);
    }

    /// <inheritdoc />
    Task<StoredEntry?> IEntryArchive.FindAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync(async session => (await session.FindAsync<EntryRow>(StoredById, new { id = entryId }))?.ToStored(), cancellationToken);

    /// <inheritdoc />
    public Task<PageKey?> ReachAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (from, where, place) = RangeOf(query);
        var (range, direction) = PlaceOf(query.Before, query.After, query.Since, place);
        var statement = $"""
            select {place.Replace("category_entry.entry_id", "category_entry.entry_id as id", StringComparison.Ordinal)}
            from {from}
            where {where}{range} and {EntryRights.IsShown}
            order by {InOrder(place, direction)} limit 1 offset @reached
            """;
        return database.ReadAsync(
            async session => await session.FindAsync<PlaceRow>(statement, ParametersOf(query)) is { } row
                ? new PageKey(UnixTime.FromMilliseconds(row.SortAt), row.Id)
                : null,
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<ILookup<long, StoredEntry>> ListNewestAsync(IReadOnlyCollection<long> categoryIds, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(categoryIds);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IEntryStore.MaxHeadlines / Math.Max(categoryIds.Count, 1));
        if (categoryIds.Count == 0) return Task.FromResult(Array.Empty<StoredEntry>().ToLookup(_ => 0L));

        var parameters = new Dictionary<string, object> { ["limit"] = limit };
        foreach (var (at, id) in categoryIds.Index()) parameters["category" + at] = id;
        var statement = string.Join("\nunion all\n", Enumerable.Range(0, categoryIds.Count).Select(NewestOf));
        return database.ReadAsync(
            async session => (await session.ListAsync<EntryRow>(statement, parameters)).ToLookup(row => row.CategoryId, row => row.ToShown()), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<EntryOrigin>> OriginsAsync(Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var query = new EntryQuery { Topic = topic };
        var (from, where, place) = RangeOf(query);
        var statement = $"""
            select source_id, language, count(*) as entries
            from (select entry.source_id, entry.language from {from} where {where} and {EntryRights.IsShown}
                  order by {InOrder(place, "desc")} limit {IEntryStore.MaxHeadlines}) as newest
            group by source_id, language order by entries desc, source_id, language
            """;
        return database.ReadAsync<IReadOnlyList<EntryOrigin>>(
            async session => (await session.ListAsync<OriginRow>(statement, ParametersOf(query))).ConvertAll(row => new EntryOrigin(row.SourceId, row.Language, row.Entries)),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<EntryAge>> ListRangeAsync(long after, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IEntryStore.MaxRange);
        return database.ReadAsync<IReadOnlyList<EntryAge>>(
            async session => (await session.ListAsync<AgeRow>(InRange, new { after, until = after + count }))
                .ConvertAll(row => new EntryAge(row.Id, UnixTime.FromMilliseconds(row.CapturedAt))),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<long> LastIdAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.FindAsync<long>(LastId), cancellationToken);

    /// <inheritdoc />
    public Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<EntryRow>(ById, new { id = entryId }))?.ToShown(), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredEntry>> FindManyAsync(IReadOnlyCollection<long> entryIds, bool withContent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entryIds.Count, EntryQuery.MaxLimit, nameof(entryIds));
        if (entryIds.Count == 0) return Task.FromResult<IReadOnlyList<StoredEntry>>([]);
        return database.ReadAsync<IReadOnlyList<StoredEntry>>(
            async session => (await RowsAsync(session, entryIds, withContent)).ConvertAll(static row => row.ToShown()), cancellationToken);
    }

    /// <summary>The rows of these entries, as far as something of them may be shown, in no particular order.</summary>
    internal static Task<List<EntryRow>> RowsAsync(StoreSession session, IReadOnlyCollection<long> entryIds, bool withContent) =>
        session.ListAsync<EntryRow>(withContent ? ByIdsWithBodies : ByIds, new { ids = session.Database.List(entryIds) });

    /// <inheritdoc />
    public Task<IReadOnlyList<Category>> CategoriesOfAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Category>>(
            async session => CategoryRow.InOrder(await session.ListAsync<CategoryRow>(CategoriesOf, new { id = entryId })), cancellationToken);

    /// <inheritdoc />
    public Task<TopicVersion> VersionAsync(Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return database.ReadAsync(session => TopicVersions.ReadAsync(session, topic), cancellationToken);
    }

    private static void ThrowIfInvalid(EntryQuery query)
    {
        if (query.Limit is < 1 or > EntryQuery.MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, $"A page has 1 to {EntryQuery.MaxLimit} entries.");
        if (query is { Before: not null, After: not null })
            throw new ArgumentOutOfRangeException(nameof(query), "A page lies before one place or after one, not both.");
    }

    private Task<IReadOnlyList<StoredEntry>> ListAsync(
        EntryQuery query, (string Statement, object Parameters) asked, Converter<EntryRow, StoredEntry> read, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredEntry>>(
            async session =>
            {
                var rows = await session.ListAsync<EntryRow>(asked.Statement, asked.Parameters);
                if (query.After is not null) rows.Reverse();
                return rows.ConvertAll(read);
            },
            cancellationToken);

    /// <summary>The condition that no entry of the same story stands before this one in the topic: a look at the few entries of its story.</summary>
    internal static string Leads(Topic topic, string parameter = "@topic", string among = "")
    {
        var (join, where) = topic switch
        {
            Topic.OfCategory => ($"join category_entry as listed on listed.entry_id = other.id and listed.category_id = {parameter}", ""),
            Topic.OfSource => ("", $"and other.source_id = {parameter}"),
            _ => ("", ""),
        };
        return $"""
             and not exists (
                select 1 from story_entry as own
                join story_entry as before on before.story_id = own.story_id and before.place < own.place
                join entry as other on other.id = before.entry_id
                {join}
                where own.entry_id = entry.id {where} {among} and {EntryRights.OtherIsShown})
            """;
    }

    /// <summary>The condition that the entry stands in the category <c>@topic</c>: a look at one place of it.</summary>
    internal const string IsPlaced = """
        exists (
            select 1 from category_entry
            where category_entry.category_id = @topic and category_entry.sort_at = entry.sort_at and category_entry.entry_id = entry.id)
        """;

    /// <summary>The one statement for a page: its topic chooses the index, its place a range of it, so that every page costs the same.</summary>
    internal static (string Statement, object Parameters) StatementFor(EntryQuery query, string isListed = EntryRights.IsShown)
    {
        var (from, where, place) = RangeOf(query);
        var (range, direction) = PlaceOf(query.Before, query.After, query.Since, place);
        if (query.IsNarrowed) return (Narrowed(query, from, where + range, isListed, place, direction), ParametersOf(query));

        var columns = query.WithContent ? Columns + ", snapshot_document.document" : Columns;
        if (query.WithContent) from += WithBody;
        return (
            $"""
            select {columns}
            from {from}
            where {where}{range} and {isListed}{(query.OncePerStory ? Leads(query.Topic) : "")}
            order by {InOrder(place, direction)} limit @limit
            """,
            ParametersOf(query));
    }

    /// <summary>
    /// The same for a part of a topic. What an index knows narrows the range; the rest is looked for in so many entries of it, and no
    /// further: else one page of a language that is rare would read them all.
    /// </summary>
    private static string Narrowed(EntryQuery query, string from, string where, string isListed, string place, string direction)
    {
        var columns = query.WithContent ? Columns + ", snapshot_document.document" : Columns;
        return $"""
            select {columns}
            from (select entry.id from {from} where {where} and {isListed}
                  order by {InOrder(place, direction)} limit {EntryQuery.MaxScanned}) as seen
            join entry on entry.id = seen.id{(query.WithContent ? WithBody : "")}
            where {(query.Language is null ? "1 = 1" : OfLanguage("entry"))}
            {(query is { SourceId: not null, Topic: Topic.OfCategory } ? "and " + IsPlaced : "")}
            {(query is { SourceId: not null, Topic: Topic.OfSource } ? "and entry.source_id = @source" : "")}
            {(query.OncePerStory ? Leads(query.Topic, among: (query.Language is null ? "" : $"and {OfLanguage("other")} ") + (query.SourceId is null ? "" : "and other.source_id = @source")) : "")}
            order by entry.sort_at {direction}, entry.id {direction} limit @limit
            """;
    }

    private static string OfLanguage(string entry) => $"({entry}.language = @language or {entry}.language like @language_range)";

    private static (string From, string Where, string Place) RangeOf(EntryQuery query) => query switch
    {
        { SourceId: not null, Topic: not Topic.OfSource } => ("entry", "entry.source_id = @source", "entry.sort_at, entry.id"),
        { Topic: Topic.OfCategory } => ("category_entry join entry on entry.id = category_entry.entry_id", "category_entry.category_id = @topic", "category_entry.sort_at, category_entry.entry_id"),
        { Topic: Topic.OfSource } => ("entry", "entry.source_id = @topic", "entry.sort_at, entry.id"),
        { Topic: Topic.OfEverything } => ("entry", "entry.version > 0", "entry.sort_at, entry.id"),
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.Topic, "Unknown kind of topic."),
    };

    /// <summary>The condition that a place lies where a page begins, and the direction in which it is read from there.</summary>
    internal static (string Range, string Direction) PlaceOf(PageKey? before, PageKey? after, DateTimeOffset? since, string place)
    {
        var young = since is null ? "" : $" and ({place}) >= (@since, 0)";
        return before is not null ? ($" and ({place}) < (@sort_at, @entry_id){young}", "desc")
            : after is not null ? ($" and ({place}) > (@sort_at, @entry_id){young}", "asc")
            : (young, "desc");
    }

    /// <summary>The columns of a place, each in that direction.</summary>
    internal static string InOrder(string place, string direction) => place.Replace(",", $" {direction},", StringComparison.Ordinal) + " " + direction;

    private static object ParametersOf(EntryQuery query)
    {
        var key = query.Before ?? query.After;
        return new
        {
            topic = query.Topic switch
            {
                Topic.OfCategory category => category.CategoryId,
                Topic.OfSource source => source.SourceId,
                _ => 0,
            },
            source = query.SourceId ?? 0,
            language = query.Language ?? "",
            language_range = query.Language + "-%",
            sort_at = key?.SortAt.ToUnixTimeMilliseconds() ?? 0,
            entry_id = key?.EntryId ?? 0,
            limit = query.Limit,
            since = query.Since?.ToUnixTimeMilliseconds() ?? 0,
            reached = EntryQuery.MaxScanned - 1,
        };
    }

    private static string NewestOf(int at) => $"""
        select * from (
            select {Columns}, category_entry.category_id
            from category_entry join entry on entry.id = category_entry.entry_id
            where category_entry.category_id = @category{at} and {EntryRights.IsShown}{Leads(Topic.Category(0), $"@category{at}")}
            order by category_entry.sort_at desc, category_entry.entry_id desc limit @limit
        ) as newest{at}
        """;

    private sealed record PlaceRow
    {
        public required long SortAt { get; init; }
        public required long Id { get; init; }
    }

    private sealed record OriginRow
    {
        public required long SourceId { get; init; }
        public string? Language { get; init; }
        public required long Entries { get; init; }
    }

    private sealed record AgeRow
    {
        public required long Id { get; init; }
        public required long CapturedAt { get; init; }
    }
}
