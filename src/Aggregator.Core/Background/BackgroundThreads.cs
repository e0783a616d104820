using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Aggregator.Core.Background;

/// <summary>
/// A few threads for work that keeps a processor busy: reading documents, filling indexes, writing what came of them, packing. On the thread pool,
/// which has about as many threads as there are processors, two such pieces of work would make every request wait until one of them ends; here
/// the system shares the processors among them.
/// </summary>
/// <remarks>
/// Of an ordinary priority: a thread passes a lower one on to those that it makes, the pool's among them, and may not take it back.
/// </remarks>
/// <param name="name">What it is for, as debuggers show it.</param>
/// <param name="count">How many threads, 1 or more. They start when they are first needed.</param>
public sealed class BackgroundThreads(string name, int count) : IDisposable
{
    private static readonly Lazy<BackgroundThreads> FirstShared =
        new(static () => new BackgroundThreads("background", Math.Max(1, Environment.ProcessorCount - (LeaveOneProcessor ? 1 : 0))));

    /// <summary>How long a thread works while requests wait before it rests.</summary>
    private static readonly TimeSpan WorkBetweenRests = TimeSpan.FromMilliseconds(1);

    /// <summary>How long it rests then.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);

    [ThreadStatic]
    private static BackgroundThreads? _current;

    /// <summary>When this thread last rested, as <see cref="Stopwatch"/> counts.</summary>
    [ThreadStatic]
    private static long _rested;

    // A monitor, which wakes one thread for one piece of work, and lets those without any sleep at once: the ready-made collections spin first.
    private readonly object _lock = new();
    private readonly Queue<Action> _waiting = new();
    private int _started;
    private int _idle;
    private bool _ends;

    /// <summary>Whether <see cref="Shared"/> has one thread less than there are processors, as a program that answers visitors wants it; to be set before.</summary>
    public static bool LeaveOneProcessor { get; set; }

    /// <summary>Those that the whole program shares: one for each processor, but see <see cref="LeaveOneProcessor"/>.</summary>
    public static BackgroundThreads Shared => FirstShared.Value;

    /// <summary>Whether the calling thread is one of them.</summary>
    public bool IsCurrent => _current == this;

    /// <summary>
    /// Lets requests go first, where visitors are answered; to be called on such a thread between pieces of work of some tenths of a millisecond, but
    /// not while others wait for what the thread holds. One that waits for a processor has this one's, which the system by itself would give it only
    /// when the thread has had its turn of some milliseconds. While there are always some that wait for a thread of the pool, this one rests half of the
    /// time: what it does costs requests more than its processor, for everybody stands still while the garbage of it is collected. On other threads
    /// it does nothing.
    /// </summary>
    public static void GiveWay()
    {
        if (!LeaveOneProcessor || _current is null) return;
        if (ThreadPool.PendingWorkItemCount == 0 || Stopwatch.GetElapsedTime(_rested) < WorkBetweenRests)
        {
            Thread.Yield();
            return;
        }

        Thread.Sleep(Rest);
        _rested = Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// Goes on, on one of these threads, until the method waits for something that is not there yet; what comes after that goes on wherever it
    /// ended. On one of them already, it goes on at once.
    /// </summary>
    public Entrance EnterAsync() => new(this, isAlwaysQueued: false);

    /// <summary>
    /// As <see cref="EnterAsync"/>, but behind what waits already, also for who is here: so that a loop which never waits for anything lets others have
    /// their turn.
    /// </summary>
    public Entrance YieldAsync() => new(this, isAlwaysQueued: true);

    /// <summary>Does something on one of these threads; who waits for it goes on elsewhere.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = ExecutionContext.Capture();
        Queue(context is null ? () => _ = CompleteAsync() : () => ExecutionContext.Run(context, _ => _ = CompleteAsync(), state: null));
        return done.Task;

        async Task CompleteAsync()
        {
            try
            {
                done.SetResult(await work().ConfigureAwait(false));
            }
            catch (OperationCanceledException cancelled)
            {
                done.SetCanceled(cancelled.CancellationToken);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }

    /// <summary>Does something on one of these threads; who waits for it goes on elsewhere.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(() => Task.FromResult(work()));
    }

    /// <summary>Ends the threads, after what waits. Whoever comes later is refused.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ends = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Queue(Action work)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ends, this);
            _waiting.Enqueue(work);
            if (_idle >= _waiting.Count) Monitor.Pulse(_lock);
            else if (_started < count)
            {
                _started++;
                new Thread(Run) { Name = $"Aggregator {name}", IsBackground = true }.UnsafeStart();
            }
        }
    }

    private void Run()
    {
        _current = this;
        while (TryTake(out var work)) work();
    }

    private bool TryTake([NotNullWhen(true)] out Action? work)
    {
        lock (_lock)
        {
            while (!_waiting.TryDequeue(out work))
            {
                if (_ends) return false;
                _idle++;
                Monitor.Wait(_lock);
                _idle--;
            }

            return true;
        }
    }

    /// <summary>What <see cref="EnterAsync"/> and <see cref="YieldAsync"/> wait for.</summary>
    public sealed class Entrance : ICriticalNotifyCompletion
    {
        private readonly BackgroundThreads _threads;
        private readonly bool _isAlwaysQueued;

        internal Entrance(BackgroundThreads threads, bool isAlwaysQueued) => (_threads, _isAlwaysQueued) = (threads, isAlwaysQueued);

        /// <summary>Whether we are there already.</summary>
        public bool IsCompleted => !_isAlwaysQueued && _threads.IsCurrent;

        /// <summary>For <c>await</c>.</summary>
        public Entrance GetAwaiter() => this;

        /// <summary>There is nothing to get.</summary>
        public void GetResult()
        {
        }

        /// <inheritdoc />
        public void OnCompleted(Action continuation)
        {
            var context = ExecutionContext.Capture();
            UnsafeOnCompleted(context is null ? continuation : () => ExecutionContext.Run(context, static goOn => ((Action)goOn!)(), continuation));
        }

        /// <inheritdoc />
        public void UnsafeOnCompleted(Action continuation) => _threads.Queue(continuation);
    }
}
