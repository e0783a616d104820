using System.Diagnostics;

namespace Aggregator.Benchmarks;

/// <summary>A job that does nothing but count itself, so that what is measured is the storage.</summary>
public static class EmptyJob
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static CountdownEvent s_left = new(1);
    private static long s_startedAt;

    /// <summary>When the latest job began to run, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public static long StartedAt => Interlocked.Read(ref s_startedAt);

    /// <summary>Sets how many jobs are awaited.</summary>
    public static void Expect(int count) => s_left = new CountdownEvent(count);

    /// <summary>Blocks until all expected jobs have run.</summary>
    /// <exception cref="TimeoutException">They did not within ten minutes.</exception>
    public static void Await()
    {
        if (!s_left.Wait(Limit)) throw new TimeoutException($"{s_left.CurrentCount} jobs never ran.");
    }

    /// <summary>The job.</summary>
    public static void Run()
    {
        Interlocked.Exchange(ref s_startedAt, Stopwatch.GetTimestamp());
        s_left.Signal();
    }
}
