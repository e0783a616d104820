namespace Aggregator.Storage.Search;

/// <summary>Reads a block of a segment, term by term.</summary>
/// <param name="block">What <see cref="SegmentWriter"/> made.</param>
internal ref struct BlockReader(ReadOnlySpan<byte> block)
{
    private readonly ReadOnlySpan<byte> _block = block;
    private int _at;

    /// <summary>How much of the term is that of the one before it.</summary>
    public int Shared { get; private set; }

    /// <summary>The rest of the term.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; }

    /// <summary>How many documents have it.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next term begins in the block.</summary>
    public readonly int Next => _at;

    private ReadOnlySpan<byte> List { get; set; }

    private int Only { get; set; }

    /// <summary>Goes on at a place that <see cref="Next"/> was.</summary>
    public static BlockReader At(ReadOnlySpan<byte> block, int next) => new(block) { _at = next };

    /// <summary>Reads the next term; false at the end.</summary>
    public bool Read()
    {
        if (_at == _block.Length) return false;
        var lengths = _block[_at++];
        var (shared, length) = (lengths >> 4, lengths & 15);
        Shared = shared == SegmentWriter.LongLength ? _block[_at++] : shared;
        if (length == SegmentWriter.LongLength) length = _block[_at++];
        Rest = _block.Slice(_at, length);
        _at += length;
        Count = (int)Varint.Read(_block, ref _at);
        if (Count == 1)
        {
            Only = (int)Varint.Read(_block, ref _at);
            return true;
        }

        var bytes = (int)Varint.Read(_block, ref _at);
        List = _block.Slice(_at, bytes);
        _at += bytes;
        return true;
    }

    /// <summary>Goes to a term, from the beginning; false when the block does not have it.</summary>
    public bool Find(ReadOnlySpan<byte> term)
    {
        // So much of the wanted term the one before has; all terms before are lower.
        var fits = 0;
        while (Read())
        {
            if (Shared > fits) continue; // As low as the one before.
            if (Shared < fits) return false;
            var rest = term[fits..];
            var common = Rest.CommonPrefixLength(rest);
            if (common == Rest.Length && common == rest.Length) return true;
            if (common == rest.Length || (common < Rest.Length && Rest[common] > rest[common])) return false;
            fits += common;
        }

        return false;
    }

    /// <summary>Sets the bits of the documents that have the term.</summary>
    public readonly void AddTo(Span<ulong> set, int documents)
    {
        if (Count == 1) set[Only >> 6] |= 1UL << Only;
        else PostingList.AddTo(set, List, Count, documents);
    }

    /// <summary>The ordinals of the documents that have the term: <see cref="Count"/> of them.</summary>
    public readonly void CopyTo(Span<int> ordinals, int documents)
    {
        if (Count == 1) ordinals[0] = Only;
        else PostingList.Read(List, ordinals[..Count], documents);
    }
}
