namespace Aggregator.Core.Related;

/// <summary>
/// In how many articles each term occurs, roughly and never too few: one counter for all terms whose numbers end alike. It is what
/// tells a rare term from a frequent one, in four megabytes for whatever number of terms. One
/// thread counts; others may read meanwhile, and see one more or less.
/// </summary>
internal sealed class TermFrequencies
{
    /// <summary>How many counters there are; as a packed form has one byte for each, that is its length too.</summary>
    public const int Size = 1 << 20;

    /// <summary>After how many articles everything is halved, so that what is rare follows the times.</summary>
    public const int MaxDocuments = 2_000_000;

    // As if so many articles had been there from the beginning, with none of the terms: what two of the first three share is no common word.
    private const int Prior = 20;

    private const int ExactUpTo = 64;
    private const double Step = 1.08;

    private readonly int[] _counts = new int[Size];

    /// <summary>How many articles were counted.</summary>
    public int Documents { get; private set; }

    /// <summary>Counts an article with these terms, each once.</summary>
    /// <param name="terms">Its terms.</param>
    /// <param name="before">What was kept of its terms when it was counted before, which is not counted again; null for a new article.</param>
    public void Add(IEnumerable<int> terms, IReadOnlyDictionary<int, float>? before)
    {
        foreach (var term in terms)
            if (before?.ContainsKey(term) != true)
                _counts[term & (Size - 1)]++;
        if (before is null && ++Documents >= MaxDocuments) Halve();
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(TermFrequencies other)
    {
        for (var i = 0; i < Size; i++) _counts[i] += other._counts[i];
        Documents += other.Documents;
        if (Documents >= MaxDocuments) Halve();
    }

    /// <summary>In how many articles a term occurs, at most.</summary>
    public int Of(int term) => _counts[term & (Size - 1)];

    /// <summary>How rare a term is: the logarithm of how many articles there are for each that has it. Never negative.</summary>
    public float RarityOf(int term) => MathF.Max(0, MathF.Log((Documents + Prior + 1f) / (Of(term) + 1f)));

    /// <summary>The counters, one byte for each: exact to 64, from there on in steps of 8 %.</summary>
    public byte[] Pack() => Array.ConvertAll(_counts, count => count <= ExactUpTo ? (byte)count : (byte)Math.Min(255, ExactUpTo + Math.Round(Math.Log(count / (double)ExactUpTo, Step))));

    /// <summary>Reads what <see cref="Pack"/> wrote. Of another size they are of another time, and the count begins anew.</summary>
    public static TermFrequencies Unpack(int documents, ReadOnlySpan<byte> packed)
    {
        var frequencies = new TermFrequencies();
        if (packed.Length != Size) return frequencies;
        frequencies.Documents = Math.Clamp(documents, 0, MaxDocuments);
        for (var i = 0; i < Size; i++) frequencies._counts[i] = packed[i] <= ExactUpTo ? packed[i] : (int)Math.Min(MaxDocuments, ExactUpTo * Math.Pow(Step, packed[i] - ExactUpTo));
        return frequencies;
    }

    private void Halve()
    {
        Documents /= 2;
        for (var i = 0; i < Size; i++) _counts[i] -= _counts[i] / 2;
    }
}
