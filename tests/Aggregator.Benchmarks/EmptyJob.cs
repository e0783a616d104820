using System.Diagnostics;

namespace Aggregator.Benchmarks;

/// <summary>A job that does nothing but count itself, so that what is measured is the storage.</summary>
public static class EmptyJob
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static CountdownEvent _left = new(1);
    private static long _startedAt;

    /// <summary>When the latest job began to run, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public static long StartedAt => Interlocked.Read(ref _startedAt);

    /// <summary>Sets how many jobs are awaited.</summary>
    public static void Expect(int count) => _left = new CountdownEvent(count);

    /// <summary>Blocks until all expected jobs have run.</summary>
    /// <exception cref="TimeoutException">They did not within ten minutes.</exception>
    public static void Await()
    {
        if (!_left.Wait(Limit)) throw new TimeoutException($"{_left.CurrentCount} jobs never ran.");
    }

    /// <summary>The job.</summary>
    public static void Run()
    {
        Interlocked.Exchange(ref _startedAt, Stopwatch.GetTimestamp());
        _left.Signal();
    }
}
