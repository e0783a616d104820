using Aggregator.Core.Crawling;
using Aggregator.Server.Crawl;
using Aggregator.Server.Retention;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Sources;
using Aggregator.Server.Takedown;
using Aggregator.Server.WebSub;
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
        services.AddSingleton<RetentionJob>();
        services.AddSingleton<WebSubTick>();
        services.AddSingleton<PingedRefreshes>();
        if (!settings.IsWorker) return services;

        // A crawl fills a node by itself, so each node runs one at a time; and nobody's click waits behind it.
        services.AddHangfireServer(server => Configure(server, JobQueues.Crawl, workers: 1, [JobQueues.Crawl]));
        services.AddHangfireServer(server => Configure(server, JobQueues.Interactive, InteractiveWorkers, [JobQueues.Interactive, JobQueues.Default]));
        return services;
    }

    /// <summary>Sets the recurring jobs' schedules, and looks for due sources at once.</summary>
    public static void StartJobs(this IServiceProvider services)
    {
        var recurring = services.GetRequiredService<IRecurringJobManager>();
        recurring.AddOrUpdate<CrawlTick>(CrawlTick.RecurringId, tick => tick.RunAsync(CancellationToken.None),
            services.GetRequiredService<RefreshOptions>().CheckCron());
        recurring.AddOrUpdate<WebSubTick>(WebSubTick.RecurringId, tick => tick.RunAsync(CancellationToken.None),
            services.GetRequiredService<RefreshOptions>().CheckCron());
        recurring.AddOrUpdate<RetentionJob>(RetentionJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Daily(3, 17));
        recurring.AddOrUpdate<SealJob>(SealJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Hourly(SealJob.Minute));
        recurring.AddOrUpdate<PurgeJob>(PurgeJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Hourly(PurgeJob.Minute));
        recurring.AddOrUpdate<PurgeSourcesJob>(PurgeSourcesJob.RecurringId, job => job.RunAsync(CancellationToken.None), Cron.Daily(3, 47));
        services.GetRequiredService<IBackgroundJobClient>().Enqueue<CrawlTick>(tick => tick.RunAsync(CancellationToken.None));
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
