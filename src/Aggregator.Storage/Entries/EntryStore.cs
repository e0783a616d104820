using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Categories;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Entries;

/// <summary>The entries in the store.</summary>
internal sealed class EntryStore(Database database) : IEntryStore
{
    internal const string Columns = """
        entry.id, entry.source_id, entry.key, entry.guid, entry.url, entry.title, entry.summary, entry.authors, entry.tags,
        entry.enclosures, entry.image_url, entry.language, entry.published_at, entry.updated_at, entry.rights, entry.claimed_title,
        entry.claimed_url, entry.content_hash, entry.first_seen_at, entry.captured_at, entry.version, entry.body_number, entry.sort_at
        """;

    internal const string WithBody = """
         left join snapshot on snapshot.entry_id = entry.id and snapshot.number = entry.body_number
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id
        """;

    // Entries of a deleted source stay where they are, and are shown nowhere.
    internal const string IsShown = "(select source.state from source where source.id = entry.source_id) <> 4";

    private const string ById = $"""
        select {Columns}, snapshot_document.document
        from entry{WithBody}
        where entry.id = @id and {IsShown}
        """;

    private const string CategoriesOf = """
        select category.id, slug, title, description, language, show_attribution, position, category.rules
        from category_entry join category on category.id = category_entry.category_id
        where category_entry.entry_id = @id
        """;

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > EntryQuery.MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, $"A page has 1 to {EntryQuery.MaxLimit} entries.");
        if (query is { Before: not null, After: not null })
            throw new ArgumentOutOfRangeException(nameof(query), "A page lies before one place or after one, not both.");

        var (statement, parameters) = StatementFor(query);
        return database.ReadAsync<IReadOnlyList<StoredEntry>>(
            async session =>
            {
                var rows = await session.ListAsync<EntryRow>(statement, parameters);
                if (query.After is not null) rows.Reverse();
                return rows.ConvertAll(row => row.ToStoredEntry());
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<EntryRow>(ById, new { id = entryId }))?.ToStoredEntry(), cancellationToken);

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

    /// <summary>The condition that no entry of the same story stands before this one in the topic: a look at the few entries of its story.</summary>
    private static string Leads(Topic topic)
    {
        var (join, where) = topic switch
        {
            Topic.OfCategory => ("join category_entry as listed on listed.entry_id = other.id and listed.category_id = @topic", ""),
            Topic.OfSource => ("", "and other.source_id = @topic"),
            _ => ("", ""),
        };
        return $"""
             and not exists (
                select 1 from story_entry as own
                join story_entry as before on before.story_id = own.story_id and before.place < own.place
                join entry as other on other.id = before.entry_id
                {join}
                where own.entry_id = entry.id {where} and (select source.state from source where source.id = other.source_id) <> 4)
            """;
    }

    /// <summary>The one statement for a page: its topic chooses the index, its place a range of it, so that every page costs the same.</summary>
    internal static (string Statement, object Parameters) StatementFor(EntryQuery query)
    {
        var (from, where, place) = query.Topic switch
        {
            Topic.OfCategory => ("category_entry join entry on entry.id = category_entry.entry_id", "category_entry.category_id = @topic", "category_entry.sort_at, category_entry.entry_id"),
            Topic.OfSource => ("entry", "entry.source_id = @topic", "entry.sort_at, entry.id"),
            Topic.OfEverything => ("entry", "entry.version > 0", "entry.sort_at, entry.id"),
            _ => throw new ArgumentOutOfRangeException(nameof(query), query.Topic, "Unknown kind of topic."),
        };
        var range = query.Before is not null ? $" and ({place}) < (@sort_at, @entry_id)"
            : query.After is not null ? $" and ({place}) > (@sort_at, @entry_id)"
            : "";
        var direction = query.After is null ? "desc" : "asc";
        var columns = query.WithContent ? Columns + ", snapshot_document.document" : Columns;
        if (query.WithContent) from += WithBody;

        var key = query.Before ?? query.After;
        return (
            $"""
            select {columns}
            from {from}
            where {where}{range} and {IsShown}{(query.OncePerStory ? Leads(query.Topic) : "")}
            order by {place.Replace(",", $" {direction},", StringComparison.Ordinal)} {direction} limit @limit
            """,
            new
            {
                topic = query.Topic switch
                {
                    Topic.OfCategory category => category.CategoryId,
                    Topic.OfSource source => source.SourceId,
                    _ => 0,
                },
                sort_at = key?.SortAt.ToUnixTimeMilliseconds() ?? 0,
                entry_id = key?.EntryId ?? 0,
                limit = query.Limit,
            });
    }
}
