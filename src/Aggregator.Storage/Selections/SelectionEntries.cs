using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;

namespace Aggregator.Storage.Selections;

/// <summary>
/// The merged list of a selection. Each topic gives its next places from its own index, a few topics in one statement, whose text is the
/// same for whatever topics they are; the places are merged here, and only what is shown is read.
/// </summary>
internal static class SelectionEntries
{
    /// <summary>How many topics one statement asks for; those of a smaller selection are filled up with a number that no topic has.</summary>
    internal const int TopicsAtOnce = 16;

    private const long Nothing = 0;

    private const string Kept = $"select entry.id from entry where entry.id {{any @ids}} and {EntryRights.IsShown}";

    // Of a story that the selection's own categories and sources have more of, the one that leads.
    private const string Leads = $$"""
         and not exists (
            select 1 from story_entry as own
            join story_entry as before on before.story_id = own.story_id and before.place < own.place
            join entry as other on other.id = before.entry_id
            where own.entry_id = entry.id and {{EntryRights.OtherIsShown}}
              and (other.source_id {any @sources}
                   or exists (select 1 from category_entry as listed where listed.entry_id = other.id and listed.category_id {any @categories})))
        """;

    /// <summary>Reads the page.</summary>
    public static async Task<IReadOnlyList<StoredEntry>> ReadAsync(StoreSession session, SelectionQuery query)
    {
        var (selection, limit) = (query.Selection, query.Limit);
        var places = new HashSet<(long SortAt, long Id)>();
        foreach (var (isCategory, ids) in new[] { (true, selection.CategoryIds), (false, selection.SourceIds) })
            foreach (var some in ids.Chunk(TopicsAtOnce))
                foreach (var row in await session.ListAsync<PlaceRow>(PlacesOf(isCategory, query), ParametersOf(session.Database, query, some)))
                    places.Add((row.SortAt, row.Id));

        await AddFoundAsync(session, query, places);
        var page = InOrder(query, places).Take(limit).ToList();
        if (page.Count == 0) return [];
        var rows = await EntryStore.RowsAsync(session, [.. page.Select(place => place.Id)], withContent: false);
        return [.. rows.OrderByDescending(row => (row.SortAt, row.Id)).Select(row => row.ToShown())];
    }

    /// <summary>The statement for the next places of <see cref="TopicsAtOnce"/> categories or sources.</summary>
    internal static string PlacesOf(bool isCategory, SelectionQuery query)
    {
        var branches = string.Join("\nunion all\n", Enumerable.Range(0, TopicsAtOnce).Select(at => $"select * from (\n{PlacesOfOne(isCategory, query, at)}\n) as of{at}"));
        return $"select sort_at, id from (\n{branches}\n) as places order by {EntryStore.InOrder("sort_at, id", query.After is null ? "desc" : "asc")} limit @limit";
    }

    /// <summary>The part of it that one topic has.</summary>
    internal static string PlacesOfOne(bool isCategory, SelectionQuery query, int at)
    {
        var (from, topic, place) = isCategory
            ? ("category_entry join entry on entry.id = category_entry.entry_id", "category_entry.category_id", "category_entry.sort_at, category_entry.entry_id")
            : ("entry", "entry.source_id", "entry.sort_at, entry.id");
        var (range, direction) = EntryStore.PlaceOf(query.Before, query.After, since: null, place);
        return $"""
            select entry.sort_at, entry.id from {from}
            where {topic} = @topic{at}{range} and {EntryRights.IsShown}{(query.OncePerStory ? Leads : "")}
            order by {EntryStore.InOrder(place, direction)} limit @limit
            """;
    }

    /// <summary>What the statement of <see cref="PlacesOf"/> takes, for these topics.</summary>
    internal static Dictionary<string, object> ParametersOf(Database database, SelectionQuery query, IReadOnlyList<long> topics)
    {
        var key = query.Before ?? query.After;
        var parameters = new Dictionary<string, object>
        {
            ["limit"] = query.Limit,
            ["sort_at"] = key?.SortAt.ToUnixTimeMilliseconds() ?? 0,
            ["entry_id"] = key?.EntryId ?? 0,
            ["categories"] = database.List(query.Selection.CategoryIds),
            ["sources"] = database.List(query.Selection.SourceIds),
        };
        for (var at = 0; at < TopicsAtOnce; at++) parameters["topic" + at] = at < topics.Count ? topics[at] : Nothing;
        return parameters;
    }

    /// <summary>Adds what the searches found, as far as the page can want it: a place that is not shown any more makes room for the next.</summary>
    private static async Task AddFoundAsync(StoreSession session, SelectionQuery query, HashSet<(long SortAt, long Id)> places)
    {
        if (query.Found.Count == 0) return;
        var key = query.Before ?? query.After;
        var edge = key is null ? default : (key.SortAt.ToUnixTimeMilliseconds(), key.EntryId);
        var found = InOrder(query, query.Found.Select(place => (SortAt: place.SortAt.ToUnixTimeMilliseconds(), Id: place.EntryId)).Distinct())
            .Where(place => query.Before is not null ? place.CompareTo(edge) < 0 : query.After is null || place.CompareTo(edge) > 0);
        var added = 0;
        foreach (var some in found.Chunk(query.Limit))
        {
            var kept = (await session.ListAsync<long>(
                query.OncePerStory ? Kept + Leads : Kept,
                new
                {
                    ids = session.Database.List([.. some.Select(place => place.Id)]),
                    categories = session.Database.List(query.Selection.CategoryIds),
                    sources = session.Database.List(query.Selection.SourceIds),
                })).ToHashSet();
            foreach (var place in some)
                if (kept.Contains(place.Id))
                {
                    places.Add(place);
                    added++;
                }

            if (added >= query.Limit) break;
        }
    }

    private static IOrderedEnumerable<(long SortAt, long Id)> InOrder(SelectionQuery query, IEnumerable<(long SortAt, long Id)> places) =>
        query.After is null ? places.OrderDescending() : places.Order();

    private sealed record PlaceRow
    {
        public required long SortAt { get; init; }
        public required long Id { get; init; }
    }
}
