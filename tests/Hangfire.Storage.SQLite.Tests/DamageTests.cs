using System.Diagnostics;
using System.Security.Cryptography;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>Files and disks that are not as they should be: each gives a clear error, and nothing is made worse.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _mounts = [];

    private string Database => _folder.File("jobs.db");

    public void Dispose()
    {
        foreach (var mount in Enumerable.Reverse(_mounts)) Run("umount", mount);
        _folder.Dispose();
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_was()
    {
        File.WriteAllText(Database, string.Concat(Enumerable.Repeat("This is a diary and not a database. ", 500)));
        AssertRefused("not a job database");
    }

    [Fact]
    public void A_database_of_something_else_is_refused_and_left_as_it_was()
    {
        Execute("create table diary(day text); insert into diary values('monday');");
        AssertRefused("other tables");
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused_and_left_as_it_was()
    {
        new SQLiteStorage(Database).Dispose();
        Execute("pragma user_version = 99");
        AssertRefused("was written by a newer version (schema 99; this one knows 1). It was left as it was; use the newer program.");
    }

    [Fact]
    public void A_database_with_a_damaged_page_is_refused_and_left_as_it_was()
    {
        FillWithJobs(500);
        var bytes = File.ReadAllBytes(Database);
        Random.Shared.NextBytes(bytes.AsSpan(bytes.Length / 2, 8192));
        File.WriteAllBytes(Database, bytes);
        AssertRefused("damaged");
    }

    [Fact]
    public void A_database_that_was_cut_off_is_refused_and_left_as_it_was()
    {
        FillWithJobs(500);
        using (var file = File.OpenWrite(Database)) file.SetLength(file.Length / 2);
        AssertRefused("damaged");
    }

    [Fact]
    public void A_read_only_file_is_refused_and_left_as_it_was()
    {
        FillWithJobs(10);
        Mount(["--bind", Database, Database], Database);
        Run("mount", "-o", "remount,ro,bind", Database);
        AssertRefused("read-only");
    }

    [Fact]
    public void A_read_only_file_system_is_refused_and_left_as_it_was()
    {
        FillWithJobs(10);
        Mount(["--bind", _folder.Path, _folder.Path], _folder.Path);
        Run("mount", "-o", "remount,ro,bind", _folder.Path);
        AssertRefused("lock file");
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        var error = Assert.Throws<JobDatabaseException>(() => new SQLiteStorage(_folder.File("none/jobs.db")));
        Assert.Contains("none/jobs.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_fails_the_write_and_harms_no_job()
    {
        var disk = SmallDisk();
        var path = Path.Combine(disk, "jobs.db");
        var jobs = new List<string>();
        using (var storage = new SQLiteStorage(path))
        {
            using var connection = storage.GetConnection();
            var error = Assert.Throws<JobDatabaseException>(() =>
            {
                while (jobs.Count < 100_000) jobs.Add(Enqueue(connection));
            });
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);

            // It still reads, and every job that was promised is there.
            Assert.All(jobs, id => Assert.NotNull(connection.GetJobData(id)));

            // And it fails again, as clearly, until there is space.
            Assert.Throws<JobDatabaseException>(() => Enumerable.Range(0, 1000).Select(_ => Enqueue(connection)).ToList());
        }

        Assert.NotEmpty(jobs);
        Run("mount", "-o", "remount,size=64m", disk);
        using (var storage = new SQLiteStorage(path))
        {
            using var connection = storage.GetConnection();
            Assert.All(jobs, id => Assert.NotNull(connection.GetJobData(id)));
            Assert.NotNull(connection.GetJobData(Enqueue(connection)));
        }

        using var check = Open(path);
        using var command = check.CreateCommand();
        command.CommandText = "pragma integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
    }

    [Fact]
    public void A_full_disk_fails_everyone_whose_part_of_a_transaction_was_not_written()
    {
        var disk = SmallDisk();
        var path = Path.Combine(disk, "jobs.db");
        var (kept, refused) = (new System.Collections.Concurrent.ConcurrentBag<string>(), new System.Collections.Concurrent.ConcurrentBag<string>());
        using (var database = JobDatabase.Open(path, new SQLiteStorageOptions()))
        {
            Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, client =>
            {
                for (var step = 0; refused.Count(key => key.StartsWith($"{client}:", StringComparison.Ordinal)) < 5; step++)
                {
                    var key = $"{client}:{step}";
                    try
                    {
                        database.Write(writer =>
                        {
                            writer.SetInHash(key, "first", new string('x', 2_000));
                            writer.SetInHash(key, "second", new string('y', 2_000));
                        });
                        kept.Add(key);
                    }
                    catch (JobDatabaseException error)
                    {
                        Assert.Contains("full", error.Message, StringComparison.Ordinal);
                        refused.Add(key);
                    }
                }
            });
        }

        Run("mount", "-o", "remount,size=64m", disk);
        using var reopened = JobDatabase.Open(path, new SQLiteStorageOptions());
        Assert.NotEmpty(kept);
        Assert.Equal(80, refused.Count);
        Assert.All(kept, key => Assert.Equal(2, reopened.Read(session => session.Integer("select count(*) from hash where key = ?1", key))));
        Assert.All(refused, key => Assert.Equal(0, reopened.Read(session => session.Integer("select count(*) from hash where key = ?1", key))));
    }

    [Fact]
    public void A_job_that_was_created_when_the_disk_became_full_is_written_when_there_is_space_again()
    {
        var disk = SmallDisk();
        using var storage = new SQLiteStorage(Path.Combine(disk, "jobs.db"));
        using var connection = storage.GetConnection();
        CreateJob(connection);
        FillUp(Path.Combine(disk, "ballast"));

        // What is left of the log's last page lets a few through; from the first failure on, creation fails at once.
        var created = new List<string>();
        var error = Record.Exception(() =>
        {
            while (created.Count < 10_000) created.Add(CreateJob(connection));
        });
        Assert.Contains("full", Assert.IsType<JobDatabaseException>(error).Message, StringComparison.Ordinal);
        Assert.All(created, id => Assert.NotNull(connection.GetJobData(id)));

        Run("mount", "-o", "remount,size=64m", disk);
        Assert.NotNull(CreateJob(connection));
        var stored = storage.Database.Read(session => session.Texts("select cast(id as text) from job"));
        Assert.All(created, id => Assert.Contains(id, stored));
    }

    [Fact]
    public void A_disk_that_is_full_already_gives_a_clear_error_and_leaves_the_file_as_it_was()
    {
        FillWithJobs(50);
        var disk = SmallDisk();
        var path = Path.Combine(disk, "jobs.db");
        File.Copy(Database, path);
        FillUp(Path.Combine(disk, "ballast"));
        var before = Hash(path);

        var error = Assert.Throws<JobDatabaseException>(() =>
        {
            using var storage = new SQLiteStorage(path);
            using var connection = storage.GetConnection();
            for (var index = 0; index < 1000; index++) CreateJob(connection);
        });

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Hash(path));
    }

    private static string CreateJob(IStorageConnection connection) => connection.CreateExpiredJob(
        Hangfire.Common.Job.FromExpression(() => Conformance.FactJobs.Echo("a text that takes some room in the file")),
        new Dictionary<string, string>(),
        DateTime.UtcNow,
        TimeSpan.FromDays(1));

    private static string Enqueue(IStorageConnection connection)
    {
        var id = CreateJob(connection);
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, new Hangfire.States.EnqueuedState());
        transaction.AddToQueue("default", id);
        transaction.Commit();
        return id;
    }

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"{program} is needed to make such a disk, and refused: {errors}");
    }

    private void AssertRefused(string reason)
    {
        var before = Hash(Database);
        var error = Assert.Throws<JobDatabaseException>(() => new SQLiteStorage(Database));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Hash(Database));
        Assert.False(File.Exists(Database + "-wal") && new FileInfo(Database + "-wal").Length > 0, "A log was left behind.");
    }

    private string SmallDisk()
    {
        var disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Mount(["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], disk);
        return disk;
    }

    private void Mount(string[] arguments, string mount)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount the disk that this test needs.");
        Run("mount", arguments);
        _mounts.Add(mount);
    }

    private void FillWithJobs(int count)
    {
        using var storage = new SQLiteStorage(Database);
        using var connection = storage.GetConnection();
        for (var index = 0; index < count; index++) CreateJob(connection);
    }

    private void Execute(string sql)
    {
        using var connection = Open(Database);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
