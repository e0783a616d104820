using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Aggregator.Core.Background;

/// <summary>
/// A few threads for work that keeps a processor busy and that no visitor waits for: reading documents, filling indexes, writing
/// what came of them. On the thread pool, which has about as many threads as there are processors, two such pieces of work would make every
/// request wait until one of them ends; here the system gives the processors to requests first, and the rest to this.
/// </summary>
/// <param name="name">What it is for, as debuggers show it.</param>
/// <param name="count">How many threads, 1 or more. They start when they are first needed.</param>
public sealed class BackgroundThreads(string name, int count) : IDisposable
{
    // Of 19 steps that any process may go down: next to a request that has work to do it gets about a third as much.
    private const int Niceness = 5;

    private static readonly Lazy<BackgroundThreads> FirstShared =
        new(static () => new BackgroundThreads("background", Math.Max(1, Environment.ProcessorCount - (YieldToRequests ? 1 : 0))));

    [ThreadStatic]
    private static BackgroundThreads? _current;

    // A monitor, which wakes one thread for one piece of work, and lets those without any sleep at once: the ready-made collections spin first.
    private readonly object _lock = new();
    private readonly Queue<Action> _waiting = new();
    private Entrance? _entrance;
    private int _started;
    private int _idle;
    private bool _ends;

    /// <summary>Whether the program answers visitors: threads that start from then on leave the processors to their requests.</summary>
    public static bool YieldToRequests { get; set; }

    /// <summary>Those that the whole program shares: one for each processor, but for one where it answers visitors.</summary>
    public static BackgroundThreads Shared => FirstShared.Value;

    /// <summary>Whether the calling thread is one of them.</summary>
    public bool IsCurrent => _current == this;

    /// <summary>
    /// Goes on, on one of these threads, until the method waits for something that is not there yet; what comes after that goes on wherever it
    /// ended. On one of them already, it goes on at once.
    /// </summary>
    public Entrance EnterAsync() => _entrance ??= new Entrance(this);

    /// <summary>Does something on one of these threads; who waits for it goes on elsewhere.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue(() => _ = CompleteAsync());
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
                new Thread(Run) { Name = $"Aggregator {name}", IsBackground = true }.Start();
            }
        }
    }

    private void Run()
    {
        _current = this;
        if (YieldToRequests) LowerPriority();
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

    // On Linux the runtime does nothing about a thread's priority. The system call is about the calling thread alone, and may fail without harm.
    private static void LowerPriority()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(which: 0, who: 0, Niceness);
        else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);

    /// <summary>What <see cref="EnterAsync"/> waits for.</summary>
    public sealed class Entrance : ICriticalNotifyCompletion
    {
        private readonly BackgroundThreads _threads;

        internal Entrance(BackgroundThreads threads) => _threads = threads;

        /// <summary>Whether we are there already.</summary>
        public bool IsCompleted => _threads.IsCurrent;

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
