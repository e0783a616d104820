using Aggregator.Core.Model;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Sources;

/// <summary>
/// Deleting a source and bringing it back. Its rows stay where they are: what is read goes by the source's state, so that hiding and
/// showing are one row each, and nothing of it has to be made anew.
/// </summary>
internal static class SourceDeletion
{
    // The lease ends too: a refresh that is under way must not write into what is deleted.
    private const string Hide = """
        update source set state = 4, deleted_at = @now, deleted_state = state, lease_owner = null, lease_until = null
        where id {any @ids} and state <> 4
        returning id
        """;

    private const string Show = """
        update source
        set state = coalesce(deleted_state, 1), deleted_at = null, deleted_state = null,
            next_fetch_at = case when deleted_state = 1 and next_fetch_at < @now then @now else next_fetch_at end
        where id {any @ids} and state = 4
        returning id
        """;

    private const string CategoriesOf = "select distinct category_id from category_source where source_id {any @ids}";

    /// <summary>Hides sources and all their entries; how many there were to hide.</summary>
    public static Task<int> DeleteAsync(StoreSession session, IReadOnlyCollection<long> ids, DateTimeOffset now) => TurnAsync(session, Hide, ids, now);

    /// <summary>Shows what was deleted, as it was; how many there were to show.</summary>
    public static Task<int> RestoreAsync(StoreSession session, IReadOnlyCollection<long> ids, DateTimeOffset now) => TurnAsync(session, Show, ids, now);

    private static async Task<int> TurnAsync(StoreSession session, string statement, IReadOnlyCollection<long> ids, DateTimeOffset now)
    {
        var turned = await session.ListAsync<long>(statement, new { ids = session.Database.List(ids), now = now.ToUnixTimeMilliseconds() });
        if (turned.Count == 0) return 0;
        var categories = await session.ListAsync<long>(CategoriesOf, new { ids = session.Database.List(turned) });
        await TopicVersions.RaiseAsync(session, [.. turned.Select(Topic.Source), .. categories.Select(Topic.Category), Topic.Everything], now);
        return turned.Count;
    }
}
