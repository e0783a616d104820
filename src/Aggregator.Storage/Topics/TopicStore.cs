using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Topics;

/// <summary>The dates of topics' versions in the store.</summary>
internal sealed class TopicStore(Database database) : ITopicStore
{
    private const string Find = "select modified_at from topic_date where kind = @kind and topic_id = @topic_id and number >= @number";

    private const string Date = """
        insert into topic_date (kind, topic_id, number, modified_at) values (@kind, @topic_id, @number, @at)
        on conflict (kind, topic_id) do update
        set modified_at = case when excluded.number <= topic_date.number then topic_date.modified_at
                               when excluded.modified_at > topic_date.modified_at then excluded.modified_at
                               else topic_date.modified_at + 1000 end,
            number = case when excluded.number > topic_date.number then excluded.number else topic_date.number end
        returning modified_at
        """;

    /// <inheritdoc />
    public async Task<DateTimeOffset?> DateAsync(Topic topic, TopicVersion version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(version);
        if (version.ChangedAt is not { } changedAt) return null;
        var (kind, id) = TopicVersions.KeyOf(topic);
        var asked = new { kind, topic_id = id, number = version.Number, at = changedAt.ToUnixTimeSeconds() * 1000 };

        // A version that others have overtaken is as new as the newest: what is read for it may already hold what came with that one.
        var known = await database.ReadAsync(session => session.FindAsync<long?>(Find, asked), cancellationToken);
        return UnixTime.FromMilliseconds(
            known ?? await database.WriteAsync(session => session.FindAsync<long>(Date, asked), cancellationToken));
    }
}
