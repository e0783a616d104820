using Aggregator.Storage.Databases;
using Xunit;

namespace Aggregator.Storage.Tests.Databases;

public sealed class SqliteLogTests() : StoreTests(StoreProvider.Sqlite)
{
    [Fact]
    public async Task Is_carried_over_into_the_file_while_the_store_is_in_use_and_left_empty()
    {
        const int Rows = 3_500;
        var file = ConnectionString["Data Source=".Length..];
        await Database.WriteAsync(session => session.ExecuteAsync("create table filler (id integer primary key, text text not null)"), Ct);
        var before = new FileInfo(file).Length;
        for (var i = 0; i < 3; i++)
        {
            await Database.WriteAsync(session => session.ExecuteAsync(
                "with recursive number (value) as (select 1 union all select value + 1 from number where value < @Rows) insert into filler (text) select printf('%.400c', 'x') from number",
                new { Rows }), Ct);
        }

        // Less than SQLite itself waits for, so that it would all stand in the log still.
        Assert.InRange(new FileInfo(file + "-wal").Length, 1, 64 * 1024 * 1024);
        for (var i = 0; new FileInfo(file).Length < before + (Rows * 400); i++)
        {
            Assert.True(i < 500, "nothing was carried over");
            await Task.Delay(20, Ct);
        }

        await Database.DisposeAsync();
        Assert.False(File.Exists(file + "-wal"));
    }
}
