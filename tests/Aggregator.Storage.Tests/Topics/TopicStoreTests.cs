using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Topics;

public abstract class TopicStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private ITopicStore Topics => Get<ITopicStore>();

    [Fact]
    public async Task Every_version_has_a_later_second_than_those_before_it_whatever_the_clock_says()
    {
        var topic = Topic.Category(3);
        Assert.Equal(Now, await Topics.DateAsync(topic, new TopicVersion(1, Now.AddMilliseconds(400)), Ct));
        Assert.Equal(Now.AddSeconds(1), await Topics.DateAsync(topic, new TopicVersion(2, Now.AddMilliseconds(900)), Ct));
        Assert.Equal(Now.AddSeconds(2), await Topics.DateAsync(topic, new TopicVersion(5, Now.AddHours(-1)), Ct));
        Assert.Null(await Topics.DateAsync(Topic.Category(4), new TopicVersion(0, null), Ct));
        Assert.Equal(Now.AddHours(1), await Topics.DateAsync(topic, new TopicVersion(6, Now.AddHours(1)), Ct));
    }

    [Fact]
    public async Task A_version_keeps_its_date_and_one_that_was_overtaken_has_that_of_the_newest()
    {
        var topic = Topic.Source(3);
        await Topics.DateAsync(topic, new TopicVersion(4, Now), Ct);
        Assert.Equal(Now, await Topics.DateAsync(topic, new TopicVersion(4, Now.AddDays(1)), Ct));
        await Topics.DateAsync(topic, new TopicVersion(7, Now.AddDays(2)), Ct);
        Assert.Equal(Now.AddDays(2), await Topics.DateAsync(topic, new TopicVersion(5, Now.AddDays(3)), Ct));
        Assert.Equal(Now.AddDays(9), await Topics.DateAsync(Topic.Everything, new TopicVersion(1, Now.AddDays(9)), Ct));
    }

    [Fact]
    public async Task Nodes_that_date_at_once_agree()
    {
        for (var version = 1; version <= 20; version++)
        {
            var dates = await Task.WhenAll(Enumerable.Range(0, 4).Select(node => Topics.DateAsync(Topic.Everything, new TopicVersion(version, Now.AddSeconds(node)), Ct)));
            Assert.Single(dates.Distinct());
            Assert.True(dates[0] >= Now.AddSeconds(version - 1));
        }
    }
}

public sealed class SqliteTopicStoreTests() : TopicStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlTopicStoreTests() : TopicStoreTests(StoreProvider.PostgreSql);
