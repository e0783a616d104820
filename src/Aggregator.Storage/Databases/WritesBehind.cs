using System.Diagnostics;

namespace Aggregator.Storage.Databases;

/// <summary>
/// Lets what may be written later rest while others write, of the time that it took: so that it has a part of the database and of the processors
/// that those hardly notice, whatever waits. It goes on at once when nobody writes, and after its patience in any case.
/// </summary>
internal sealed class WritesBehind : IDisposable
{
    /// <summary>
    /// How long all that writes behind the others rests after such a write, of the time that this took: together it has a sixteenth, but for what
    /// has lost its patience.
    /// </summary>
    private const int RestOfWriting = 15;

    /// <summary>And of the time that was spent before that on what it wrote: who writes all the time needs the processors too.</summary>
    private const int RestOfPreparing = 7;

    /// <summary>After which time without another's write nobody is taken to be writing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(15);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _others;
    private volatile Rest _rest = new(From: 0, TimeSpan.Zero, Others: 0);

    /// <summary>Says that somebody writes who waits for nobody.</summary>
    public void OtherWrites() => Interlocked.Increment(ref _others);

    /// <summary>Writes when it is time to.</summary>
    /// <param name="write">Writes; it calls what it is given when it need not wait any more.</param>
    /// <param name="prepared">How long what it writes was read and computed.</param>
    /// <param name="patience">How long it waits behind others, from the beginning of that on.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<T> RunAsync<T>(Func<Action, Task<T>> write, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken)
    {
        var came = Stopwatch.GetTimestamp() - (long)(prepared.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            var rested = await RestAsync(came, patience, cancellationToken);
            await _turn.WaitAsync(cancellationToken);
            try
            {
                // Another one's turn came first, and has to be rested from too.
                if (rested != _rest && Stopwatch.GetElapsedTime(came) < patience) continue;
                var before = Interlocked.Read(ref _others);
                long? start = null;
                try
                {
                    return await write(() => start = Stopwatch.GetTimestamp());
                }
                finally
                {
                    if (start is { } began) _rest = new Rest(Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(began) * RestOfWriting + prepared * RestOfPreparing, before);
                }
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>Waits as long as the last write behind others asks for, but not beyond this one's patience, or until nobody writes.</summary>
    private async Task<Rest> RestAsync(long came, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var seen = _rest.Others; ;)
        {
            var (rest, others) = (_rest, Interlocked.Read(ref _others));
            var (asked, waits) = (rest.Time - Stopwatch.GetElapsedTime(rest.From), patience - Stopwatch.GetElapsedTime(came));
            var left = asked < waits ? asked : waits;
            if (others == seen || left <= TimeSpan.Zero) return rest;
            seen = others;
            await Task.Delay(left < Silence ? left : Silence, cancellationToken);
        }
    }

    /// <summary>How long to rest after a write behind others, from when on, and how many of theirs there had been before it.</summary>
    private sealed record Rest(long From, TimeSpan Time, long Others);
}
