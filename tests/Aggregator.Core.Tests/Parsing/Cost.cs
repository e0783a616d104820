using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>What some work cost the thread that did it.</summary>
/// <param name="Time">Processor time, the thread's own collections of garbage included; time on the clock where the system does not tell.</param>
/// <param name="Allocated">Bytes allocated, whether they were collected meanwhile or not.</param>
internal sealed record Cost(TimeSpan Time, long Allocated)
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    internal static Cost Of(Action work)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Now();
        work();
        return new Cost(Now() - started, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.TotalMilliseconds:F0} ms, {Allocated / 1e6:F1} MB allocated");

    private static TimeSpan Now() =>
        OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification
    {
        internal readonly nint Seconds;
        internal readonly nint Nanoseconds;
    }
}
