using System.Linq.Expressions;
using Aggregator.Core.Crawling;
using Aggregator.Server.Capture;
using Aggregator.Server.Crawl;
using Aggregator.Server.Retention;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Takedown;
using Aggregator.Server.WebSub;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using Hangfire.Storage.SQLite;

namespace Aggregator.Server.Hosting;

/// <summary>Hangfire: its storage, its servers and the jobs that recur.</summary>
internal static class JobServices
{
    /// <summary>How long a finished job is shown.</summary>
    private static readonly TimeSpan FinishedJobsStay = TimeSpan.FromHours(12);

    /// <summary>How often an idle PostgreSQL queue is looked at; an embedded queue signals by itself.</summary>
    private static readonly TimeSpan PostgreSqlPoll = TimeSpan.FromSeconds(2);

    /// <summary>After this, a lock on PostgreSQL counts as left behind; what jobs lock for longer is safe to run beside itself.</summary>
    private static readonly TimeSpan LocksLast = TimeSpan.FromSeconds(30);

    /// <summary>Jobs that somebody waits for, at once.</summary>
    private const int InteractiveWorkers = 4;

    /// <summary>Adds the job storage and, for a worker, the servers.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, ServerSettings settings)
    {
        services.AddHangfire(configuration =>
        {
            configuration.SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                .UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings();
            UseStorage(configuration, settings);
        });
        services.AddSingleton<CrawlTick>();
        services.AddSingleton<CrawlJob>();
        services.AddSingleton<RefreshSourceJob>();
        services.AddSingleton<CaptureTick>();
        services.AddSingleton<CaptureJob>();
        services.AddSingleton<RetentionJob>();
        services.AddSingleton<WebSubTick>();
        services.AddSingleton<PingedRefreshes>();
        if (!settings.IsWorker) return services;

        // A crawl fills a node by itself, so each node runs one at a time; and nobody's click waits behind it.
        services.AddHangfireServer(server => Configure(server, JobQueues.Crawl, workers: 1, [JobQueues.Crawl]));
        services.AddHangfireServer(server =>
        {
            Configure(server, JobQueues.Capture, workers: 1, [JobQueues.Capture]);
            // The others schedule what recurs already.
            server.IsLightweightServer = true;
        });
        services.AddHangfireServer(server => Configure(server, JobQueues.Interactive, InteractiveWorkers, [JobQueues.Interactive, JobQueues.Default]));
        return services;
    }

    /// <summary>Sets the recurring jobs' schedules, and looks for due sources at once.</summary>
    public static void StartJobs(this IServiceProvider services)
    {
        var check = services.GetRequiredService<RefreshOptions>().CheckCron();
        Recur<CrawlTick>(services, CrawlTick.RecurringId, tick => tick.RunAsync(CancellationToken.None), check);
        Recur<CaptureTick>(services, CaptureTick.RecurringId, tick => tick.RunAsync(CancellationToken.None), check);
        Recur<WebSubTick>(services, WebSubTick.RecurringId, tick => tick.RunAsync(CancellationToken.None), check);
        Recur<RetentionJob>(services, RetentionJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Daily(3, 17));
        Recur<SealJob>(services, SealJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Hourly(SealJob.Minute));
        Recur<PurgeJob>(services, PurgeJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Hourly(PurgeJob.Minute));
        services.GetRequiredService<IBackgroundJobClient>().Enqueue<CrawlTick>(tick => tick.RunAsync(CancellationToken.None));
    }

    // On PostgreSQL a lock is a row, which a process that was killed leaves behind until it runs out. The job that it locks stands
    // there with the schedule that it had: no reason not to start.
    private static void Recur<T>(IServiceProvider services, string id, Expression<Func<T, Task>> run, string cron)
    {
        try
        {
            services.GetRequiredService<IRecurringJobManager>().AddOrUpdate(id, run, cron);
        }
        catch (Exception locked) when (locked is DistributedLockTimeoutException or PostgreSqlDistributedLockException)
        {
            services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(JobServices)).LogWarning(
                "The recurring job {Job} is locked by a process that was killed; it keeps its former schedule, and goes on within {Time}", id, LocksLast);
        }
    }

    private static void UseStorage(IGlobalConfiguration configuration, ServerSettings settings)
    {
        switch (settings.JobStorage)
        {
            case JobStorageKind.Sqlite:
                configuration.UseSQLiteStorage(settings.JobsFile).WithJobExpirationTimeout(FinishedJobsStay);
                break;
            case JobStorageKind.PostgreSql:
                configuration.UsePostgreSqlStorage(
                    storage => storage.UseNpgsqlConnection(settings.Store.Value),
                    new PostgreSqlStorageOptions
                    {
                        QueuePollInterval = PostgreSqlPoll,
                        UseSlidingInvisibilityTimeout = true,
                        PrepareSchemaIfNecessary = true,
                        DistributedLockTimeout = LocksLast,
                    }).WithJobExpirationTimeout(FinishedJobsStay);
                break;
            default:
                configuration.UseInMemoryStorage().WithJobExpirationTimeout(FinishedJobsStay);
                break;
        }
    }

    private static void Configure(BackgroundJobServerOptions server, string name, int workers, string[] queues)
    {
        server.ServerName = $"{Environment.MachineName}:{Environment.ProcessId}:{name}";
        server.WorkerCount = workers;
        server.Queues = queues;
        server.SchedulePollingInterval = TimeSpan.FromSeconds(5);
        // A crawl gives its sources back within this when the server stops.
        server.ShutdownTimeout = TimeSpan.FromSeconds(10);
    }
}
