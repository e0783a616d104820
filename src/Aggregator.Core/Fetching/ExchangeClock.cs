namespace Aggregator.Core.Fetching;

/// <summary>The time limits of one exchange: one for the whole, and one for the part of it that it is in.</summary>
internal sealed class ExchangeClock : IDisposable
{
    private const string Whole = "Fetching:Timeout";

    private readonly TimeProvider _time;
    private readonly TimeSpan _total;
    private readonly long _start;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
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
        var left = _total - _time.GetElapsedTime(_start);
        _limit = left <= limit ? Whole : setting;
        var due = left <= limit ? left : limit;
        _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Expire()
    {
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
