using System.Buffers;

namespace Aggregator.Storage.Search;

/// <summary>
/// Makes the blocks of a segment: its terms in the order of their bytes, each with its list of documents. Of a term only what differs from the
/// one before it is written, but in the first of a block.
/// </summary>
/// <param name="documents">How many documents the segment has.</param>
internal sealed class SegmentWriter(int documents)
{
    /// <summary>The longest term, in bytes of UTF-8.</summary>
    public const int MaxTermBytes = 255;

    /// <summary>From here on the length of what a term shares with the one before it, or of its rest, has a byte of its own.</summary>
    public const int LongLength = 15;

    /// <summary>
    /// How long a block is at the most, in bytes, but for one of a single term with a long list. A look-up reads one whole: it fits into a page of
    /// SQLite and into two pieces of what PostgreSQL stores apart.
    /// </summary>
    private const int BlockBytes = 3_980;

    /// <summary>The most that is written of a term beside its letters and its list.</summary>
    private const int HeadBytes = 9;

    private readonly ArrayBufferWriter<byte> _block = new(BlockBytes * 2);
    private readonly ArrayBufferWriter<byte> _list = new();
    private readonly ArrayBufferWriter<byte> _directory = new();
    private readonly List<byte[]> _blocks = [];
    private readonly byte[] _last = new byte[MaxTermBytes];
    private int _lastLength;

    /// <summary>How long its blocks are.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes the next term.</summary>
    /// <param name="term">Higher than the one before it.</param>
    /// <param name="ordinals">Which documents have it, ascending; at least one.</param>
    public void Add(ReadOnlySpan<byte> term, ReadOnlySpan<int> ordinals)
    {
        if (term.Length > MaxTermBytes) throw new ArgumentException("The term is too long.", nameof(term));
        _list.ResetWrittenCount();
        if (ordinals.Length > 1) PostingList.Write(_list, ordinals, documents);
        var shared = term.CommonPrefixLength(_last.AsSpan(0, _lastLength));
        if (_block.WrittenCount > 0 && _block.WrittenCount + HeadBytes + term.Length - shared + _list.WrittenCount > BlockBytes) EndBlock();
        if (_block.WrittenCount == 0)
        {
            shared = 0;
            WriteByte(_directory, (byte)term.Length);
            _directory.Write(term);
        }

        // Both lengths in one byte, where they are as small as they mostly are.
        var rest = term[shared..];
        WriteByte(_block, (byte)((Math.Min(shared, LongLength) << 4) | Math.Min(rest.Length, LongLength)));
        if (shared >= LongLength) WriteByte(_block, (byte)shared);
        if (rest.Length >= LongLength) WriteByte(_block, (byte)rest.Length);
        _block.Write(rest);
        Varint.Write(_block, ordinals.Length);
        if (ordinals.Length == 1)
        {
            Varint.Write(_block, ordinals[0]);
        }
        else
        {
            Varint.Write(_block, _list.WrittenCount);
            _block.Write(_list.WrittenSpan);
        }

        term.CopyTo(_last);
        _lastLength = term.Length;
    }

    /// <summary>What was written: the blocks, and the first term of each.</summary>
    public (IReadOnlyList<byte[]> Blocks, byte[] Directory) End()
    {
        if (_block.WrittenCount > 0) EndBlock();
        return (_blocks, _directory.WrittenSpan.ToArray());
    }

    private void EndBlock()
    {
        _blocks.Add(_block.WrittenSpan.ToArray());
        Bytes += _block.WrittenCount;
        _block.ResetWrittenCount();
    }

    private static void WriteByte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
