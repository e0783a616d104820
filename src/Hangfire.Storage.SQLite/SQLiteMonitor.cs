using System.Globalization;
using System.Text.Json;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage.Monitoring;

namespace Hangfire.Storage.SQLite;

/// <summary>What the dashboard shows. Every list is a page of an index, every count is kept or capped.</summary>
internal sealed class SQLiteMonitor(SQLiteStorage storage) : JobStorageMonitor
{
    private const int FirstJobsOfQueue = 5;
    private const int DaysOfTimeline = 7;
    private const int HoursOfTimeline = 24;

    private const string Columns = "select j.id, j.invocation, j.arguments, j.state, s.reason, s.created_at, s.data";

    // The page is cut from the index alone; jobs and states are looked up for its rows only.
    private const string NewestOfState = $"""
        {Columns} from (select id from job where state = ?1 order by id desc limit ?3 offset ?2) page
        join job j on j.id = page.id left join job_state s on s.id = j.state_id order by j.id desc
        """;

    private const string OldestOfState = $"""
        {Columns} from (select id from job where state = ?1 order by id limit ?3 offset ?2) page
        join job j on j.id = page.id left join job_state s on s.id = j.state_id order by j.id
        """;

    private const string ReadyPage = $"""
        {Columns}, page.id, page.job_id, page.fetched_at
        from (select id, job_id, fetched_at from job_queue where queue = ?1 and fetched_at is null order by id limit ?3 offset ?2) page
        left join job j on j.id = page.job_id left join job_state s on s.id = j.state_id order by page.id
        """;

    private const string FetchedPage = $"""
        {Columns}, page.id, page.job_id, page.fetched_at
        from (select id, job_id, fetched_at from job_queue where queue = ?1 and fetched_at is not null order by id limit ?3 offset ?2) page
        left join job j on j.id = page.job_id left join job_state s on s.id = j.state_id order by page.id
        """;

    private const string ParentStates = "select id, state from job where id in (select value from json_each(?1))";
    private const string ReadJob = "select invocation, arguments, created_at, expire_at from job where id = ?1";
    private const string ReadParameters = "select name, value from job_parameter where job_id = ?1 order by name";
    private const string ReadHistory = "select name, reason, created_at, data from job_state where job_id = ?1 order by id desc";
    private const string ReadServers = "select id, data, heartbeat from server order by id";
    private const string CountServers = "select count(*) from server";
    private const string ReadCounter = "select value from counter where key = ?1";

    private JobDatabase Database => storage.Database;

    public override StatisticsDto GetStatistics()
    {
        var states = Database.Census.States();
        var queues = Database.Census.Queues();
        return Database.ReadSnapshot(session => new StatisticsDto
        {
            Enqueued = states.GetValueOrDefault(EnqueuedState.StateName),
            Failed = states.GetValueOrDefault(FailedState.StateName),
            Processing = states.GetValueOrDefault(ProcessingState.StateName),
            Scheduled = states.GetValueOrDefault(ScheduledState.StateName),
            Awaiting = states.GetValueOrDefault(AwaitingState.StateName),
            Succeeded = session.Integer(ReadCounter, "stats:succeeded") ?? 0,
            Deleted = session.Integer(ReadCounter, "stats:deleted") ?? 0,
            Recurring = Database.Census.InSet("recurring-jobs"),
            Retries = Database.Census.InSet("retries"),
            Servers = session.Integer(CountServers) ?? 0,
            Queues = queues.Count,
        });
    }

    public override IList<QueueWithTopEnqueuedJobsDto> Queues()
    {
        var lengths = Database.Census.Queues();
        var names = lengths.Keys.Concat(Servers().SelectMany(server => server.Queues)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
        [
            .. names.Select(name => new QueueWithTopEnqueuedJobsDto
            {
                Name = name,
                Length = lengths.GetValueOrDefault(name).Ready,
                Fetched = lengths.GetValueOrDefault(name).Fetched,
                FirstJobs = EnqueuedJobs(name, 0, FirstJobsOfQueue),
            }),
        ];
    }

    public override IList<ServerDto> Servers() => Database.Read(session =>
    {
        var servers = new List<ServerDto>();
        using var rows = session.Query(ReadServers);
        while (rows.Next())
        {
            var announced = JsonSerializer.Deserialize<AnnouncedServer>(rows.Utf8(1))!;
            servers.Add(new ServerDto
            {
                Name = rows.Text(0),
                WorkersCount = announced.WorkerCount,
                Queues = announced.Queues,
                StartedAt = Clock.ToDateTime(announced.StartedAt),
                Heartbeat = Clock.ToDateTime(rows.Integer(2)),
            });
        }

        return servers;
    });

    public override JobDetailsDto? JobDetails(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return JobId.TryParse(jobId, out var id) ? Database.ReadSnapshot(session => Details(session, id)) : null;
    }

    public override JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage) =>
        QueuePage(ReadyPage, queue, from, perPage, (job, _) => new EnqueuedJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            State = job.State,
            InEnqueuedState = Is(job, EnqueuedState.StateName),
            EnqueuedAt = Is(job, EnqueuedState.StateName) ? job.StateAt : null,
            StateData = job.Data,
        });

    public override JobList<FetchedJobDto> FetchedJobs(string queue, int from, int perPage) =>
        QueuePage(FetchedPage, queue, from, perPage, (job, fetchedAt) => new FetchedJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            State = job.State,
            FetchedAt = fetchedAt,
        });

    public override JobList<ProcessingJobDto> ProcessingJobs(int from, int count) =>
        StatePage(OldestOfState, ProcessingState.StateName, from, count, job => new ProcessingJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            InProcessingState = true,
            ServerId = job.Data.GetValueOrDefault("ServerId") ?? job.Data.GetValueOrDefault("ServerName"),
            StartedAt = Moment(job, "StartedAt") ?? job.StateAt,
            StateData = job.Data,
        });

    public override JobList<ScheduledJobDto> ScheduledJobs(int from, int count) =>
        StatePage(OldestOfState, ScheduledState.StateName, from, count, job => new ScheduledJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            InScheduledState = true,
            EnqueueAt = Moment(job, "EnqueueAt") ?? DateTime.MinValue,
            ScheduledAt = job.StateAt,
            StateData = job.Data,
        });

    public override JobList<AwaitingJobDto> AwaitingJobs(int from, int count)
    {
        var page = StatePage(OldestOfState, AwaitingState.StateName, from, count, job => new AwaitingJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            InAwaitingState = true,
            AwaitingAt = job.StateAt,
            StateData = job.Data,
        });

        var parents = StatesOf(page.Select(job => job.Value.StateData.TryGetValue("ParentId", out var parent) ? parent : null));
        foreach (var (_, job) in page)
            if (job.StateData.TryGetValue("ParentId", out var parent) && parent is not null)
                job.ParentStateName = parents.GetValueOrDefault(parent);

        return page;
    }

    public override JobList<SucceededJobDto> SucceededJobs(int from, int count) =>
        StatePage(NewestOfState, SucceededState.StateName, from, count, job => new SucceededJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            InSucceededState = true,
            Result = job.Data.GetValueOrDefault("Result"),
            TotalDuration = Milliseconds(job, "PerformanceDuration") + Milliseconds(job, "Latency"),
            SucceededAt = job.StateAt,
            StateData = job.Data,
        });

    public override JobList<FailedJobDto> FailedJobs(int from, int count) =>
        StatePage(NewestOfState, FailedState.StateName, from, count, job => new FailedJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            InFailedState = true,
            Reason = job.Reason,
            ExceptionType = job.Data.GetValueOrDefault("ExceptionType"),
            ExceptionMessage = job.Data.GetValueOrDefault("ExceptionMessage"),
            ExceptionDetails = job.Data.GetValueOrDefault("ExceptionDetails"),
            FailedAt = job.StateAt,
            StateData = job.Data,
        });

    public override JobList<DeletedJobDto> DeletedJobs(int from, int count) =>
        StatePage(NewestOfState, DeletedState.StateName, from, count, job => new DeletedJobDto
        {
            Job = job.Invocation.Job,
            InvocationData = job.Invocation.Data,
            LoadException = job.Invocation.Failure,
            InDeletedState = true,
            DeletedAt = job.StateAt,
            StateData = job.Data,
        });

    public override long EnqueuedCount(string queue) => Capped(LengthOf(queue).Ready);

    public override long FetchedCount(string queue) => Capped(LengthOf(queue).Fetched);

    public override long ScheduledCount() => CountOf(ScheduledState.StateName);

    public override long FailedCount() => CountOf(FailedState.StateName);

    public override long ProcessingCount() => CountOf(ProcessingState.StateName);

    public override long SucceededListCount() => CountOf(SucceededState.StateName);

    public override long DeletedListCount() => CountOf(DeletedState.StateName);

    public override long AwaitingCount() => CountOf(AwaitingState.StateName);

    public override IDictionary<DateTime, long> SucceededByDatesCount() => Days("succeeded");

    public override IDictionary<DateTime, long> FailedByDatesCount() => Days("failed");

    public override IDictionary<DateTime, long> DeletedByDatesCount() => Days("deleted");

    public override IDictionary<DateTime, long> HourlySucceededJobs() => Hours("succeeded");

    public override IDictionary<DateTime, long> HourlyFailedJobs() => Hours("failed");

    public override IDictionary<DateTime, long> HourlyDeletedJobs() => Hours("deleted");

    private static bool Is(JobRow job, string state) => string.Equals(job.State, state, StringComparison.OrdinalIgnoreCase);

    private static DateTime? Moment(JobRow job, string name) =>
        job.Data.GetValueOrDefault(name) is { } text ? JobHelper.DeserializeNullableDateTime(text) : null;

    private static long? Milliseconds(JobRow job, string name) =>
        long.TryParse(job.Data.GetValueOrDefault(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static JobDetailsDto? Details(Session session, long id)
    {
        StoredInvocation invocation;
        string payload;
        string? arguments;
        JobDetailsDto details;
        using (var rows = session.Query(ReadJob, id))
        {
            if (!rows.Next()) return null;

            payload = rows.Text(0);
            arguments = rows.TextOrNull(1);
            invocation = StoredInvocation.Read(payload, arguments);
            details = new JobDetailsDto
            {
                Job = invocation.Job,
                InvocationData = invocation.Data,
                LoadException = invocation.Failure,
                CreatedAt = Clock.ToDateTime(rows.Integer(2)),
                ExpireAt = Clock.ToDateTime(rows.IntegerOrNull(3)),
                Properties = new Dictionary<string, string>(StringComparer.Ordinal),
                History = [],
            };
        }

        using (var rows = session.Query(ReadParameters, id))
            while (rows.Next())
                details.Properties.Add(rows.Text(0), rows.TextOrNull(1)!);

        if (invocation.Failure is { } failure)
        {
            details.Properties["DBG_Exception"] = (failure.InnerException ?? failure).Message;
            details.Properties["DBG_Payload"] = payload;
            details.Properties["DBG_Args"] = arguments!;
        }

        using (var rows = session.Query(ReadHistory, id))
        {
            while (rows.Next())
            {
                details.History.Add(new StateHistoryDto
                {
                    StateName = rows.Text(0),
                    Reason = rows.TextOrNull(1),
                    CreatedAt = Clock.ToDateTime(rows.Integer(2)),
                    Data = StateText.Read(rows.Utf8(3)),
                });
            }
        }

        return details;
    }

    private JobList<T> StatePage<T>(string sql, string state, int from, int count, Func<JobRow, T> show)
        where T : class =>
        Database.Read(session =>
        {
            var page = new JobList<T>([]);
            using var rows = session.Query(sql, state, from, count);
            while (rows.Next())
            {
                var job = JobRow.Read(rows);
                page.Add(new(job.Id.ToString(CultureInfo.InvariantCulture), show(job)));
            }

            return page;
        });

    private JobList<T> QueuePage<T>(string sql, string queue, int from, int count, Func<JobRow, DateTime?, T> show)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(queue);
        return Database.Read(session =>
        {
            var page = new JobList<T>([]);
            using var rows = session.Query(sql, queue, from, count);
            while (rows.Next())
            {
                // A queue may name a job that is gone; the dashboard shows that as such.
                var job = rows.IsNull(0) ? null : show(JobRow.Read(rows), Clock.ToDateTime(rows.IntegerOrNull(9)));
                page.Add(new(rows.Integer(8).ToString(CultureInfo.InvariantCulture), job!));
            }

            return page;
        });
    }

    private Dictionary<string, string?> StatesOf(IEnumerable<string?> ids)
    {
        var states = new Dictionary<string, string?>(StringComparer.Ordinal);
        var numbers = ids.Select(id => id is not null && JobId.TryParse(id, out var number) ? number : 0).Where(number => number > 0);
        var text = JsonSerializer.Serialize(numbers.Distinct());
        return Database.Read(session =>
        {
            using var rows = session.Query(ParentStates, text);
            while (rows.Next()) states[rows.Integer(0).ToString(CultureInfo.InvariantCulture)] = rows.TextOrNull(1);
            return states;
        });
    }

    private QueueLength LengthOf(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return Database.Census.InQueue(queue);
    }

    private long CountOf(string state) => Capped(Database.Census.InState(state));

    private long Capped(long count) => storage.Options.DashboardJobListLimit is { } limit ? Math.Min(count, limit) : count;

    private Dictionary<DateTime, long> Days(string type)
    {
        var today = storage.Options.TimeProvider.GetUtcNow().UtcDateTime.Date;
        return Timeline(Enumerable.Range(0, DaysOfTimeline).Select(day => today.AddDays(-day)), $"stats:{type}:", "yyyy-MM-dd");
    }

    private Dictionary<DateTime, long> Hours(string type)
    {
        var now = storage.Options.TimeProvider.GetUtcNow().UtcDateTime;
        var hour = now.Date.AddHours(now.Hour);
        return Timeline(Enumerable.Range(0, HoursOfTimeline).Select(hours => hour.AddHours(-hours)), $"stats:{type}:", "yyyy-MM-dd-HH");
    }

    private Dictionary<DateTime, long> Timeline(IEnumerable<DateTime> moments, string prefix, string format) =>
        Database.ReadSnapshot(session => moments.ToDictionary(
            moment => moment,
            moment => session.Integer(ReadCounter, prefix + moment.ToString(format, CultureInfo.InvariantCulture)) ?? 0));
}
