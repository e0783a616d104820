using Hangfire.Logging;
using Hangfire.Server;
using Microsoft.Data.Sqlite;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// Hangfire's jobs in one SQLite file that belongs to one process. What was committed survives the end of the process, however it
/// ends; a job that was running then runs again.
/// </summary>
public sealed class SQLiteStorage : JobStorage, IDisposable
{
    private static readonly HashSet<string> Features = new(StringComparer.OrdinalIgnoreCase)
    {
        JobStorageFeatures.JobQueueProperty,
        JobStorageFeatures.ExtendedApi,
        JobStorageFeatures.ProcessesInsteadOfComponents,
        JobStorageFeatures.Connection.GetUtcDateTime,
        JobStorageFeatures.Connection.BatchedGetFirstByLowest,
        "BatchedGetFirstByLowestScoreFromSet",
        JobStorageFeatures.Connection.GetSetContains,
        JobStorageFeatures.Connection.LimitedGetSetCount,
        JobStorageFeatures.Transaction.AcquireDistributedLock,
        JobStorageFeatures.Transaction.CreateJob,
        JobStorageFeatures.Transaction.SetJobParameter,
        JobStorageFeatures.Transaction.RemoveFromQueue(typeof(SQLiteFetchedJob)),
        JobStorageFeatures.Monitoring.DeletedStateGraphs,
        JobStorageFeatures.Monitoring.AwaitingJobs,
    };

    /// <summary>Opens or creates the file with the default options.</summary>
    /// <inheritdoc cref="SQLiteStorage(string, SQLiteStorageOptions)"/>
    public SQLiteStorage(string path)
        : this(path, new SQLiteStorageOptions())
    {
    }

    /// <summary>Opens or creates the file, and takes it for this process until the storage is disposed.</summary>
    /// <param name="path">The file's path, or <c>Data Source=</c> and its path. Two files appear beside it while it is open, and <c>.lock</c> stays.</param>
    /// <param name="options">How the storage behaves.</param>
    /// <exception cref="ArgumentException">No file is named: storage in memory is Hangfire.InMemory's.</exception>
    /// <exception cref="InvalidOperationException">Another process, or another storage in this one, has the file.</exception>
    /// <exception cref="JobDatabaseException">The file cannot be used; it is left as it was.</exception>
    public SQLiteStorage(string path, SQLiteStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);

        Options = options;
        Database = JobDatabase.Open(FileOf(path), options);
    }

    /// <summary>True: a read sees every commit that returned before it.</summary>
    public override bool LinearizableReads => true;

    internal SQLiteStorageOptions Options { get; }

    internal JobDatabase Database { get; }

    internal NamedLocks Locks { get; } = new();

    internal QueueSignals Signals { get; } = new();

    /// <inheritdoc/>
    public override IMonitoringApi GetMonitoringApi() => new SQLiteMonitor(this);

    /// <inheritdoc/>
    public override IStorageConnection GetConnection() => new SQLiteStorageConnection(this);

    /// <inheritdoc/>
    public override IEnumerable<IBackgroundProcess> GetServerRequiredProcesses() =>
        [new ExpirationProcess(Database, Options.TimeProvider, Options.JobExpirationCheckInterval)];

    /// <inheritdoc/>
    public override bool HasFeature(string featureId)
    {
        ArgumentNullException.ThrowIfNull(featureId);
        return Features.Contains(featureId) || base.HasFeature(featureId);
    }

    /// <inheritdoc/>
    public override void WriteOptionsToLog(ILog logger)
    {
        logger.InfoFormat("Using the following options for SQLite job storage:");
        logger.InfoFormat("    File: {0}.", Database.Path);
        logger.InfoFormat("    Queue poll interval: {0}.", Options.QueuePollInterval);
        logger.InfoFormat("    Job expiration check interval: {0}.", Options.JobExpirationCheckInterval);
    }

    /// <summary>Names the file, for the log and the dashboard's footer.</summary>
    public override string ToString() => $"SQLite: {Database.Path}";

    /// <summary>Closes the file and lets another process have it. Jobs that are running now will run again at the next opening.</summary>
    public void Dispose() => Database.Dispose();

    private static string FileOf(string nameOrConnectionString)
    {
        var path = nameOrConnectionString;
        if (path.Contains('=', StringComparison.Ordinal) && !File.Exists(path))
            path = new SqliteConnectionStringBuilder(path).DataSource;

        if (string.IsNullOrWhiteSpace(path) || path.StartsWith(":memory:", StringComparison.Ordinal))
            throw new ArgumentException("A job database is a file: give its path. Use Hangfire.InMemory for jobs that need not be kept.", nameof(nameOrConnectionString));

        return path;
    }
}
