using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Topics;

/// <summary>
/// The counters of the topics. Each is the sum of a few rows, and a source always raises the same one of them: on PostgreSQL
/// a raised row is locked until the transaction has reached the disk, and "everything" is raised by every refresh.
/// Rows are raised last in a transaction and always in the same order (sources, categories, everything), so that two
/// transactions can wait for each other but never in a circle.
/// </summary>
internal static class TopicVersions
{
    private const int Shards = 8;

    private const string RaiseOfSource = """
        insert into topic_version (kind, topic_id, shard, number, changed_at)
        select kind, topic_id, @shard, 1, @at
        from (select 3 as kind, cast(@source_id as bigint) as topic_id
              union select 2, category_id from category_source where source_id = @source_id
              union select 2, id from category where id {any @routed}
              union all select 1, 0) as topic
        where true
        order by kind desc, topic_id
        on conflict (kind, topic_id, shard) do update
        set number = topic_version.number + 1,
            changed_at = case when excluded.changed_at > topic_version.changed_at then excluded.changed_at else topic_version.changed_at end
        """;

    private const string RaiseOne = """
        insert into topic_version (kind, topic_id, shard, number, changed_at) values (@kind, @topic_id, @shard, 1, @at)
        on conflict (kind, topic_id, shard) do update
        set number = topic_version.number + 1,
            changed_at = case when excluded.changed_at > topic_version.changed_at then excluded.changed_at else topic_version.changed_at end
        """;

    private const string RaiseForRights = """
        insert into topic_version (kind, topic_id, shard, number, changed_at)
        select kind, topic_id, 0, 1, @at
        from (select 3 as kind, id as topic_id from source where id {any @ids}
              union all select 2, id from category
              union all select 1, 0) as topic
        where true
        order by kind desc, topic_id
        on conflict (kind, topic_id, shard) do update
        set number = topic_version.number + 1,
            changed_at = case when excluded.changed_at > topic_version.changed_at then excluded.changed_at else topic_version.changed_at end
        """;

    private const string Read = """
        select cast(coalesce(sum(number), 0) as bigint) as number, max(changed_at) as changed_at
        from topic_version where kind = @kind and topic_id = @topic_id
        """;

    /// <summary>Raises a source, its categories, those that rules put entries of it in, and everything.</summary>
    public static Task RaiseForSourceAsync(StoreSession session, long sourceId, IReadOnlyCollection<long> routed, DateTimeOffset at)
    {
        session.RaisesTopics = true;
        return session.ExecuteAsync(RaiseOfSource, new
        {
            source_id = sourceId,
            routed = session.Database.List(routed),
            shard = ShardOf(sourceId),
            at = at.ToUnixTimeMilliseconds(),
        });
    }

    /// <summary>
    /// Raises sources of which more or less may be shown, everything, and all categories: rules may have put entries of theirs into any, and
    /// such a change is rarer than the question which would be worth.
    /// </summary>
    public static Task RaiseForRightsAsync(StoreSession session, IReadOnlyCollection<long> sourceIds, DateTimeOffset at)
    {
        session.RaisesTopics = true;
        return session.ExecuteAsync(RaiseForRights, new { ids = session.Database.List(sourceIds), at = at.ToUnixTimeMilliseconds() });
    }

    /// <summary>Raises these topics by one each.</summary>
    public static async Task RaiseAsync(StoreSession session, IEnumerable<Topic> topics, DateTimeOffset at)
    {
        session.RaisesTopics = true;
        foreach (var (kind, id) in topics.Select(KeyOf).Distinct().OrderByDescending(key => key.Kind).ThenBy(key => key.Id))
            await session.ExecuteAsync(RaiseOne, new { kind, topic_id = id, shard = 0, at = at.ToUnixTimeMilliseconds() });
    }

    /// <summary>A topic's version as of now.</summary>
    public static async Task<TopicVersion> ReadAsync(StoreSession session, Topic topic)
    {
        var (kind, id) = KeyOf(topic);
        var row = await session.FindAsync<VersionRow>(Read, new { kind, topic_id = id });
        return new TopicVersion(row!.Number, UnixTime.FromMilliseconds(row.ChangedAt));
    }

    private static int ShardOf(long sourceId) => (int)(sourceId % Shards);

    /// <summary>How a topic is named in tables.</summary>
    public static (int Kind, long Id) KeyOf(Topic topic) => topic switch
    {
        Topic.OfEverything => (1, 0),
        Topic.OfCategory category => (2, category.CategoryId),
        Topic.OfSource source => (3, source.SourceId),
        Topic.OfSearch => (4, 0), // The index has one version, whatever is looked for in it.
        Topic.OfSelection => (5, 0), // Its number is not the store's to show; it is found by its token's hash.
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "Unknown kind of topic."),
    };

    /// <summary>The topic that is named so.</summary>
    public static Topic TopicOf(int kind, long id, string? query) => kind switch
    {
        1 => Topic.Everything,
        2 => Topic.Category(id),
        3 => Topic.Source(id),
        4 => Topic.Search(query ?? ""),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of topic."),
    };

    private sealed record VersionRow
    {
        public required long Number { get; init; }
        public long? ChangedAt { get; init; }
    }
}
