using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Aggregator.Storage.Search;

/// <summary>
/// Which documents of a segment have a term: ascending ordinals, packed. Of what more than a quarter has, a bit for each document; of the rest
/// the gaps in Rice's code, whose size follows from how many documents and ordinals there are. That is within a fifteenth of what such a list
/// has to take; numbers of whole bytes take half as much again.
/// </summary>
internal static class PostingList
{
    /// <summary>With at least one document in so many a list is a bit for each.</summary>
    private const int DenseOneIn = 4;

    /// <summary>So many bits of a word are there wherever in a byte it begins.</summary>
    private const int SureBits = 57;

    /// <summary>Writes a list of at least one ordinal.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<int> ordinals, int documents)
    {
        if (ordinals.Length == documents) return; // All of them.
        if (IsDense(ordinals.Length, documents)) WriteBits(output, ordinals, documents);
        else WriteGaps(output, ordinals, documents);
    }

    /// <summary>Reads a list; <paramref name="ordinals"/> has room for as many as were written.</summary>
    public static void Read(ReadOnlySpan<byte> list, Span<int> ordinals, int documents)
    {
        if (ordinals.Length == documents)
        {
            for (var i = 0; i < ordinals.Length; i++) ordinals[i] = i;
        }
        else if (IsDense(ordinals.Length, documents))
        {
            var read = 0;
            for (var i = 0; i < list.Length; i++)
                for (uint bits = list[i]; bits != 0; bits &= bits - 1)
                    ordinals[read++] = i * 8 + BitOperations.TrailingZeroCount(bits);
        }
        else
        {
            var gaps = new GapReader(list, ordinals.Length, documents);
            for (var i = 0; i < ordinals.Length; i++) ordinals[i] = gaps.Next();
        }
    }

    /// <summary>Sets the bits of a list of <paramref name="count"/> ordinals in a set of all documents.</summary>
    public static void AddTo(Span<ulong> set, ReadOnlySpan<byte> list, int count, int documents)
    {
        if (count == documents)
        {
            for (var i = 0; i < documents; i++) set[i >> 6] |= 1UL << i;
        }
        else if (IsDense(count, documents))
        {
            for (var i = 0; i < list.Length; i++) set[i >> 3] |= (ulong)list[i] << (8 * (i & 7));
        }
        else
        {
            var gaps = new GapReader(list, count, documents);
            for (var i = 0; i < count; i++)
            {
                var ordinal = gaps.Next();
                set[ordinal >> 6] |= 1UL << ordinal;
            }
        }
    }

    private static bool IsDense(int count, int documents) => (long)count * DenseOneIn >= documents;

    // The lowest bits of a gap are written as they are, so many that the rest is below one on average.
    private static int PlainBits(int count, int documents) => BitOperations.Log2((uint)(documents / count));

    private static void WriteBits(IBufferWriter<byte> output, ReadOnlySpan<int> ordinals, int documents)
    {
        var length = (documents + 7) / 8;
        var bits = output.GetSpan(length)[..length];
        bits.Clear();
        foreach (var ordinal in ordinals) bits[ordinal >> 3] |= (byte)(1 << (ordinal & 7));
        output.Advance(length);
    }

    private static void WriteGaps(IBufferWriter<byte> output, ReadOnlySpan<int> ordinals, int documents)
    {
        var plain = PlainBits(ordinals.Length, documents);
        ulong word = 0;
        var filled = 0;
        var last = -1;
        foreach (var ordinal in ordinals)
        {
            var gap = ordinal - last - 1;
            last = ordinal;
            for (var zeros = gap >> plain; zeros > 0;)
            {
                var some = Math.Min(zeros, 32);
                Append(0, some);
                zeros -= some;
            }

            Append(1, 1);
            Append((uint)gap & ((1U << plain) - 1), plain);
        }

        for (; filled > 0; filled -= 8) AppendByte();

        void Append(uint bits, int count)
        {
            word |= (ulong)bits << filled;
            filled += count;
            for (; filled >= 8; filled -= 8) AppendByte();
        }

        void AppendByte()
        {
            output.GetSpan(1)[0] = (byte)word;
            output.Advance(1);
            word >>= 8;
        }
    }

    private ref struct GapReader(ReadOnlySpan<byte> list, int count, int documents)
    {
        private readonly ReadOnlySpan<byte> _list = list;
        private readonly int _plain = PlainBits(count, documents);
        private long _at;
        private int _last = -1;

        // Searches spend most of their time here.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Next()
        {
            var word = Peek();
            var zeros = BitOperations.TrailingZeroCount(word);
            var length = zeros + 1 + _plain;
            if (length > SureBits) return NextLong();
            _at += length;
            return _last += ((zeros << _plain) | (int)((word >> zeros >> 1) & ((1UL << _plain) - 1))) + 1;
        }

        private int NextLong()
        {
            var zeros = 0;
            ulong word;
            while (((word = Peek()) & ((1UL << SureBits) - 1)) == 0)
            {
                if (_at >= _list.Length * 8L) throw new InvalidDataException("A list of the search index ends too early.");
                zeros += SureBits;
                _at += SureBits;
            }

            var some = BitOperations.TrailingZeroCount(word);
            _at += some + 1;
            var low = (int)(Peek() & ((1UL << _plain) - 1));
            _at += _plain;
            return _last += (((zeros + some) << _plain) | low) + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly ulong Peek()
        {
            var start = (int)(_at >> 3);
            return start <= _list.Length - 8
                ? BinaryPrimitives.ReadUInt64LittleEndian(_list[start..]) >> (int)(_at & 7)
                : PeekAtEnd();
        }

        private readonly ulong PeekAtEnd()
        {
            var rest = _list[(int)Math.Min(_at >> 3, _list.Length)..];
            ulong word = 0;
            for (var i = rest.Length - 1; i >= 0; i--) word = (word << 8) | rest[i];
            return word >> (int)(_at & 7);
        }
    }
}
