using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aggregator.Testing;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Hangfire.Storage.SQLite;

namespace Aggregator.Benchmarks;

/// <summary>The job storage beside Hangfire.InMemory and Hangfire.PostgreSql, in one run on one machine.</summary>
internal static class JobsBenchmark
{
    private const int Workers = 20;
    private const int Rounds = 5;

    public static async Task<int> RunAsync(string[] parts)
    {
        if (parts is []) parts = ["throughput", "latency", "finished", "expiry"];
        foreach (var part in parts)
        {
            switch (part)
            {
                case "throughput":
                    await ThroughputAsync(clients: 1);
                    await ThroughputAsync(clients: 4);
                    break;
                case "latency":
                    Latency();
                    break;
                case "finished":
                    Finished();
                    break;
                case "expiry":
                    Expiry();
                    break;
                default:
                    Console.Error.WriteLine($"There is no part {part}.");
                    return 2;
            }
        }

        return 0;
    }

    /// <summary>Empty jobs, enqueued by clients while twenty workers process them.</summary>
    private static async Task ThroughputAsync(int clients)
    {
        using var folder = new TemporaryFolder();
        await using var database = PostgreSqlCluster.SkipReason is null ? await PostgreSqlCluster.CreateDatabaseAsync(CancellationToken.None) : null;
        var postgreSql = database is null ? null : PostgreSql(database.ConnectionString);

        var memory = new List<Throughput>();
        var sqlite = new List<Throughput>();
        var server = new List<Throughput>();

        // In turns, so that a machine that is busy for a while slows down all of them. The first round is for the compiler.
        for (var round = 0; round <= Rounds; round++)
        {
            using (var storage = new InMemoryStorage()) memory.Add(Measure(storage, clients, 20_000));
            using (var storage = new SQLiteStorage(folder.File(Invariant($"{round}.db")))) sqlite.Add(Measure(storage, clients, 20_000));
            if (postgreSql is not null && round < 3) server.Add(Measure(postgreSql, clients, 500));
        }

        Console.WriteLine($"{Workers} workers, {clients} client(s), median of {Rounds} rounds:");
        var (m, s) = (Median(memory.Skip(1)), Median(sqlite.Skip(1)));
        Console.WriteLine(Invariant($"  Hangfire.InMemory    {m.PerSecond,7:0} jobs/s, {m.Microseconds,5:0} µs CPU and {m.Kilobytes,4:0} KB of garbage per job"));
        Console.WriteLine(Invariant($"  SQLite               {s.PerSecond,7:0} jobs/s, {s.Microseconds,5:0} µs CPU and {s.Kilobytes,4:0} KB of garbage per job: {s.PerSecond / m.PerSecond:0.00} × InMemory"));
        Console.WriteLine("  round by round:      " + string.Join(", ", sqlite.Zip(memory).Skip(1).Select(pair => Invariant($"{pair.First.PerSecond:0}/{pair.Second.PerSecond:0} = {pair.First.PerSecond / pair.Second.PerSecond:0.00}"))));
        if (server.Count == 0)
        {
            Console.WriteLine($"  Hangfire.PostgreSql  not measured: {PostgreSqlCluster.SkipReason}");
            return;
        }

        var p = Median(server.Skip(1));
        Console.WriteLine(Invariant($"  Hangfire.PostgreSql  {p.PerSecond,7:0} jobs/s, {p.Microseconds,5:0} µs CPU (without the server's) and {p.Kilobytes,4:0} KB of garbage per job: SQLite is {s.PerSecond / p.PerSecond:0.0} ×"));
    }

    /// <summary>From the call of Enqueue to the first line of the job, with twenty workers that sleep.</summary>
    private static void Latency()
    {
        const int samples = 500;

        using var folder = new TemporaryFolder();
        using var storage = new SQLiteStorage(folder.File("jobs.db"));
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = Workers }, storage);
        var client = new BackgroundJobClient(storage);
        Thread.Sleep(2_000);

        var times = new List<TimeSpan>();
        for (var sample = -50; sample < samples; sample++)
        {
            EmptyJob.Expect(1);
            var before = Stopwatch.GetTimestamp();
            client.Enqueue(() => EmptyJob.Run());
            EmptyJob.Await();
            if (sample >= 0) times.Add(Stopwatch.GetElapsedTime(before, EmptyJob.StartedAt));
            Thread.Sleep(10);
        }

        Report("idle queue, Enqueue to run", times);
    }

    /// <summary>Dequeue and list page with a million finished jobs, against an empty storage.</summary>
    private static void Finished()
    {
        using var folder = new TemporaryFolder();
        using var empty = new SQLiteStorage(folder.File("empty.db"));
        using var full = new SQLiteStorage(folder.File("full.db"));
        var watch = Stopwatch.StartNew();
        Fill(full, 1_000_000, TimeSpan.FromDays(1));
        Console.WriteLine(Invariant($"1,000,000 finished jobs written in {watch.Elapsed.TotalSeconds:0} s, {new FileInfo(folder.File("full.db")).Length / 1048576} MB"));

        // The list of the empty storage needs its twenty rows too, or the pages could not be compared.
        Fill(empty, 20, TimeSpan.FromDays(1));

        Compare("dequeue", empty, full, Dequeue);
        Compare("list page", empty, full, storage => storage.GetMonitoringApi().SucceededJobs(0, 20));
        Compare("statistics", empty, full, storage => storage.GetMonitoringApi().GetStatistics());
    }

    /// <summary>The longest dequeue while a hundred thousand jobs expire.</summary>
    private static void Expiry()
    {
        const int jobs = 100_000;

        using var folder = new TemporaryFolder();
        using var storage = new SQLiteStorage(folder.File("jobs.db"));
        Fill(storage, jobs, TimeSpan.FromDays(-1));

        var quiet = Dequeues(storage, Task.Delay(TimeSpan.FromSeconds(3)));
        Report("dequeue without expiry", quiet);

        var watch = Stopwatch.StartNew();
        var process = new ExpirationProcess(storage.Database, TimeProvider.System, TimeSpan.FromMinutes(5));
        var expiry = Task.Factory.StartNew(
            () => process.RemoveExpired(CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var during = Dequeues(storage, expiry);
        Report(Invariant($"dequeue while {expiry.Result} records expired in {watch.Elapsed.TotalSeconds:0.0} s"), during);
    }

    private static List<TimeSpan> Dequeues(SQLiteStorage storage, Task until)
    {
        var times = new List<TimeSpan>();
        while (!until.IsCompleted)
        {
            Enqueue(storage);
            var before = Stopwatch.GetTimestamp();
            using (var connection = storage.GetConnection())
            using (var job = connection.FetchNextJob(["default"], CancellationToken.None))
            {
                times.Add(Stopwatch.GetElapsedTime(before));
                job.RemoveFromQueue();
            }
        }

        return times;
    }

    private static void Dequeue(SQLiteStorage storage)
    {
        Enqueue(storage);
        using var connection = storage.GetConnection();
        using var job = connection.FetchNextJob(["default"], CancellationToken.None);
        job.RemoveFromQueue();
    }

    private static void Enqueue(SQLiteStorage storage)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.AddToQueue("default", "1");
        transaction.Commit();
    }

    private static void Compare(string name, SQLiteStorage empty, SQLiteStorage full, Action<SQLiteStorage> act)
    {
        const int samples = 2_000;

        var (emptyTimes, fullTimes) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var sample = -200; sample < samples; sample++)
        {
            var emptyTime = Time(() => act(empty));
            var fullTime = Time(() => act(full));
            if (sample < 0) continue;

            emptyTimes.Add(emptyTime);
            fullTimes.Add(fullTime);
        }

        var (before, after) = (Percentile(emptyTimes, 0.5), Percentile(fullTimes, 0.5));
        Console.WriteLine(Invariant($"  {name,-10} {before.TotalMicroseconds,6:0} µs empty, {after.TotalMicroseconds,6:0} µs with a million: {after / before:0.00} ×"));
    }

    private static TimeSpan Time(Action act)
    {
        var before = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(before);
    }

    private static void Fill(SQLiteStorage storage, int count, TimeSpan expireIn)
    {
        const int perTransaction = 10_000;

        var job = NewJob.Of(
            Job.FromExpression(() => EmptyJob.Run()), new Dictionary<string, string> { ["CurrentCulture"] = "\"zh-CN\"", ["CurrentUICulture"] = "\"zh-CN\"" }, DateTime.UtcNow, expireIn);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var enqueued = new StateRow("Enqueued", null, now, Encoding.UTF8.GetBytes("""{"EnqueuedAt":"1790000000000","Queue":"default"}"""));
        var succeeded = new StateRow("Succeeded", null, now, Encoding.UTF8.GetBytes("""{"SucceededAt":"1790000000000","PerformanceDuration":"5","Latency":"7"}"""));
        for (var done = 0; done < count; done += perTransaction)
        {
            var jobs = Math.Min(perTransaction, count - done);
            var first = storage.Database.NextJobIds(jobs);
            storage.Database.Write(writer =>
            {
                for (var id = first; id < first + jobs; id++)
                {
                    writer.CreateJob(id, job);
                    writer.SetState(id, enqueued);
                    writer.SetState(id, succeeded);
                }
            });
        }

        storage.Database.TidyUp();
    }

    private static Throughput Measure(JobStorage storage, int clients, int count)
    {
        var client = new BackgroundJobClient(storage);
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = Workers }, storage);
        EmptyJob.Expect(1);
        client.Enqueue(() => EmptyJob.Run());
        EmptyJob.Await();

        EmptyJob.Expect(count);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes();
        var processor = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        Parallel.For(0, clients, new ParallelOptions { MaxDegreeOfParallelism = clients }, _ =>
        {
            for (var index = 0; index < count / clients; index++) client.Enqueue(() => EmptyJob.Run());
        });
        EmptyJob.Await();
        var elapsed = watch.Elapsed;
        process.Refresh();
        return new Throughput(
            count / elapsed.TotalSeconds,
            (process.TotalProcessorTime - processor).TotalMicroseconds / count,
            (GC.GetTotalAllocatedBytes() - allocated) / 1024.0 / count);
    }

    private static PostgreSqlStorage PostgreSql(string connectionString)
    {
        var options = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromSeconds(2), UseSlidingInvisibilityTimeout = true };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(connectionString, options), options);
    }

    private static void Report(string name, List<TimeSpan> times) => Console.WriteLine(Invariant(
        $"{name}: p50 {Percentile(times, 0.5).TotalMilliseconds:0.00} ms, p99 {Percentile(times, 0.99).TotalMilliseconds:0.00} ms, most {times.Max().TotalMilliseconds:0.0} ms ({times.Count} samples)"));

    private static Throughput Median(IEnumerable<Throughput> rounds)
    {
        var sorted = rounds.OrderBy(round => round.PerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }

    private static TimeSpan Percentile(List<TimeSpan> times, double share) => times.Order().ElementAt((int)(times.Count * share));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Throughput(double PerSecond, double Microseconds, double Kilobytes);
}
