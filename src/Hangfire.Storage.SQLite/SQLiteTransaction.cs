using System.Globalization;
using Hangfire.Common;
using Hangfire.States;

namespace Hangfire.Storage.SQLite;

/// <summary>Collects changes in the order of the calls and writes them in one transaction.</summary>
internal sealed class SQLiteTransaction(SQLiteStorage storage, SQLiteStorageConnection connection) : JobStorageTransaction
{
    private readonly List<Action<JobWriter>> _commands = [];
    private readonly List<IDisposable> _locks = [];
    private (int Index, long JobId, StateRow State)? _latestState;
    private List<string>? _enqueued;
    private List<SQLiteFetchedJob>? _acknowledged;
    private bool _committed;

    private TimeProvider Time => storage.Options.TimeProvider;

    public override void Commit()
    {
        if (_committed) throw new InvalidOperationException("The transaction has been committed already.");
        _committed = true;

        try
        {
            storage.Database.Write(writer =>
            {
                foreach (var command in _commands) command(writer);
            });
        }
        finally
        {
            ReleaseLocks();
        }

        foreach (var job in _acknowledged ?? []) job.Acknowledged();
        foreach (var queue in _enqueued ?? []) storage.Signals.Signal(queue);
    }

    public override void Dispose()
    {
        ReleaseLocks();
        base.Dispose();
    }

    public override void AcquireDistributedLock(string resource, TimeSpan timeout) =>
        _locks.Add(connection.AcquireDistributedLock(resource, timeout));

    public override string CreateJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        var row = NewJob.Of(job, parameters, createdAt, expireIn);
        var id = storage.Database.NextJobId();
        Add(writer => writer.CreateJob(id, row));
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override void SetJobParameter(string jobId, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(name);
        if (JobId.TryParse(jobId, out var id)) Add(writer => writer.SetParameter(id, name, value));
    }

    public override void ExpireJob(string jobId, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        var moment = Time.After(expireIn);
        if (JobId.TryParse(jobId, out var id)) Expire(id, moment);
    }

    public override void PersistJob(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (JobId.TryParse(jobId, out var id)) Expire(id, null);
    }

    public override void SetJobState(string jobId, IState state)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        var row = StateRow.Of(state, Time.Now());
        if (!JobId.TryParse(jobId, out var id)) return;

        _latestState = (_commands.Count, id, row);
        Add(writer => writer.SetState(id, row));
    }

    public override void AddJobState(string jobId, IState state)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        var row = StateRow.Of(state, Time.Now());
        if (JobId.TryParse(jobId, out var id)) Add(writer => writer.AddState(id, row));
    }

    public override void AddToQueue(string queue, string jobId)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobId.TryParse(jobId, out var id)) return;

        Add(writer => writer.Enqueue(queue, id));
        (_enqueued ??= []).Add(queue);
    }

    public override void RemoveFromQueue(IFetchedJob fetchedJob)
    {
        ArgumentNullException.ThrowIfNull(fetchedJob);
        if (fetchedJob is not SQLiteFetchedJob job)
            throw new ArgumentException($"A {fetchedJob.GetType().Name} was fetched from another storage.", nameof(fetchedJob));

        Add(writer => writer.Acknowledge(job.Row));
        (_acknowledged ??= []).Add(job);
    }

    public override void IncrementCounter(string key) => Count(key, 1, null);

    public override void IncrementCounter(string key, TimeSpan expireIn) => Count(key, 1, Time.After(expireIn));

    public override void DecrementCounter(string key) => Count(key, -1, null);

    public override void DecrementCounter(string key, TimeSpan expireIn) => Count(key, -1, Time.After(expireIn));

    public override void AddToSet(string key, string value) => AddToSet(key, value, 0);

    public override void AddToSet(string key, string value, double score)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (double.IsNaN(score)) throw new ArgumentException("A score must be a number.", nameof(score));
        Add(writer => writer.AddToSet(key, value, score));
    }

    public override void AddRangeToSet(string key, IList<string> items)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(items);
        string[] values = [.. items];
        if (values.Contains(null)) throw new ArgumentException("The items of a set must not be null.", nameof(items));

        Add(writer =>
        {
            foreach (var value in values) writer.AddToSet(key, value, 0);
        });
    }

    public override void RemoveFromSet(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(writer => writer.RemoveFromSet(key, value));
    }

    public override void RemoveSet(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.RemoveSet(key));
    }

    public override void ExpireSet(string key, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(key);
        var moment = Time.After(expireIn);
        Add(writer => writer.ExpireSet(key, moment));
    }

    public override void PersistSet(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.ExpireSet(key, null));
    }

    public override void InsertToList(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(writer => writer.InsertToList(key, value));
    }

    public override void RemoveFromList(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Add(writer => writer.RemoveFromList(key, value));
    }

    public override void TrimList(string key, int keepStartingFrom, int keepEndingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.TrimList(key, keepStartingFrom, keepEndingAt));
    }

    public override void ExpireList(string key, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(key);
        var moment = Time.After(expireIn);
        Add(writer => writer.ExpireList(key, moment));
    }

    public override void PersistList(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.ExpireList(key, null));
    }

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(keyValuePairs);
        KeyValuePair<string, string>[] pairs = [.. keyValuePairs];
        Add(writer =>
        {
            foreach (var (field, value) in pairs) writer.SetInHash(key, field, value);
        });
    }

    public override void RemoveHash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.RemoveHash(key));
    }

    public override void ExpireHash(string key, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(key);
        var moment = Time.After(expireIn);
        Add(writer => writer.ExpireHash(key, moment));
    }

    public override void PersistHash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.ExpireHash(key, null));
    }

    // The core sets the expiry of a job with every change of its state: one statement for both.
    private void Expire(long id, long? expireAt)
    {
        if (_latestState is { } latest && latest.JobId == id) _commands[latest.Index] = writer => writer.SetState(id, latest.State, expireAt);
        else Add(writer => writer.ExpireJob(id, expireAt));
    }

    private void Count(string key, long step, long? expireAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        Add(writer => writer.Count(key, step, expireAt));
    }

    private void Add(Action<JobWriter> command) => _commands.Add(command);

    private void ReleaseLocks()
    {
        foreach (var held in _locks) held.Dispose();
        _locks.Clear();
    }
}
