using System.Buffers.Binary;

namespace Aggregator.Core.Related;

/// <summary>
/// An article's terms with their weights (how often, times how rare), the heaviest of them, and the length of the whole vector: what is
/// kept of it for comparing it with others.
/// </summary>
internal sealed class TermVector
{
    /// <summary>The most terms that are kept. With 48 the shared judgements fall below exact TF-IDF, beyond 64 nothing is gained.</summary>
    public const int MaxTerms = 64;

    private const int HeaderBytes = sizeof(float);
    private const int TermBytes = sizeof(int) + 1;

    // Eight steps to one unit of weight: 1 + ln of 20 occurrences times the rarity of one in a million is below 32 (255 / 8) for nearly all.
    private const float StepsPerUnit = 8;

    private TermVector(KeyValuePair<int, float>[] terms, float length) => (Terms, Length) = (terms, length);

    /// <summary>The kept terms with their weights, the heaviest first.</summary>
    public IReadOnlyList<KeyValuePair<int, float>> Terms { get; }

    /// <summary>The Euclidean length over all terms of the article, those that are not kept too.</summary>
    public float Length { get; }

    /// <summary>The weights of all terms of an article, as it is compared with others.</summary>
    public static Dictionary<int, float> Weigh(IReadOnlyDictionary<int, int> counts, TermFrequencies frequencies)
    {
        var weights = new Dictionary<int, float>(counts.Count);
        foreach (var (term, count) in counts)
        {
            var weight = (1 + MathF.Log(count)) * frequencies.RarityOf(term);
            if (weight > 0) weights.Add(term, weight);
        }

        return weights;
    }

    /// <summary>The Euclidean length of weighed terms.</summary>
    public static float LengthOf(IReadOnlyDictionary<int, float> weights) => MathF.Sqrt(weights.Values.Sum(weight => weight * weight));

    /// <summary>What is kept of weighed terms.</summary>
    public static TermVector Of(IReadOnlyDictionary<int, float> weights)
    {
        var kept = weights.ToArray();
        Array.Sort(kept, (a, b) => b.Value.CompareTo(a.Value) is not 0 and var order ? order : a.Key.CompareTo(b.Key));
        return new TermVector(kept.Length > MaxTerms ? kept[..MaxTerms] : kept, LengthOf(weights));
    }

    /// <summary>As bytes.</summary>
    public byte[] Pack()
    {
        var packed = new byte[HeaderBytes + Terms.Count * TermBytes];
        BinaryPrimitives.WriteSingleLittleEndian(packed, Length);
        for (var i = 0; i < Terms.Count; i++)
        {
            var at = packed.AsSpan(HeaderBytes + i * TermBytes);
            BinaryPrimitives.WriteInt32LittleEndian(at, Terms[i].Key);
            at[sizeof(int)] = (byte)Math.Clamp(MathF.Round(Terms[i].Value * StepsPerUnit), 1, 255);
        }

        return packed;
    }

    /// <summary>How alike a packed vector is to a weighed article (the cosine, over what is kept; 0 to 1), and how many terms they share.</summary>
    /// <param name="weights">The weighed terms of the article.</param>
    /// <param name="length">Their <see cref="LengthOf"/>.</param>
    /// <param name="packed">The other's vector.</param>
    public static (float Cosine, int Shared) Compare(Dictionary<int, float> weights, float length, ReadOnlySpan<byte> packed)
    {
        if (packed.Length < HeaderBytes) return (0, 0);
        var product = 0f;
        var shared = 0;
        for (var rest = packed[HeaderBytes..]; rest.Length >= TermBytes; rest = rest[TermBytes..])
        {
            if (!weights.TryGetValue(BinaryPrimitives.ReadInt32LittleEndian(rest), out var weight)) continue;
            product += weight * (rest[sizeof(int)] / StepsPerUnit);
            shared++;
        }

        var norm = length * BinaryPrimitives.ReadSingleLittleEndian(packed);
        return norm > 0 ? (MathF.Min(1, product / norm), shared) : (0, 0);
    }

    /// <summary>The kept terms of a packed vector with their weights.</summary>
    public static IReadOnlyDictionary<int, float> Unpack(ReadOnlySpan<byte> packed)
    {
        var terms = new Dictionary<int, float>(MaxTerms);
        if (packed.Length < HeaderBytes) return terms;
        for (var rest = packed[HeaderBytes..]; rest.Length >= TermBytes; rest = rest[TermBytes..])
            terms[BinaryPrimitives.ReadInt32LittleEndian(rest)] = rest[sizeof(int)] / StepsPerUnit;
        return terms;
    }

    /// <summary>Which share of one article's weight lies in terms that the other has too: 0 to 1.</summary>
    public static float ShareOf(IReadOnlyDictionary<int, float> one, IReadOnlyDictionary<int, float> other)
    {
        float all = 0, shared = 0;
        foreach (var (term, weight) in one)
        {
            all += weight;
            if (other.ContainsKey(term)) shared += weight;
        }

        return all > 0 ? shared / all : 0;
    }
}
