using Microsoft.Extensions.Time.Testing;

namespace Aggregator.Server.Tests.Search;

/// <summary>A clock that a test moves and that tells when somebody waits by it: so that nothing has to be waited for by the real one.</summary>
internal sealed class WaitingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly SemaphoreSlim _waiting = new(0);

    /// <summary>Completes when so many more waits have begun.</summary>
    public async Task WaitingAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++) await _waiting.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waiting.Release();
        return timer;
    }
}
