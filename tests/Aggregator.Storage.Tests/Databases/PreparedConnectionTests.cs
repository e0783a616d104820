using Aggregator.Storage.Databases;
using Aggregator.Testing;
using Dapper;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Storage.Tests.Databases;

public sealed class PreparedConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PreparedConnection _connection;

    public PreparedConnectionTests()
    {
        _connection = Open();
        _connection.Execute("create table item (id integer primary key, name text)");
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Gives_the_same_command_again_and_nothing_of_its_last_use()
    {
        var first = Command("select count(*) from item where name = @name");
        first.Parameters.AddWithValue("@name", "a");
        Assert.Equal(0L, first.ExecuteScalar());
        first.Dispose();
        var second = Command("select count(*) from item where name = @name");
        Assert.Same(first, second);
        Assert.Empty(second.Parameters);
        // Without its parameter it is refused, instead of being asked for the last one's.
        Assert.Throws<InvalidOperationException>(() => second.ExecuteScalar());
    }

    [Fact]
    public void Two_in_use_at_once_are_two()
    {
        using var first = Command("select 1");
        using var second = Command("select 1");
        Assert.NotSame(first, second);
        Assert.Equal((1L, 1L), (first.ExecuteScalar(), second.ExecuteScalar()));
    }

    [Fact]
    public void Keeps_none_that_nobody_announced_and_none_that_became_another()
    {
        var other = Command("select 1");
        other.CommandText = "select 2";
        other.Dispose();
        Assert.NotSame(other, Command("select 1"));
        Assert.NotSame(other, Command("select 2"));

        var unannounced = _connection.CreateCommand();
        unannounced.CommandText = "select 3";
        unannounced.Dispose();
        Assert.NotSame(unannounced, Command("select 3"));
    }

    [Fact]
    public async Task Follows_the_schema_and_the_transaction()
    {
        await _connection.ExecuteAsync("insert into item values (1, 'a')");
        Assert.Equal(2, Columns());
        await using (var other = new SqliteConnection(_connection.ConnectionString)) await other.ExecuteAsync("alter table item add column url text");
        Assert.Equal(3, Columns());

        await using (var transaction = _connection.BeginTransaction())
        {
            _connection.Announce("delete from item");
            Assert.Equal(1, await _connection.ExecuteAsync("delete from item", transaction: transaction));
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        _connection.Announce("delete from item");
        Assert.Equal(1, await _connection.ExecuteAsync("delete from item"));

        int Columns()
        {
            using var command = Command("select * from item");
            using var reader = command.ExecuteReader();
            Assert.True(reader.Read());
            return reader.FieldCount;
        }
    }

    [Fact]
    public async Task Holds_no_lock_by_what_it_keeps()
    {
        await _connection.ExecuteAsync("insert into item values (1, 'a'), (2, 'b')");
        using (var command = Command("select * from item"))
        using (var reader = command.ExecuteReader())
            Assert.True(reader.Read()); // And not to the end.
        await using var other = new SqliteConnection(_connection.ConnectionString);
        other.DefaultTimeout = 1;
        Assert.Equal(2, await other.ExecuteAsync("delete from item"));
        await other.ExecuteAsync("drop table item");
    }

    [Fact]
    public void Lets_go_of_those_that_nobody_used_for_longest()
    {
        var first = Command("select 0");
        first.Dispose();
        for (var i = 1; i < PreparedConnection.MaxKept; i++) Command($"select {i}").Dispose();
        Assert.Same(first, Again());
        for (var i = 1; i <= PreparedConnection.MaxKept; i++) Command($"select -{i}").Dispose();
        Assert.NotSame(first, Again());

        SqliteCommand Again()
        {
            var command = Command("select 0");
            Assert.Equal(0L, command.ExecuteScalar());
            command.Dispose();
            return command;
        }
    }

    [Fact]
    public void Keeps_no_large_value()
    {
        var command = Command("select length(@value)");
        command.Parameters.AddWithValue("@value", new string('x', PreparedConnection.MaxKeptValue + 1));
        Assert.Equal(PreparedConnection.MaxKeptValue + 1L, command.ExecuteScalar());
        command.Dispose();
        Assert.NotSame(command, Command("select length(@value)"));
    }

    private PreparedConnection Open()
    {
        var connection = new PreparedConnection($"Data Source={_folder.File("store.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private SqliteCommand Command(string statement)
    {
        _connection.Announce(statement);
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Written in this file.
        command.CommandText = statement;
#pragma warning restore CA2100
        return command;
    }
}
