using System.Globalization;
using System.Text.RegularExpressions;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>
/// What Hangfire.Core expects of a storage, as facts that run on every kind of it. A storage that does otherwise overrides the fact
/// with <see cref="Gap"/> and the reason, and the override fails when the gap closes.
/// </summary>
/// <typeparam name="TFixture">The kind of storage.</typeparam>
public abstract partial class StorageFacts<TFixture> : IClassFixture<TFixture>, IDisposable
    where TFixture : class, IStorageFixture
{
    private readonly TFixture _fixture;
    private readonly List<IDisposable> _opened = [];

    protected StorageFacts(TFixture fixture)
    {
        Assert.SkipUnless(fixture.SkipReason is null, fixture.SkipReason ?? string.Empty);

        _fixture = fixture;
        Storage = fixture.Open();
        Connection = NewConnection();
        Monitor = Storage.GetMonitoringApi();
    }

    private static readonly Regex Arrows = new(@"[↓↑] \(pos \d+\) ?", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>How long a fact waits for what must happen.</summary>
    private TimeSpan Soon { get; set; } = TimeSpan.FromSeconds(20);

    protected JobStorage Storage { get; }

    protected JobStorageConnection Connection { get; }

    protected IMonitoringApi Monitor { get; }

    public void Dispose()
    {
        foreach (var opened in _opened) opened.Dispose();
        _fixture.Close(Storage);
        GC.SuppressFinalize(this);
    }

    /// <summary>The storage is known not to fulfil this fact, and to fail it in this very way: another failure would be another gap.</summary>
    /// <param name="reason">What the storage does otherwise, and why that is borne.</param>
    /// <param name="outcome">The name of the exception's type, a colon, and a part of its message with each run of white space as one space.</param>
    /// <param name="fact">The fact.</param>
    protected void Gap(string reason, string outcome, Action fact)
    {
        // Nobody needs to wait long for what is known not to happen.
        Soon = TimeSpan.FromSeconds(1);
        var failure = Record.Exception(fact);
        Assert.True(failure is not null, $"The gap has closed, so the exception can go: {reason}");

        var (type, message) = (outcome[..outcome.IndexOf(':', StringComparison.Ordinal)], outcome[(outcome.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        Assert.Equal(type, failure.GetType().Name);

        // A failed comparison points at the difference with arrows.
        var words = failure.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(message, Arrows.Replace(string.Join(' ', words), ""), StringComparison.Ordinal);
    }

    protected JobStorageConnection NewConnection()
    {
        var connection = (JobStorageConnection)Storage.GetConnection();
        _opened.Add(connection);
        return connection;
    }

    protected void Commit(Action<JobStorageTransaction> commands)
    {
        using var transaction = Begin();
        commands(transaction);
        transaction.Commit();
    }

    protected JobStorageTransaction Begin() => (JobStorageTransaction)Connection.CreateWriteTransaction();

    protected string NewJob(Dictionary<string, string>? parameters = null, DateTime? createdAt = null, TimeSpan? expireIn = null) =>
        Connection.CreateExpiredJob(
            Job.FromExpression(() => FactJobs.Echo("value")), parameters ?? [], createdAt ?? DateTime.UtcNow, expireIn ?? TimeSpan.FromDays(1));

    protected string InState(IState state)
    {
        var id = NewJob();
        Commit(transaction => transaction.SetJobState(id, state));
        return id;
    }

    protected string Enqueue(string queue = "default")
    {
        var id = NewJob();
        Commit(transaction =>
        {
            transaction.SetJobState(id, new EnqueuedState(queue));
            transaction.AddToQueue(queue, id);
        });
        return id;
    }

    /// <summary>An id that no job has.</summary>
    protected string MissingJob => Guid.TryParse(NewJob(), out _)
        ? Guid.NewGuid().ToString()
        : long.MaxValue.ToString(CultureInfo.InvariantCulture);

    protected void AddToSet(string key, params (string Value, double Score)[] items) => Commit(transaction =>
    {
        foreach (var (value, score) in items) transaction.AddToSet(key, value, score);
    });

    protected void InsertToList(string key, params string[] values) => Commit(transaction =>
    {
        foreach (var value in values) transaction.InsertToList(key, value);
    });

    protected void SetHash(string key, params (string Field, string? Value)[] pairs) =>
        Connection.SetRangeInHash(key, pairs.Select(pair => new KeyValuePair<string, string>(pair.Field, pair.Value!)));

    protected IFetchedJob Fetch(params string[] queues)
    {
        using var limit = new CancellationTokenSource(Soon);
        return Connection.FetchNextJob(queues, limit.Token);
    }

    /// <summary>Whether a queue has nothing to fetch.</summary>
    protected bool IsEmpty(string queue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            NewConnection().FetchNextJob([queue], limit.Token).Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    protected void Announce(string id, int workers = 1, params string[] queues) =>
        Connection.AnnounceServer(id, new ServerContext { WorkerCount = workers, Queues = queues });

    protected T Awaited<T>(Task<T> task)
    {
        Assert.True(task.Wait(Soon), "It did not happen in time.");
        return task.Result;
    }

    protected static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    protected static void AboutNow(DateTime? time) =>
        Assert.InRange(time!.Value.ToUniversalTime(), DateTime.UtcNow.AddSeconds(-30), DateTime.UtcNow.AddSeconds(1));
}
