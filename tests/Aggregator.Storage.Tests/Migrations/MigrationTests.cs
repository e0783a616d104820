using Aggregator.Storage.Migrations;
using Xunit;

namespace Aggregator.Storage.Tests.Migrations;

public sealed class MigrationTests
{
    [Fact]
    public void Every_migration_has_its_twin_for_the_other_database()
    {
        var sqlite = Migration.For(StoreProvider.Sqlite);
        var postgreSql = Migration.For(StoreProvider.PostgreSql);

        Assert.NotEmpty(sqlite);
        Assert.Equal(sqlite.Select(migration => migration.Name), postgreSql.Select(migration => migration.Name));
        Assert.Equal(sqlite.Select(migration => migration.Number).Distinct().Order(), sqlite.Select(migration => migration.Number));
    }

    [Fact]
    public void A_checkout_with_other_line_ends_changes_no_checksum()
    {
        Assert.Equal(new Migration(1, "0001_a", "a\nb\n").Checksum, new Migration(1, "0001_a", "a\r\nb\r\n").Checksum);
        Assert.NotEqual(new Migration(1, "0001_a", "a\nb\n").Checksum, new Migration(1, "0001_a", "a\nb").Checksum);
    }
}
