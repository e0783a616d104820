using System.Text.Json;

namespace Aggregator.Testing;

/// <summary>The field's shared judgements of which articles are related, with their measures.</summary>
public static class RelatedCorpus
{
    private static readonly string Folder = Path.Combine(Repository.Root, "..", "shared", "corpus", "related");

    /// <summary>Why there are none, or null.</summary>
    public static string? SkipReason => Directory.Exists(Folder) ? null : "The shared corpus is not beside this checkout (../shared/corpus/related).";

    /// <summary>Reads <c>seed.jsonl</c> or <c>tags.jsonl</c>.</summary>
    public static IReadOnlyList<RelatedDocument> Read(string name) =>
        [.. File.ReadLines(Path.Combine(Folder, name)).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return new RelatedDocument(
                root.GetProperty("id").GetInt32(),
                root.GetProperty("title").GetString() ?? "",
                root.GetProperty("text").GetString() ?? "",
                root.TryGetProperty("group", out var group) ? group.GetString() : null,
                root.TryGetProperty("related", out var related) ? [.. related.EnumerateArray().Select(id => id.GetInt32())] : []);
        })];

    /// <summary>nDCG of the first five over the documents that have related ones, as <c>score_related.py</c> counts it.</summary>
    public static double Ndcg(IEnumerable<RelatedDocument> documents, Func<RelatedDocument, IReadOnlyList<int>> ranking)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        const int Depth = 5;
        var scores = new List<double>();
        foreach (var document in documents.Where(document => document.Related.Count > 0))
        {
            var gain = ranking(document).Take(Depth).Select((id, place) => document.Related.Contains(id) ? 1 / Math.Log2(place + 2) : 0).Sum();
            scores.Add(gain / Enumerable.Range(0, Math.Min(Depth, document.Related.Count)).Sum(place => 1 / Math.Log2(place + 2)));
        }

        return scores.Average();
    }
}
