using System.Collections.Concurrent;

namespace Aggregator.Core.Fetching;

/// <summary>
/// The memory that bodies may take while they are fetched, read and stored, over all fetches in flight. Each fetch has its
/// first <see cref="SegmentBytes"/> for nothing, which is all that nearly every feed needs; what a body takes beyond comes
/// out of the common budget, first come, first served. Whoever came first of those who hold some may always go on, so that
/// many halves of large bodies never wait for each other: the bound is passed by one body at the most. Safe for many threads.
/// </summary>
/// <param name="maxBytes">The common budget, in bytes.</param>
public sealed class ByteBudget(long maxBytes)
{
    /// <summary>What bodies are read in, in bytes.</summary>
    public const int SegmentBytes = 128 * 1024;

    /// <summary>How many free segments are kept.</summary>
    private const int KeptSegments = 256;

    private readonly Lock _gate = new();
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly LinkedList<ByteLease> _holders = [];
    private readonly LinkedList<Waiter> _waiting = [];
    private long _used;

    /// <summary>What is taken of the common budget, in bytes.</summary>
    public long Used
    {
        get
        {
            lock (_gate) return _used;
        }
    }

    /// <summary>Begins a fetch's account. Dispose of it when the body is no longer needed.</summary>
    public ByteLease Open() => new(this);

    /// <summary>A segment for the body's beginning, from its free allowance.</summary>
    internal byte[] Rent() => _free.TryTake(out var segment) ? segment : GC.AllocateUninitializedArray<byte>(SegmentBytes);

    internal void Return(byte[] segment)
    {
        if (_free.Count < KeptSegments) _free.Add(segment);
    }

    /// <summary>Takes more of the budget, when there is more.</summary>
    internal async ValueTask ChargeAsync(ByteLease lease, int bytes, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            lease.Place ??= _holders.AddLast(lease);
            if (lease.Place.Previous is null || (_waiting.Count == 0 && _used + bytes <= maxBytes))
            {
                Take(lease, bytes);
                return;
            }

            waiter = new Waiter(lease, bytes);
            _waiting.AddLast(waiter);
        }

        using var registration = cancellationToken.UnsafeRegister(static state => ((Waiter)state!).Turn.TrySetCanceled(), waiter);
        try
        {
            await waiter.Turn.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate) _waiting.Remove(waiter);
            throw new OperationCanceledException(cancellationToken);
        }
    }

    internal void Close(ByteLease lease)
    {
        lock (_gate)
        {
            if (lease.Place is null) return;
            _holders.Remove(lease.Place);
            lease.Place = null;
            _used -= lease.Charged;
            lease.Charged = 0;
            for (var node = _waiting.First; node is not null;)
            {
                var (waiter, next) = (node.Value, node.Next);
                var mayPass = waiter.Lease.Place is { Previous: null };
                if (mayPass || (node.Previous is null && _used + waiter.Bytes <= maxBytes))
                {
                    _waiting.Remove(node);
                    if (waiter.Turn.TrySetResult()) Take(waiter.Lease, waiter.Bytes);
                }

                node = next;
            }
        }
    }

    private void Take(ByteLease lease, int bytes)
    {
        _used += bytes;
        lease.Charged += bytes;
    }

    private sealed record Waiter(ByteLease Lease, int Bytes)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
