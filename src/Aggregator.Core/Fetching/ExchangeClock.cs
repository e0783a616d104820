namespace Aggregator.Core.Fetching;

/// <summary>The time limits of one exchange: one for the whole, and one for the part of it that it is in.</summary>
internal sealed class ExchangeClock : IDisposable
{
    /// <summary>How long a body may drip before its rate is looked at.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const string Whole = "Fetching:Timeout";

    private readonly TimeProvider _time;
    private readonly TimeSpan _total;
    private readonly long _start;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private Func<long>? _received;
    private long _minBytesPerSecond;
    private long _bodyStart;
    private long _pausedAt;
    private TimeSpan _paused;
    private TimeSpan _due;
    private volatile string _limit = Whole;
    private volatile string? _expired;

    public ExchangeClock(TimeSpan total, TimeProvider time, CancellationToken cancellationToken)
    {
        (_time, _total, _start) = (time, total, time.GetTimestamp());
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static state => ((ExchangeClock)state!).Expire(), this, total, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the caller or by a limit.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The setting whose limit was passed, or null.</summary>
    public string? Expired => _expired;

    /// <summary>Begins a part of the exchange.</summary>
    /// <param name="setting">The setting that limits it.</param>
    /// <param name="limit">The limit.</param>
    public void Enter(string setting, TimeSpan limit)
    {
        var left = _total + _paused - _time.GetElapsedTime(_start);
        _limit = left <= limit ? Whole : setting;
        var due = left <= limit ? left : limit;
        _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops the clock until <see cref="Resume"/>: what waits for its turn at a host asks nobody.</summary>
    public void Pause()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pausedAt = _time.GetTimestamp();
    }

    /// <summary>Lets the clock go on; the next part begins with <see cref="Enter"/>.</summary>
    public void Resume() => _paused += _time.GetElapsedTime(_pausedAt);

    /// <summary>Begins the body, which also has to come at some rate on the average, looked at every <see cref="Grace"/>.</summary>
    /// <param name="limit">The limit of the whole body.</param>
    /// <param name="minBytesPerSecond">The rate; 0 for none.</param>
    /// <param name="received">How many bytes have come.</param>
    public void EnterBody(TimeSpan limit, long minBytesPerSecond, Func<long> received)
    {
        Enter("Fetching:BodyTimeout", limit);
        if (minBytesPerSecond == 0) return;
        lock (_gate)
        {
            (_received, _minBytesPerSecond, _bodyStart) = (received, minBytesPerSecond, _time.GetTimestamp());
            var left = _total + _paused - _time.GetElapsedTime(_start);
            _due = left <= limit ? left : limit;
            if (_due > Grace) _timer.Change(Grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Expire()
    {
        lock (_gate)
        {
            if (_received is not null && _time.GetElapsedTime(_bodyStart) is var passed && passed < _due)
            {
                if (_received() >= passed.TotalSeconds * _minBytesPerSecond)
                {
                    _timer.Change(_due - passed < Grace ? _due - passed : Grace, Timeout.InfiniteTimeSpan);
                    return;
                }

                _limit = "Fetching:MinBytesPerSecond";
            }
        }

        _expired ??= _limit;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer came in the same moment.
        }
    }
}
