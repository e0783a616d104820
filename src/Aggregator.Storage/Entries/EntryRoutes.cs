using Aggregator.Core.Routing;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Entries;

/// <summary>Writes what rules do with entries: their places in further categories, and why they are there.</summary>
internal static class EntryRoutes
{
    private const string CategoriesOfSlugs = """
        select slug, id from category where slug {any @slugs}
        union all select slug, category_id from category_slug where slug {any @slugs}
        """;

    private const string IdsOfKeys = "select key, id from entry where source_id = @source_id and key {any @keys}";

    private const string RoutedTo = "select distinct category_id from entry_route where entry_id {any @ids} and category_id is not null";

    // A place that the source's own categories give it stays.
    private const string Withdraw = """
        delete from category_entry
        where entry_id {any @ids}
          and exists (select 1 from entry_route where entry_route.entry_id = category_entry.entry_id and entry_route.category_id = category_entry.category_id)
          and not exists (
              select 1 from entry join category_source on category_source.source_id = entry.source_id
              where entry.id = category_entry.entry_id and category_source.category_id = category_entry.category_id)
        """;

    private const string Forget = "delete from entry_route where entry_id {any @ids}";

    private const string Place = """
        insert into category_entry (category_id, sort_at, entry_id)
        select category.id, entry.sort_at, entry.id from entry cross join category
        where entry.id = @entry_id and category.id = @category_id
        on conflict (category_id, sort_at, entry_id) do nothing
        """;

    private const string Note = """
        insert into entry_route (entry_id, place, rule, category_id, tag, routed_at)
        select id, @place, @rule, @category_id, @tag, @at from entry where id = @entry_id
        """;

    /// <summary>Routes what a refresh added and changed. Returns the categories that rules put entries in or took them from.</summary>
    public static async Task<IReadOnlyCollection<long>> WriteAsync(
        StoreSession session, long sourceId, RefreshWrite write, List<(long EntryId, NewEntryRow Row)> changed, List<NewEntryRow> added)
    {
        // An entry that rules put somewhere once is news there too when it changes.
        var stood = changed.Count == 0 ? [] : await RoutedToAsync(session, [.. changed.Select(change => change.EntryId)]);
        if (write.Routes.Count == 0) return stood;
        var outcomes = write.Routes.ToDictionary(route => StorableText.Of(route.Key), route => route.Value, StringComparer.Ordinal);
        var keys = added.Concat(changed.Select(change => change.Row)).Select(row => row.Key).Where(outcomes.ContainsKey).ToList();
        if (keys.Count == 0) return stood;
        var ids = await session.ListAsync<KeyRow>(IdsOfKeys, new { source_id = sourceId, keys = session.Database.List(keys) });
        return [.. await WriteAsync(session, ids.ConvertAll(row => (row.Id, outcomes[row.Key])), write.At), .. stood];
    }

    /// <summary>The categories that rules put these entries in.</summary>
    public static Task<List<long>> RoutedToAsync(StoreSession session, IReadOnlyCollection<long> entryIds) =>
        session.ListAsync<long>(RoutedTo, new { ids = session.Database.List(entryIds) });

    /// <summary>Gives these entries the places that the rules say, instead of those that earlier rules gave. Returns the categories concerned.</summary>
    public static async Task<IReadOnlyCollection<long>> WriteAsync(
        StoreSession session, IReadOnlyList<(long EntryId, RoutingOutcome Outcome)> routes, DateTimeOffset at)
    {
        var ids = session.Database.List([.. routes.Select(route => route.EntryId)]);
        var touched = (await session.ListAsync<long>(RoutedTo, new { ids })).ToHashSet();
        await session.ExecuteAsync(Withdraw, new { ids });
        await session.ExecuteAsync(Forget, new { ids });

        var slugs = routes.SelectMany(route => route.Outcome.Slugs).Distinct().ToList();
        var categories = slugs.Count == 0
            ? []
            : (await session.ListAsync<SlugRow>(CategoriesOfSlugs, new { slugs = session.Database.List(slugs) })).ToDictionary(row => row.Slug, row => row.Id, StringComparer.Ordinal);
        foreach (var (id, outcome) in routes)
        {
            var place = 0;
            foreach (var rule in outcome.Applied)
            {
                // What was published is not dropped by a refresh.
                if (rule.Action is RoutingAction.Drop) continue;
                long? category = null;
                if (rule.Action is RoutingAction.IntoCategory into)
                {
                    // A category that was deleted since: the rule says nothing any more.
                    if (!categories.TryGetValue(into.Slug, out var target)) continue;
                    category = target;
                    touched.Add(target);
                    await session.ExecuteAsync(Place, new { entry_id = id, category_id = target });
                }

                await session.ExecuteAsync(Note, new
                {
                    entry_id = id,
                    place = place++,
                    rule = StorableText.Of(rule.ToString()),
                    category_id = category,
                    tag = StorableText.Of((rule.Action as RoutingAction.AddTag)?.Name),
                    at = at.ToUnixTimeMilliseconds(),
                });
            }
        }

        return touched;
    }

    private sealed record KeyRow
    {
        public required string Key { get; init; }
        public required long Id { get; init; }
    }

    private sealed record SlugRow
    {
        public required string Slug { get; init; }
        public required long Id { get; init; }
    }
}
