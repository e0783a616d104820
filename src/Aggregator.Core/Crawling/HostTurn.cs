using Aggregator.Core.Fetching;

namespace Aggregator.Core.Crawling;

/// <summary>
/// A fetch's turn at a host. It belongs to one fetch and is not safe for several threads; whoever made it leaves in the end,
/// wherever redirects have led.
/// </summary>
public sealed class HostTurn : IHostTurn
{
    private readonly HostGate _gate;
    private readonly TimeProvider _time;
    private TimeSpan _patience;
    private string? _host;
    private bool _isInside;
    private Action? _ended;

    /// <param name="gate">The gate.</param>
    /// <param name="host">The host that was entered already.</param>
    /// <param name="isInside">Whether one was.</param>
    /// <param name="patience">How long all moves together may wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ended">Told once when the turn <see cref="End"/>s, or null.</param>
    internal HostTurn(HostGate gate, string? host, bool isInside, TimeSpan patience, TimeProvider time, Action? ended = null) =>
        (_gate, _host, _isInside, _patience, _time, _ended) = (gate, host, isInside, patience, time, ended);

    /// <inheritdoc />
    public async ValueTask<DateTimeOffset?> MoveToAsync(Uri url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        Leave();
        _host = HostGate.HostOf(url.AbsoluteUri);
        var started = _time.GetUtcNow();
        var later = await _gate.EnterBeforeAsync(_host, started + _patience, cancellationToken).ConfigureAwait(false);
        _patience -= _time.GetUtcNow() - started;
        _isInside = later is null;
        return later;
    }

    /// <inheritdoc />
    public Task CloseAsync(Uri url, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        return _gate.CloseAsync(HostGate.HostOf(url.AbsoluteUri), until, cancellationToken);
    }

    /// <summary>Ends the turn for good: nothing more is asked, only what came is still to be written. A crawl may begin another fetch.</summary>
    public void End()
    {
        Leave();
        Interlocked.Exchange(ref _ended, null)?.Invoke();
    }

    /// <summary>Leaves the host, if it is still there; another move enters again.</summary>
    public void Leave()
    {
        if (!_isInside) return;
        _isInside = false;
        _gate.Leave(_host);
    }
}
