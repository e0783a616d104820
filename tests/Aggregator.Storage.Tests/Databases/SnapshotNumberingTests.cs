using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Databases;

/// <summary>On SQLite one writes after the other, so that only PostgreSQL has numbers that nobody sees yet.</summary>
public sealed class SnapshotNumberingTests() : StoreTests(StoreProvider.PostgreSql)
{
    [Fact]
    public async Task A_transaction_that_held_numbers_of_snapshots_for_too_long_stores_nothing()
    {
        var source = await AddSourceAsync();
        var database = Assert.IsType<Storage.Databases.PostgreSqlDatabase>(Database);
        var patience = database.LongestNumbering;
        Assert.True(patience < Storage.Hubs.HubChanges.LongestTransaction);

        database.LongestNumbering = TimeSpan.Zero;
        await Assert.ThrowsAsync<TimeoutException>(() => RefreshAsync(source, Now, AnEntry("a")));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 10 }, Ct));

        database.LongestNumbering = patience;
        await RefreshAsync(source, Now.AddMinutes(6), AnEntry("a"));
        Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 10 }, Ct));
    }
}
