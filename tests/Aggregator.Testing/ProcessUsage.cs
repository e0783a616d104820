using System.Globalization;

namespace Aggregator.Testing;

/// <summary>What a process uses, by its own number under <c>/proc</c>: processor time and the peak of its memory. Linux only.</summary>
/// <remarks>It is looked at again and again, because a process takes its figures along when it ends.</remarks>
public sealed class ProcessUsage : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    // The kernel's USER_HZ, which is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private ProcessUsage(int processId) => _watching = WatchAsync(processId);

    /// <summary>The most resident memory that it had, in bytes.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The processor time that it took, user and system.</summary>
    public TimeSpan Processor { get; private set; }

    /// <summary>Begins to watch a process.</summary>
    public static ProcessUsage Watch(int processId) => new(processId);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(int processId)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/");
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var line in await File.ReadAllLinesAsync(folder + "status"))
                    if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                        PeakBytes = Math.Max(PeakBytes, 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
                var stat = await File.ReadAllTextAsync(folder + "stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var used = TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
                if (used > Processor) Processor = used;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
            {
                return;
            }

            await Task.Delay(Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
