using System.Buffers;

namespace Aggregator.Storage.Search;

/// <summary>
/// A part of the index that never changes: which documents it has, and where its terms stand. Its documents are numbered within it
/// (ordinals), in the order of their own numbers.
/// </summary>
internal sealed class SearchSegment
{
    /// <summary>The most documents of one: what is known of all of them together is a set of so many bits.</summary>
    public const int MaxDocuments = 128 * 1024;

    /// <summary>The most blocks of one.</summary>
    public const int MaxBlocks = 1 << BlockBits;

    private const int BlockBits = 20;

    private readonly long[] _numbers;
    private readonly int[] _runs; // the first ordinals of those that came in together, …
    private readonly long[] _generations; // … and with which segment they came
    private readonly byte[][] _firstTerms;

    /// <summary>Reads what <see cref="Pack"/> and <see cref="SegmentWriter"/> made.</summary>
    public SearchSegment(long id, byte[] numbers, byte[] directory)
    {
        Id = id;
        var at = 0;
        _numbers = new long[Varint.Read(numbers, ref at)];
        long last = 0;
        for (var i = 0; i < _numbers.Length; i++) _numbers[i] = last += Varint.Read(numbers, ref at);
        _runs = new int[Varint.Read(numbers, ref at)];
        _generations = new long[_runs.Length];
        for (var i = 0; i < _runs.Length; i++)
        {
            _runs[i] = (int)Varint.Read(numbers, ref at);
            var generation = Varint.Read(numbers, ref at);
            _generations[i] = generation == 0 ? id : generation;
        }

        var terms = new List<byte[]>();
        for (at = 0; at < directory.Length; at += terms[^1].Length) terms.Add(directory.AsSpan(at + 1, directory[at++]).ToArray());
        _firstTerms = [.. terms];
    }

    /// <summary>Its number, which no other one ever gets.</summary>
    public long Id { get; }

    /// <summary>How many documents it has.</summary>
    public int Documents => _numbers.Length;

    /// <summary>How many words a set of its documents has, a bit for each.</summary>
    public int Words => (_numbers.Length + 63) / 64;

    /// <summary>How many blocks it has.</summary>
    public int Blocks => _firstTerms.Length;

    /// <summary>The highest number of a document.</summary>
    public long Highest => _numbers[^1];

    /// <summary>The numbers of its documents, ascending.</summary>
    public IReadOnlyList<long> Numbers => _numbers;

    /// <summary>The number of a document.</summary>
    public long NumberOf(int ordinal) => _numbers[ordinal];

    /// <summary>The number of its first block.</summary>
    public long FirstBlock => BlockOf(Id, 0);

    /// <summary>The number of a block of a segment.</summary>
    public static long BlockOf(long id, int block) => (id << BlockBits) | (uint)block;

    /// <summary>What is kept of documents.</summary>
    /// <param name="documents">Their numbers, ascending, and with which segment they came into the index; 0 for with this one.</param>
    public static byte[] Pack(IReadOnlyList<(long Number, long Generation)> documents)
    {
        var packed = new ArrayBufferWriter<byte>();
        Varint.Write(packed, documents.Count);
        long last = 0;
        foreach (var (number, _) in documents)
        {
            Varint.Write(packed, number - last);
            last = number;
        }

        var runs = Enumerable.Range(0, documents.Count).Where(i => i == 0 || documents[i].Generation != documents[i - 1].Generation).ToList();
        Varint.Write(packed, runs.Count);
        foreach (var start in runs)
        {
            Varint.Write(packed, start);
            Varint.Write(packed, documents[start].Generation);
        }

        return packed.WrittenSpan.ToArray();
    }

    /// <summary>With which segment a document came into the index. When it came again later, what is here is out of date.</summary>
    public long GenerationOf(int ordinal)
    {
        var run = Array.BinarySearch(_runs, ordinal);
        return _generations[run < 0 ? ~run - 1 : run];
    }

    /// <summary>How many of its documents have lower numbers.</summary>
    public int CountBelow(long number)
    {
        var at = Array.BinarySearch(_numbers, number);
        return at < 0 ? ~at : at;
    }

    /// <summary>The number of the block that has a term if any has; null when none has.</summary>
    public long? BlockWith(ReadOnlySpan<byte> term)
    {
        var (low, high) = (0, _firstTerms.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_firstTerms[middle].AsSpan().SequenceCompareTo(term) <= 0) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? null : BlockOf(Id, low - 1);
    }
}
