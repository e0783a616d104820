using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Retention;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Routing;

/// <summary>What rules did, in the store.</summary>
internal sealed class RoutingStore(Database database) : IRoutingStore
{
    private const string Routes = "select rule, category_id, tag, routed_at from entry_route where entry_id = @id order by place";

    private const string DroppedOfSource = """
        select source_id, title, url, rule, dropped_at from dropped_entry where source_id = @id order by dropped_at desc, key limit @limit
        """;

    private const string DroppedOfCategory = """
        select source_id, title, url, rule, dropped_at from dropped_entry
        where source_id in (select source_id from category_source where category_id = @id)
        order by dropped_at desc, source_id, key limit @limit
        """;

    private const string DroppedOfAll = "select source_id, title, url, rule, dropped_at from dropped_entry order by dropped_at desc, source_id, key limit @limit";

    private const string SourcesOfCategory = "select source_id from category_source where category_id = @id";

    private const string ForgetDropped = "delete from dropped_entry where source_id {any @ids}";

    // Without validators, and due: a document that did not change would never show what was forgotten.
    private const string ReadAnew = "update source set parser_version = 0, next_fetch_at = 0 where id {any @ids}";

    private const string OwnTags = "select entry_id, tag from entry_route where entry_id {any @ids} and tag is not null";

    private const string SetTags = "update entry set tags = @tags where id = @id";

    private const string Remember = """
        insert into dropped_entry (source_id, key, title, url, url_hash, rule, dropped_at, last_seen_at)
        select source_id, key, title, url, url_hash, @rule, @at, last_seen_at from entry where id = @id
        on conflict (source_id, key) do nothing
        """;

    private const string PlacesOfEntries = """
        select category_entry.entry_id, category.slug
        from category_entry join category on category.id = category_entry.category_id
        where category_entry.entry_id {any @ids}
        order by category.slug
        """;

    private const string CategoriesOfEntries = "select distinct category_id from category_entry where entry_id {any @ids}";

    /// <inheritdoc />
    public Task<IReadOnlyList<EntryRoute>> RoutesOfAsync(long entryId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<EntryRoute>>(
            async session => (await session.ListAsync<RouteRow>(Routes, new { id = entryId }))
                .ConvertAll(row => new EntryRoute(row.Rule, row.CategoryId, row.Tag, UnixTime.FromMilliseconds(row.RoutedAt))),
            cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<DroppedEntry>> ListDroppedAsync(Topic topic, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IRoutingStore.MaxListed);
        var (statement, id) = topic switch
        {
            Topic.OfCategory category => (DroppedOfCategory, category.CategoryId),
            Topic.OfSource source => (DroppedOfSource, source.SourceId),
            _ => (DroppedOfAll, 0L),
        };
        return database.ReadAsync<IReadOnlyList<DroppedEntry>>(
            async session => (await session.ListAsync<DroppedRow>(statement, new { id, limit }))
                .ConvertAll(row => new DroppedEntry(row.SourceId, row.Title, row.Url, row.Rule, UnixTime.FromMilliseconds(row.DroppedAt))),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> ForgetDroppedAsync(Topic topic, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            List<long> sources = topic switch
            {
                Topic.OfCategory category => await session.ListAsync<long>(SourcesOfCategory, new { id = category.CategoryId }),
                Topic.OfSource source => [source.SourceId],
                _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "Only a category's or a source's."),
            };
            var ids = database.List(sources);
            var forgotten = await session.ExecuteAsync(ForgetDropped, new { ids });
            if (forgotten > 0) await session.ExecuteAsync(ReadAnew, new { ids });
            return forgotten;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ReroutedEntry>> ApplyAsync(
        IReadOnlyList<(StoredEntry Entry, RoutingOutcome Outcome)> entries, bool drop, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count > IRoutingStore.MaxRouted) throw new ArgumentException($"At most {IRoutingStore.MaxRouted} entries are routed at once.", nameof(entries));
        return entries.Count == 0
            ? Task.FromResult<IReadOnlyList<ReroutedEntry>>([])
            : database.WriteAsync(session => ApplyAsync(session, entries, drop, now), cancellationToken);
    }

    private async Task<IReadOnlyList<ReroutedEntry>> ApplyAsync(
        StoreSession session, IReadOnlyList<(StoredEntry Entry, RoutingOutcome Outcome)> entries, bool drop, DateTimeOffset now)
    {
        List<long> ids = [.. entries.Select(entry => entry.Entry.Id)];
        var placesBefore = await PlacesAsync(session, ids);
        var kept = entries.Where(entry => !IsDropped(entry.Outcome)).ToList();
        var topics = new HashSet<Topic>();
        var tagged = await TagAsync(session, kept, topics);
        topics.UnionWith((await EntryRoutes.WriteAsync(session, kept.ConvertAll(entry => (entry.Entry.Id, entry.Outcome)), now)).Select(Topic.Category));

        var dropped = entries.Where(entry => IsDropped(entry.Outcome)).ToList();
        if (dropped.Count > 0)
        {
            var droppedIds = database.List(dropped.ConvertAll(entry => entry.Entry.Id));
            topics.UnionWith((await session.ListAsync<long>(CategoriesOfEntries, new { ids = droppedIds })).Select(Topic.Category));
            topics.UnionWith(dropped.Select(entry => Topic.Source(entry.Entry.SourceId)).Append(Topic.Everything));
            foreach (var (entry, outcome) in dropped)
                await session.ExecuteAsync(Remember, new { id = entry.Id, rule = StorableText.Of(outcome.DroppedBy!.ToString()), at = now.ToUnixTimeMilliseconds() });
            await RetentionStore.DeleteAsync(session, droppedIds);
        }

        await TopicVersions.RaiseAsync(session, topics, now);
        var placesAfter = await PlacesAsync(session, ids);
        var rerouted = new List<ReroutedEntry>();
        foreach (var (entry, outcome) in entries)
        {
            var before = new EntryPlacement([.. placesBefore[entry.Id]], entry.Entry.Tags);
            var after = IsDropped(outcome)
                ? null
                : new EntryPlacement([.. placesAfter[entry.Id]], tagged.GetValueOrDefault(entry.Id, entry.Entry.Tags));
            if (before != after) rerouted.Add(new ReroutedEntry(entry.Id, before, after));
        }

        return rerouted;

        bool IsDropped(RoutingOutcome outcome) => drop && outcome.DroppedBy is not null;
    }

    private async Task<ILookup<long, string>> PlacesAsync(StoreSession session, List<long> ids) =>
        (await session.ListAsync<PlaceRow>(PlacesOfEntries, new { ids = database.List(ids) })).ToLookup(row => row.EntryId, row => row.Slug);

    /// <summary>Tags the entries as the rules say. Returns the tags of those whose tags became others.</summary>
    private async Task<Dictionary<long, IReadOnlyList<string>>> TagAsync(
        StoreSession session, List<(StoredEntry Entry, RoutingOutcome Outcome)> entries, HashSet<Topic> topics)
    {
        var ids = database.List(entries.ConvertAll(entry => entry.Entry.Id));
        var before = (await session.ListAsync<TagRow>(OwnTags, new { ids })).ToLookup(row => row.EntryId, row => row.Tag);
        var retagged = new Dictionary<long, IReadOnlyList<string>>();
        foreach (var (stored, outcome) in entries)
        {
            var publisher = stored.Entry.Tags.Except(before[stored.Id], StringComparer.OrdinalIgnoreCase).ToList();
            var tags = publisher.Concat(outcome.Tags.Except(publisher, StringComparer.OrdinalIgnoreCase)).ToList();
            if (tags.SequenceEqual(stored.Entry.Tags, StringComparer.Ordinal)) continue;
            var json = tags.Count == 0 ? null : JsonSerializer.Serialize([.. tags.Select(tag => StorableText.Of(tag))], StoreJson.Lists.StringArray);
            await session.ExecuteAsync(SetTags, new { id = stored.Id, tags = json });
            retagged.Add(stored.Id, tags);
            topics.Add(Topic.Source(stored.SourceId));
        }

        if (retagged.Count == 0) return retagged;
        topics.Add(Topic.Everything);
        topics.UnionWith((await session.ListAsync<long>(CategoriesOfEntries, new { ids = database.List(retagged.Keys) })).Select(Topic.Category));
        return retagged;
    }

    private sealed record RouteRow
    {
        public required string Rule { get; init; }
        public long? CategoryId { get; init; }
        public string? Tag { get; init; }
        public required long RoutedAt { get; init; }
    }

    private sealed record DroppedRow
    {
        public required long SourceId { get; init; }
        public required string Title { get; init; }
        public string? Url { get; init; }
        public required string Rule { get; init; }
        public required long DroppedAt { get; init; }
    }

    private sealed record PlaceRow
    {
        public required long EntryId { get; init; }
        public required string Slug { get; init; }
    }

    private sealed record TagRow
    {
        public required long EntryId { get; init; }
        public required string Tag { get; init; }
    }
}
