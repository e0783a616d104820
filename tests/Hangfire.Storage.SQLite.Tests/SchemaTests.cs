using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>Files of earlier versions. The text of a version that has been released never changes here.</summary>
public sealed class SchemaTests : IDisposable
{
    private const string Version1 = """
        create table job(id integer primary key, state_id integer, state text, invocation text not null, arguments text,
                         created_at integer not null, expire_at integer) strict;
        create index job_by_state  on job(state, id)   where state is not null;
        create index job_by_expiry on job(expire_at)   where expire_at is not null;

        create table job_parameter(job_id integer not null references job(id) on delete cascade, name text not null, value text,
                                   primary key(job_id, name)) strict, without rowid;

        create table job_state(id integer primary key, job_id integer not null references job(id) on delete cascade, name text not null,
                               reason text, created_at integer not null, data text) strict;
        create index job_state_by_job on job_state(job_id, id);

        create table job_queue(id integer primary key autoincrement, queue text not null, job_id integer not null, fetched_at integer) strict;
        create index job_queue_ready   on job_queue(queue, id) where fetched_at is null;
        create index job_queue_fetched on job_queue(queue, id) where fetched_at is not null;

        create table "set"(key text not null, value text not null, score real not null, expire_at integer, primary key(key, value)) strict, without rowid;
        create index set_by_score  on "set"(key, score, value);
        create index set_by_expiry on "set"(expire_at) where expire_at is not null;

        create table hash(key text not null, field text not null, value text, expire_at integer, primary key(key, field)) strict, without rowid;
        create index hash_by_expiry on hash(expire_at) where expire_at is not null;

        create table list(id integer primary key autoincrement, key text not null, value text, expire_at integer) strict;
        create index list_by_key    on list(key, id desc);
        create index list_by_expiry on list(expire_at) where expire_at is not null;

        create table counter(key text primary key, value integer not null, expire_at integer) strict, without rowid;
        create index counter_by_expiry on counter(expire_at) where expire_at is not null;

        create table server(id text primary key, data text not null, heartbeat integer not null) strict, without rowid;

        create table meta(key text primary key, value integer not null) strict, without rowid;

        pragma user_version = 1;
        """;

    private const string Rows = """
        insert into job values(7, 2, 'Enqueued', '{"t":"System.Console, System.Console","m":"Beep"}', null, 1000, null);
        insert into job_parameter values(7, 'CurrentCulture', '"zh-CN"');
        insert into job_state values(1, 7, 'Scheduled', null, 1000, '{}'), (2, 7, 'Enqueued', 'due', 2000, '{"Queue":"default"}');
        insert into job_queue values(3, 'default', 7, null);
        insert into "set" values('recurring-jobs', 'yearly', 5.5, null);
        insert into hash values('recurring-job:yearly', 'Cron', '17 3 1 1 *', null);
        insert into list values(4, 'list', 'item', null);
        insert into counter values('stats:succeeded', 42, null);
        insert into meta values('last_job_id', 9);
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_version_1_opens_with_everything_in_it_and_stays_as_it_was()
    {
        Create(Version1 + Rows);
        var before = Dump();

        using (var storage = new SQLiteStorage(_folder.File("jobs.db")))
        {
            using var connection = (JobStorageConnection)storage.GetConnection();
            Assert.Equal("Enqueued", connection.GetJobData("7").State);
            Assert.Equal("\"zh-CN\"", connection.GetJobParameter("7", "CurrentCulture"));
            Assert.Equal("due", connection.GetStateData("7").Reason);
            Assert.Equal(["yearly"], connection.GetAllItemsFromSet("recurring-jobs"));
            Assert.Equal("17 3 1 1 *", connection.GetValueFromHash("recurring-job:yearly", "Cron"));
            Assert.Equal(["item"], connection.GetAllItemsFromList("list"));
            Assert.Equal(42, connection.GetCounter("stats:succeeded"));
            using var fetched = connection.FetchNextJob(["default"], TestContext.Current.CancellationToken);
            Assert.Equal("7", fetched.JobId);
        }

        Assert.Equal(before, Dump());
        using var reopened = JobDatabase.Open(_folder.File("jobs.db"), new SQLiteStorageOptions());
        Assert.Equal(10, reopened.NextJobId());
    }

    [Fact]
    public void A_new_file_has_the_tables_of_the_present_version()
    {
        new SQLiteStorage(_folder.File("jobs.db")).Dispose();
        var created = Dump();
        File.Delete(_folder.File("jobs.db"));
        Create(Version1);
        Assert.Equal(Dump(), created);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Create(string sql)
    {
        using var connection = Open(_folder.File("jobs.db"));
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The version, the tables and every row of them.</summary>
    private List<string> Dump()
    {
        using var connection = Open(_folder.File("jobs.db"));
        var lines = Query(connection, "select user_version from pragma_user_version");
        lines.AddRange(Query(connection, "select type, name, sql from sqlite_schema order by name"));
        foreach (var table in Query(connection, "select name from sqlite_schema where type = 'table' order by name"))
            lines.AddRange(Query(connection, $"select '{table}', * from \"{table}\""));
        return lines;
    }

    private static List<string> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The queries of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            lines.Add(string.Join('|', values));
        }

        return lines;
    }
}
