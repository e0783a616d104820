using System.Globalization;
using System.Text.Json;
using Hangfire.Common;
using Hangfire.Server;

namespace Hangfire.Storage.SQLite;

/// <summary>What a client or a worker does with the storage. Owns the locks that it took; the database is shared.</summary>
internal sealed class SQLiteStorageConnection(SQLiteStorage storage) : JobStorageConnection
{
    private const string ReadParameter = "select value from job_parameter where job_id = ?1 and name = ?2";

    private const string ReadJob = """
        select j.state, j.invocation, j.arguments, j.created_at, p.name, p.value
        from job j left join job_parameter p on p.job_id = j.id
        where j.id = ?1
        """;

    private const string ReadState = """
        select s.name, s.reason, s.data from job j join job_state s on s.id = j.state_id where j.id = ?1
        """;

    private const string SetItems = """select value from "set" where key = ?1 order by score, value""";

    private const string LowestItems = """
        select value from "set" where key = ?1 and score between ?2 and ?3 order by score, value limit ?4
        """;

    private const string SetRange = """select value from "set" where key = ?1 order by score, value limit ?2 offset ?3""";
    private const string SetContains = """select 1 from "set" where key = ?1 and value = ?2""";
    private const string SetExpiry = """select min(expire_at) from "set" where key = ?1""";

    private const string HashEntries = "select field, value from hash where key = ?1";
    private const string HashValue = "select value from hash where key = ?1 and field = ?2";
    private const string HashCount = "select count(*) from hash where key = ?1";
    private const string HashExpiry = "select min(expire_at) from hash where key = ?1";

    private const string ListItems = "select value from list where key = ?1 order by id desc";
    private const string ListRange = "select value from list where key = ?1 order by id desc limit ?2 offset ?3";
    private const string ListCount = "select count(*) from list where key = ?1";
    private const string ListExpiry = "select min(expire_at) from list where key = ?1";

    private const string CounterValue = "select value from counter where key = ?1";

    private readonly List<IDisposable> _locks = [];

    private JobDatabase Database => storage.Database;

    private TimeProvider Time => storage.Options.TimeProvider;

    public override void Dispose()
    {
        lock (_locks)
        {
            foreach (var held in _locks) held.Dispose();
            _locks.Clear();
        }

        base.Dispose();
    }

    public override IWriteOnlyTransaction CreateWriteTransaction() => new SQLiteTransaction(storage, this);

    public override IDisposable AcquireDistributedLock(string resource, TimeSpan timeout)
    {
        if (string.IsNullOrEmpty(resource)) throw new ArgumentNullException(nameof(resource));

        var held = storage.Locks.Acquire(this, resource, timeout);
        lock (_locks) _locks.Add(held);
        return new HeldLock(this, held);
    }

    public override string CreateExpiredJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        var row = NewJob.Of(job, parameters, createdAt, expireIn);
        var id = Database.NextJobId();
        Database.Create(id, row);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override IFetchedJob FetchNextJob(string[] queues, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queues);
        if (queues.Length == 0) throw new ArgumentException("At least one queue must be named.", nameof(queues));
        cancellationToken.ThrowIfCancellationRequested();

        if (TryFetch(queues) is { } ready) return ready;

        using var waiter = storage.Signals.Register(queues);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryFetch(queues) is { } fetched)
            {
                waiter.Took(fetched.Row.Queue);
                return fetched;
            }

            // Only the poll asks the file itself.
            if (!waiter.Wait(storage.Options.QueuePollInterval, cancellationToken)) Database.DoubtReady(queues);
        }
    }

    public override void SetJobParameter(string id, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(name);
        if (JobId.TryParse(id, out var jobId)) Database.Write(writer => writer.SetParameter(jobId, name, value));
    }

    public override string? GetJobParameter(string id, string name)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(name);
        return JobId.TryParse(id, out var jobId) ? Database.Read(session => session.Text(ReadParameter, jobId, name)) : null;
    }

    public override JobData? GetJobData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return JobId.TryParse(jobId, out var id) ? Database.FindRecent(id) ?? Database.Read(session => ReadJobData(session, id)) : null;
    }

    public override StateData? GetStateData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobId.TryParse(jobId, out var id)) return null;

        return Database.Read(session =>
        {
            using var rows = session.Query(ReadState, id);
            return rows.Next()
                ? new StateData { Name = rows.Text(0), Reason = rows.TextOrNull(1), Data = StateText.Read(rows.Utf8(2)) }
                : null;
        });
    }

    public override void AnnounceServer(string serverId, ServerContext context)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        ArgumentNullException.ThrowIfNull(context);

        var now = Time.Now();
        var data = JsonSerializer.SerializeToUtf8Bytes(new AnnouncedServer(context.WorkerCount, context.Queues ?? [], now));
        Database.Write(writer => writer.AnnounceServer(serverId, data, now));
    }

    public override void RemoveServer(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        Database.Write(writer => writer.RemoveServer(serverId));
    }

    public override void Heartbeat(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        var now = Time.Now();
        if (!Database.Write(writer => writer.Heartbeat(serverId, now))) throw new BackgroundServerGoneException();
    }

    public override int RemoveTimedOutServers(TimeSpan timeOut)
    {
        if (timeOut <= TimeSpan.Zero) throw new ArgumentException("The time-out must be positive.", nameof(timeOut));

        var moment = Time.After(-timeOut);
        return Database.Write(writer => writer.RemoveServersSilentSince(moment));
    }

    public override DateTime GetUtcDateTime() => Time.GetUtcNow().UtcDateTime;

    public override HashSet<string> GetAllItemsFromSet(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new HashSet<string>(Database.Read(session => session.Texts(SetItems, key)), StringComparer.Ordinal);
    }

    public override string? GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore)
    {
        CheckScores(key, fromScore, toScore);
        return Database.Read(session => session.Text(LowestItems, key, fromScore, toScore, 1));
    }

    public override List<string> GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore, int count)
    {
        CheckScores(key, fromScore, toScore);
        if (count <= 0) throw new ArgumentException("The count must be positive.", nameof(count));
        return Database.Read(session => session.Texts(LowestItems, key, fromScore, toScore, count));
    }

    public override long GetSetCount(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Census.InSet(key);
    }

    public override long GetSetCount(IEnumerable<string> keys, int limit)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);

        var count = 0L;
        foreach (var key in keys)
        {
            if (count >= limit) break;
            count += Database.Census.InSet(key);
        }

        return Math.Min(count, limit);
    }

    public override bool GetSetContains(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return Database.Read(session => session.Integer(SetContains, key, value)) is not null;
    }

    public override List<string> GetRangeFromSet(string key, int startingFrom, int endingAt)
    {
        CheckRange(key, startingFrom, endingAt);
        return Database.Read(session => session.Texts(SetRange, key, (long)endingAt - startingFrom + 1, startingFrom));
    }

    public override TimeSpan GetSetTtl(string key) => TimeToLive(SetExpiry, key);

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(keyValuePairs);

        KeyValuePair<string, string>[] pairs = [.. keyValuePairs];
        if (pairs.Length == 0) return;

        Database.Write(writer =>
        {
            foreach (var (field, value) in pairs) writer.SetInHash(key, field, value);
        });
    }

    public override Dictionary<string, string>? GetAllEntriesFromHash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Read(session =>
        {
            Dictionary<string, string>? entries = null;
            using var rows = session.Query(HashEntries, key);
            while (rows.Next()) (entries ??= new(StringComparer.Ordinal)).Add(rows.Text(0), rows.TextOrNull(1)!);
            return entries;
        });
    }

    public override string? GetValueFromHash(string key, string name)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(name);
        return Database.Read(session => session.Text(HashValue, key, name));
    }

    public override long GetHashCount(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Read(session => session.Integer(HashCount, key))!.Value;
    }

    public override TimeSpan GetHashTtl(string key) => TimeToLive(HashExpiry, key);

    public override long GetListCount(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Read(session => session.Integer(ListCount, key))!.Value;
    }

    public override List<string> GetAllItemsFromList(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Read(session => session.Texts(ListItems, key));
    }

    public override List<string> GetRangeFromList(string key, int startingFrom, int endingAt)
    {
        CheckRange(key, startingFrom, endingAt);
        return Database.Read(session => session.Texts(ListRange, key, (long)endingAt - startingFrom + 1, startingFrom));
    }

    public override TimeSpan GetListTtl(string key) => TimeToLive(ListExpiry, key);

    public override long GetCounter(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Read(session => session.Integer(CounterValue, key)) ?? 0;
    }

    private static JobData? ReadJobData(Session session, long id)
    {
        using var rows = session.Query(ReadJob, id);
        if (!rows.Next()) return null;

        var state = rows.TextOrNull(0);
        var stored = StoredInvocation.Read(rows.Text(1), rows.TextOrNull(2));
        var createdAt = Clock.ToDateTime(rows.Integer(3));
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            if (!rows.IsNull(4)) parameters.Add(rows.Text(4), rows.TextOrNull(5)!);
        }
        while (rows.Next());

        return new JobData
        {
            Job = stored.Job,
            InvocationData = stored.Data,
            LoadException = stored.Failure,
            State = state,
            CreatedAt = createdAt,
            ParametersSnapshot = parameters,
        };
    }

    private static void CheckScores(string key, double fromScore, double toScore)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (toScore < fromScore) throw new ArgumentException("The highest score must not be below the lowest.", nameof(toScore));
    }

    private static void CheckRange(string key, int startingFrom, int endingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (startingFrom < 0) throw new ArgumentException("A position must not be negative.", nameof(startingFrom));
        if (endingAt < startingFrom) throw new ArgumentException("The last position must not come before the first.", nameof(endingAt));
    }

    private SQLiteFetchedJob? TryFetch(string[] queues) =>
        Database.Fetch(queues, Time.Now()) is { } row ? new SQLiteFetchedJob(storage, row) : null;

    private TimeSpan TimeToLive(string sql, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Database.Read(session => session.Integer(sql, key)) is { } expireAt
            ? TimeSpan.FromMilliseconds(Math.Max(0, expireAt - Time.Now()))
            : TimeSpan.FromSeconds(-1);
    }

    private void Release(IDisposable held)
    {
        lock (_locks) _locks.Remove(held);
        held.Dispose();
    }

    private sealed class HeldLock(SQLiteStorageConnection connection, IDisposable held) : IDisposable
    {
        public void Dispose() => connection.Release(held);
    }
}
