using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Hub;

/// <summary>Has a request looked at soon: tells the stream of this process, or has one started where there is none.</summary>
internal sealed class HubStarter(TopicSignal signal, HubStreamJob stream, IBackgroundJobClient jobs, TimeProvider time)
{
    /// <summary>A process without a stream does not ask for one more often than this; the worker that has one looks every second.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _asked;

    /// <summary>Tells of new work.</summary>
    public void Start()
    {
        signal.Raise();
        if (stream.IsRunning) return;
        lock (_lock)
        {
            if (_asked is { } asked && time.GetElapsedTime(asked) < Gap) return;
            _asked = time.GetTimestamp();
        }

        jobs.Enqueue<HubTick>(tick => tick.RunAsync(CancellationToken.None));
    }
}
