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

    /// <param name="gate">The gate.</param>
    /// <param name="host">The host that was entered already.</param>
    /// <param name="isInside">Whether one was.</param>
    /// <param name="patience">How long all moves together may wait.</param>
    /// <param name="time">The clock.</param>
    internal HostTurn(HostGate gate, string? host, bool isInside, TimeSpan patience, TimeProvider time) =>
        (_gate, _host, _isInside, _patience, _time) = (gate, host, isInside, patience, time);

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

    /// <summary>Ends the turn, if there still is one.</summary>
    public void Leave()
    {
        if (!_isInside) return;
        _isInside = false;
        _gate.Leave(_host);
    }
}
