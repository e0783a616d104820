namespace Aggregator.Core.Fetching;

/// <summary>
/// One fetch's account with the <see cref="ByteBudget"/>, and the memory of its body. It belongs to one fetch; disposing of it
/// takes the body's memory back, so nothing may look at the body afterwards.
/// </summary>
public sealed class ByteLease : IDisposable
{
    private readonly ByteBudget _budget;
    private readonly List<byte[]> _segments = [];
    private bool _disposed;

    internal ByteLease(ByteBudget budget) => _budget = budget;

    /// <summary>Where it stands among those who hold some of the budget; the budget's own.</summary>
    internal LinkedListNode<ByteLease>? Place { get; set; }

    /// <summary>What it has taken of the common budget, in bytes; the budget's own.</summary>
    internal long Charged { get; set; }

    /// <summary>Reads a stream to its end. What was read with this lease before is forgotten.</summary>
    /// <returns>The bytes, valid until this is disposed of.</returns>
    internal async ValueTask<ReadOnlyMemory<byte>> ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        GiveSegmentsBack();
        var inLast = ByteBudget.SegmentBytes;
        while (true)
        {
            if (inLast == ByteBudget.SegmentBytes)
            {
                if (_segments.Count > 0) await _budget.ChargeAsync(this, ByteBudget.SegmentBytes, cancellationToken).ConfigureAwait(false);
                _segments.Add(_budget.Rent());
                inLast = 0;
            }

            var read = await stream.ReadAsync(_segments[^1].AsMemory(inLast), cancellationToken).ConfigureAwait(false);
            if (read == 0) break;
            inLast += read;
        }

        if (_segments.Count == 1) return _segments[0].AsMemory(0, inLast);

        // Parsers want one piece. It is the body's own size, so that the accounts stay true when the segments are gone.
        var whole = GC.AllocateUninitializedArray<byte>((_segments.Count - 1) * ByteBudget.SegmentBytes + inLast);
        for (var i = 0; i < _segments.Count; i++)
            _segments[i].AsSpan(0, i < _segments.Count - 1 ? ByteBudget.SegmentBytes : inLast).CopyTo(whole.AsSpan(i * ByteBudget.SegmentBytes));
        GiveSegmentsBack();
        return whole;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        GiveSegmentsBack();
        _budget.Close(this);
    }

    private void GiveSegmentsBack()
    {
        foreach (var segment in _segments) _budget.Return(segment);
        _segments.Clear();
    }
}
