using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Storage.SQLite;
using Hangfire.Storage.SQLite.Host;

// A process that a test can kill:
//   hold FILE                  opens the storage, says "open", and holds it until standard input ends
//   work FILE LOG COUNT        sees to it that COUNT jobs exist, and works on them with 20 workers; each appends its id and number to LOG
//   idle FILE SECONDS          an idle server; prints its CPU time per second of wall time
if (args is not [var mode, var file, ..])
{
    Console.Error.WriteLine("usage: hold FILE | work FILE LOG COUNT | idle FILE SECONDS");
    return 2;
}

SQLiteStorage storage;
try
{
    storage = new SQLiteStorage(file, new SQLiteStorageOptions { JobExpirationCheckInterval = TimeSpan.FromMinutes(5) });
}
catch (Exception error) when (error is InvalidOperationException or JobDatabaseException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

using (storage)
{
    switch (mode)
    {
        case "hold":
            Say("open");
            Console.In.ReadToEnd();
            return 0;

        case "work":
            Work(storage, args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
            return 0;

        case "idle":
            Idle(storage, TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture)));
            return 0;

        default:
            Console.Error.WriteLine($"Unknown mode {mode}.");
            return 2;
    }
}

static void Work(SQLiteStorage storage, string log, int count)
{
    LoggedJob.Open(log);
    var client = new BackgroundJobClient(storage);
    new RecurringJobManager(storage).AddOrUpdate("yearly", () => LoggedJob.Recur(), "17 3 1 1 *");

    using var server = new BackgroundJobServer(
        new BackgroundJobServerOptions { WorkerCount = 20, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, storage);
    Say("open");

    // The number of a job is written down with the job, so that a killed client goes on where it was.
    using var connection = storage.GetConnection();
    var numbers = connection.GetAllEntriesFromHash("enqueued");
    for (var number = numbers is null ? 0 : int.Parse(numbers["last"], CultureInfo.InvariantCulture) + 1; number < count; number++)
    {
        var next = number;
        client.Enqueue(() => LoggedJob.Run(next, null!));
        connection.SetRangeInHash("enqueued", [new("last", next.ToString(CultureInfo.InvariantCulture))]);
    }

    Say("enqueued");
    Console.In.ReadToEnd();
}

static void Idle(SQLiteStorage storage, TimeSpan time)
{
    using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 20 }, storage);
    Thread.Sleep(TimeSpan.FromSeconds(5));

    using var process = Process.GetCurrentProcess();
    var before = process.TotalProcessorTime;
    var watch = Stopwatch.StartNew();
    Thread.Sleep(time);
    process.Refresh();
    var share = (process.TotalProcessorTime - before) / watch.Elapsed;
    Say(share.ToString("0.000000", CultureInfo.InvariantCulture));
}

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}
