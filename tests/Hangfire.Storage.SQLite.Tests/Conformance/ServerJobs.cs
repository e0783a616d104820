using System.Collections.Concurrent;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>What the jobs of a real server call. Each fact has a run of its own, named by the first argument.</summary>
public static class ServerJobs
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<int>> Runs = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, int> Inside = new(StringComparer.Ordinal);

    /// <summary>The numbers that were noted in a run, in their order.</summary>
    public static IReadOnlyCollection<int> Noted(string run) => Runs.GetValueOrDefault(run) ?? [];

    /// <summary>Notes its number.</summary>
    public static void Note(string run, int number) => Runs.GetOrAdd(run, _ => new()).Enqueue(number);

    /// <summary>Fails twice, and succeeds at the third attempt.</summary>
    [AutomaticRetry(Attempts = 5, DelaysInSeconds = [0])]
    public static void FailTwice(string run)
    {
        Note(run, 1);
        if (Noted(run).Count < 3) throw new InvalidOperationException("Not yet.");
    }

    /// <summary>Fails for good.</summary>
    [AutomaticRetry(Attempts = 0)]
    public static void Fail(string run)
    {
        Note(run, 1);
        throw new InvalidOperationException("Never.");
    }

    /// <summary>Notes how many of its kind are inside with it.</summary>
    [DisableConcurrentExecution(60)]
    public static void Alone(string run)
    {
        var inside = Inside.AddOrUpdate(run, 1, (_, count) => count + 1);
        Note(run, inside);
        Thread.Sleep(20);
        Inside.AddOrUpdate(run, 0, (_, count) => count - 1);
    }
}
