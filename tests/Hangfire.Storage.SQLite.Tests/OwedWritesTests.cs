using Aggregator.Testing;
using Hangfire.Common;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>What is written without anybody waiting for it is written all the same.</summary>
public sealed class OwedWritesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JobDatabase _database;

    public OwedWritesTests() => _database = Open("jobs.db");

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_job_is_created_although_nobody_writes_or_reads_after_it()
    {
        var id = Create();
        Assert.True(SpinWait.SpinUntil(() => Count("jobs.db", $"select count(*) from job where id = {id}") == 1, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_read_finds_what_was_created_before_it()
    {
        for (var index = 0; index < 200; index++)
        {
            var id = Create();
            Assert.Equal(1, _database.Read(session => session.Integer("select count(*) from job where id = ?1", id)));
        }
    }

    [Fact]
    public void A_write_comes_after_the_creation_and_is_committed_with_it()
    {
        for (var index = 0; index < 200; index++)
        {
            var id = Create();
            _database.Write(writer => writer.SetState(id, new StateRow("Enqueued", null, 0, null)));
            Assert.Equal(1, Count("jobs.db", $"select count(*) from job where id = {id} and state = 'Enqueued'"));
        }
    }

    [Fact]
    public void Closing_writes_what_is_owed()
    {
        var ids = Enumerable.Range(0, 50).Select(_ => Create()).ToList();
        _database.Dispose();
        Assert.Equal(50, Count("jobs.db", $"select count(*) from job where id between {ids[0]} and {ids[^1]}"));
        Assert.Throws<ObjectDisposedException>(() => _database.Create(ids[^1] + 1, SmallJob()));
    }

    [Fact]
    public void A_transaction_that_fails_leaves_it_owed()
    {
        var id = Create();
        Assert.Throws<InvalidOperationException>(() => _database.Write(_ => throw new InvalidOperationException("no")));
        _database.Write(_ => { });
        Assert.Equal(1, Count("jobs.db", $"select count(*) from job where id = {id}"));
    }

    [Fact]
    public void The_file_learns_who_holds_a_row_and_that_it_was_given_back()
    {
        _database.Write(writer => writer.Enqueue("default", 1));
        var row = _database.Fetch(["default"], 77)!;
        Assert.Equal(77, _database.Read(session => session.Integer("select fetched_at from job_queue")));
        Assert.True(_database.GiveBack(row));
        Assert.False(_database.GiveBack(row));
        Assert.Null(_database.Read(session => session.Integer("select fetched_at from job_queue")));

        var again = _database.Fetch(["default"], 78)!;
        Assert.Equal(row.Id, again.Id);
        _database.Write(writer => writer.Acknowledge(row));
        Assert.Equal(78, _database.Read(session => session.Integer("select fetched_at from job_queue")));
        _database.Write(writer => writer.Acknowledge(again));
        Assert.Equal(0, _database.Read(session => session.Integer("select count(*) from job_queue")));
        Assert.Null(_database.Fetch(["default"], 79));
    }

    [Fact]
    public void The_file_learns_who_holds_a_row_although_nobody_writes_or_reads_after_it()
    {
        _database.Write(writer => writer.Enqueue("default", 1));
        Assert.NotNull(_database.Fetch(["default"], 77));
        Assert.True(SpinWait.SpinUntil(() => Count("jobs.db", "select count(*) from job_queue where fetched_at = 77") == 1, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void An_id_is_given_once_although_the_process_dies_before_its_job_is_written()
    {
        var given = 0L;
        for (var index = 0; index < 2_500; index++) given = _database.NextJobId();

        // What another process finds after a kill: the file and its log as they are now.
        foreach (var suffix in (string[])["", "-wal"]) File.Copy(_folder.File("jobs.db" + suffix), _folder.File("copy.db" + suffix));
        using var copy = Open("copy.db");
        Assert.True(copy.NextJobId() > given);
    }

    [Fact]
    public void Ids_go_on_without_a_gap_after_closing()
    {
        var id = Create();
        _database.Dispose();
        using var reopened = Open("jobs.db");
        Assert.Equal(id + 1, reopened.NextJobId());
    }

    private static NewJob SmallJob() => NewJob.Of(
        Job.FromExpression(() => Conformance.FactJobs.Echo("value")), new Dictionary<string, string> { ["Culture"] = "zh" }, DateTime.UtcNow, TimeSpan.FromDays(1));

    private JobDatabase Open(string name) => JobDatabase.Open(_folder.File(name), new SQLiteStorageOptions());

    private long Create()
    {
        var id = _database.NextJobId();
        _database.Create(id, SmallJob());
        return id;
    }

    private long Count(string name, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File(name)};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The queries of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
