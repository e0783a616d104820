namespace Aggregator.Storage.Search;

/// <summary>Goes through the terms of a segment that is merged with others.</summary>
/// <param name="segment">Which.</param>
/// <param name="ordinals">The ordinal that each of its documents has in the new segment; -1 for those that are left out.</param>
internal sealed class SegmentCursor(SearchSegment segment, int[] ordinals)
{
    private readonly byte[] _term = new byte[SegmentWriter.MaxTermBytes];
    private readonly int[] _list = new int[segment.Documents];
    private Queue<byte[]> _blocks = [];
    private byte[] _block = [];
    private int _next;
    private int _length;
    private int _count;

    /// <summary>Which segment.</summary>
    public SearchSegment Segment { get; } = segment;

    /// <summary>How many of its blocks were brought.</summary>
    public int BlocksRead { get; private set; }

    /// <summary>Whether all its terms were read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The term that it stands at.</summary>
    public ReadOnlySpan<byte> Term => _term.AsSpan(0, _length);

    /// <summary>Brings the next blocks.</summary>
    public void Bring(IReadOnlyCollection<byte[]> blocks)
    {
        _blocks = new Queue<byte[]>(blocks);
        BlocksRead += blocks.Count;
    }

    /// <summary>Goes to the next term; false when it wants the next blocks before, or is at the end.</summary>
    public bool Read()
    {
        if (_next == _block.Length)
        {
            if (!_blocks.TryDequeue(out var block))
            {
                IsAtEnd = BlocksRead == Segment.Blocks;
                return false;
            }

            (_block, _next) = (block, 0);
        }

        var reader = BlockReader.At(_block, _next);
        reader.Read();
        reader.Rest.CopyTo(_term.AsSpan(reader.Shared));
        _length = reader.Shared + reader.Rest.Length;
        _count = reader.Count;
        reader.CopyTo(_list, Segment.Documents);
        _next = reader.Next;
        return true;
    }

    /// <summary>Adds the new ordinals of the documents that have the term; how many there are then.</summary>
    public int AddTo(int[] merged, int count)
    {
        for (var i = 0; i < _count; i++)
            if (ordinals[_list[i]] is >= 0 and var ordinal)
                merged[count++] = ordinal;
        return count;
    }
}
