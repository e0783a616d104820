using Aggregator.Server.Capture;
using Aggregator.Server.Categories;
using Aggregator.Server.Crawl;
using Aggregator.Server.Hub;
using Aggregator.Server.Retention;
using Aggregator.Server.Routing;
using Aggregator.Server.Selections;
using Aggregator.Server.Subscriptions;
using Aggregator.Server.WebSub;
using Aggregator.Storage;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Storage.SQLite;

namespace Aggregator.Server.Hosting;

/// <summary>Hangfire: its storage, its servers and the jobs that recur.</summary>
internal static class JobServices
{
    /// <summary>How long a finished job is shown.</summary>
    private static readonly TimeSpan FinishedJobsStay = TimeSpan.FromHours(12);

    /// <summary>How often an idle PostgreSQL queue is looked at; an embedded queue signals by itself.</summary>
    private static readonly TimeSpan PostgreSqlPoll = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After this a lock in PostgreSQL is taken over: nobody renews it, and a killed process leaves it behind. Those around a job's
    /// state and a schedule are held for milliseconds. Purge, seal and retention are locked for a whole run only to spare work: each
    /// works in transactions that a second run beside it finds done.
    /// </summary>
    internal static readonly TimeSpan LockLifetime = TimeSpan.FromSeconds(30);

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
        services.AddSingleton<CaptureTick>();
        services.AddSingleton<CaptureJob>();
        services.AddSingleton<RefreshSourceJob>();
        services.AddSingleton<RetentionJob>();
        services.AddSingleton<SelectionExpiryJob>();
        services.AddSingleton<CategoryAdmin>();
        services.AddSingleton<RuleAdmin>();
        services.AddSingleton<RetentionAdmin>();
        services.AddSingleton<ImportJob>();
        services.AddSingleton<ApplyRulesJob>();
        services.AddSingleton<WebSubTick>();
        services.AddSingleton<HubTick>();
        services.AddSingleton<HubStreamJob>();
        services.AddSingleton<PingedRefreshes>();
        services.AddSingleton<RecurringJobs>();
        if (!settings.IsWorker) return services;

        // A crawl fills a node by itself, so each node runs one at a time; and nobody's click waits behind it.
        services.AddHangfireServer(server => Configure(server, JobQueues.Crawl, workers: 1, [JobQueues.Crawl]));
        services.AddHangfireServer(server => Configure(server, JobQueues.Interactive, InteractiveWorkers, [JobQueues.Interactive, JobQueues.Default]));
        services.AddHangfireServer(server =>
        {
            Configure(server, JobQueues.Capture, workers: 1, [JobQueues.Capture]);
            // The others schedule what recurs already.
            server.IsLightweightServer = true;
        });
        services.AddHangfireServer(server =>
        {
            // One stream on each node carries whatever there is to deliver.
            Configure(server, JobQueues.Hub, workers: 1, [JobQueues.Hub]);
            server.IsLightweightServer = true;
        });
        return services;
    }

    /// <summary>Looks for due sources at once, which takes no lock that a killed process could have kept, and sets the schedules beside it.</summary>
    public static void StartJobs(this IServiceProvider services)
    {
        services.GetRequiredService<IBackgroundJobClient>().Enqueue<CrawlTick>(tick => tick.RunAsync(CancellationToken.None));
        _ = services.GetRequiredService<RecurringJobs>().SetAsync(services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }

    private static void UseStorage(IGlobalConfiguration configuration, ServerSettings settings)
    {
        switch (settings.JobStorage)
        {
            case JobStorageKind.Sqlite:
                configuration.UseSQLiteStorage(settings.JobsFile, new SQLiteStorageOptions { OwnerWait = StoreOwnerLock.Patience }).WithJobExpirationTimeout(FinishedJobsStay);
                break;
            case JobStorageKind.PostgreSql:
                configuration.UsePostgreSqlStorage(
                    storage => storage.UseNpgsqlConnection(settings.Store.ValueForJobs),
                    new PostgreSqlStorageOptions
                    {
                        QueuePollInterval = PostgreSqlPoll,
                        UseSlidingInvisibilityTimeout = true,
                        PrepareSchemaIfNecessary = true,
                        DistributedLockTimeout = LockLifetime,
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
