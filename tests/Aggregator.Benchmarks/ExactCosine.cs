namespace Aggregator.Benchmarks;

/// <summary>The TF-IDF cosine over all terms, by comparing with every document: words, and pairs of neighbouring characters of Chinese, Japanese and Korean.</summary>
internal sealed class ExactCosine
{
    private const int LeadLength = 600;

    private readonly List<Dictionary<string, double>> _weights;

    public ExactCosine(List<Dictionary<string, int>> counts)
    {
        var documents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var terms in counts)
            foreach (var term in terms.Keys)
                documents[term] = documents.GetValueOrDefault(term) + 1;
        _weights = counts.ConvertAll(terms =>
        {
            var weights = terms.ToDictionary(term => term.Key, term => (1 + Math.Log(term.Value)) * Math.Log(counts.Count / (double)documents[term.Key]), StringComparer.Ordinal);
            var length = Math.Sqrt(weights.Values.Sum(weight => weight * weight));
            foreach (var term in terms.Keys) weights[term] /= length > 0 ? length : 1;
            return weights;
        });
    }

    public static Dictionary<string, int> Terms(string title, string body)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        Add(counts, title, 2);
        Add(counts, body.Length > LeadLength ? body[..LeadLength] : body, 1);
        return counts;
    }

    public double Cosine(int one, int other)
    {
        var (few, many) = _weights[one].Count < _weights[other].Count ? (_weights[one], _weights[other]) : (_weights[other], _weights[one]);
        var product = 0d;
        foreach (var (term, weight) in few)
            if (many.TryGetValue(term, out var its))
                product += weight * its;
        return product;
    }

    public IReadOnlyList<(int Index, double Cosine)> Best(int document, int count) =>
        [.. Enumerable.Range(0, _weights.Count).Where(other => other != document).Select(other => (other, Cosine(document, other))).OrderByDescending(pair => pair.Item2).Take(count)];

    private static void Add(Dictionary<string, int> counts, string text, int weight)
    {
        text = text.ToLowerInvariant();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i])) continue;
            var start = i;
            if (text[i] >= 0x2E80)
            {
                while (i + 1 < text.Length && text[i + 1] >= 0x2E80 && char.IsLetterOrDigit(text[i + 1])) i++;
                for (var at = start; at < Math.Max(i, start + 1); at++) Count(text[at..Math.Min(at + 2, i + 1)]);
            }
            else
            {
                while (i + 1 < text.Length && text[i + 1] < 0x2E80 && char.IsLetterOrDigit(text[i + 1])) i++;
                Count(text[start..(i + 1)]);
            }
        }

        void Count(string term) => counts[term] = counts.GetValueOrDefault(term) + weight;
    }
}
