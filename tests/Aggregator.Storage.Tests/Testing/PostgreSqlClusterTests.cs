using Aggregator.Testing;
using Npgsql;
using Xunit;

namespace Aggregator.Storage.Tests.Testing;

/// <summary>The cluster that half of this suite stands on.</summary>
public sealed class PostgreSqlClusterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_every_caller_a_database_of_its_own()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");

        await using var first = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        await using var second = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        await ExecuteAsync(first, "create table t (text text); insert into t values ('国内 😀')");

        Assert.Equal("国内 😀", await ExecuteAsync(first, "select text from t"));
        Assert.Equal(0L, await ExecuteAsync(second, "select count(*) from pg_tables where tablename = 't'"));
        Assert.Equal("UTF8", await ExecuteAsync(second, "show server_encoding"));
    }

    [Fact]
    public async Task Drops_a_database_even_while_a_connection_is_open()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");

        await using var other = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        var dropped = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        await using var forgotten = new NpgsqlConnection(dropped.ConnectionString);
        await forgotten.OpenAsync(Ct);
        await dropped.DisposeAsync();

        Assert.Equal(0L, await ExecuteAsync(other, $"select count(*) from pg_database where datname = '{dropped.Name}'"));
    }

    private static async Task<object?> ExecuteAsync(PostgreSqlDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Ct);
    }
}
