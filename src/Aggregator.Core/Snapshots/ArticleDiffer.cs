using DiffPlex;
using DiffPlex.Chunkers;
using DiffPlex.Model;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// Compares two versions of an article the way a reader would: paragraphs are matched first, then rewritten paragraphs
/// are compared word by word, or character by character where words are not parted by spaces. Pure.
/// </summary>
public static class ArticleDiffer
{
    /// <summary>
    /// How much comparing one article may cost, as the sum over its compared texts of (tokens of both)². Beyond that,
    /// paragraphs are shown as replaced whole: the comparison's time grows with this number whatever the texts are.
    /// </summary>
    public const long MaxCost = 60_000_000;

    /// <summary>Paragraphs that share less than this part of their words are not the same paragraph rewritten.</summary>
    private const double LeastAlike = 0.35;

    /// <summary>The most pairs of paragraphs between which likeness is weighed in one changed stretch.</summary>
    private const int MaxPairs = 2_500;

    /// <summary>Text that stayed between two changes reads better as changed when it is this short.</summary>
    private const int ShortIsland = 2;

    /// <summary>What changed from one version to another.</summary>
    public static ArticleDiff Compare(ComparedText earlier, ComparedText later)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        var budget = MaxCost;
        return new ArticleDiff
        {
            Title = Segments(earlier.Title, later.Title, ref budget),
            Authors = Segments(earlier.Authors, later.Authors, ref budget),
            Body = Blocks(ContentBlocks.Of(earlier.Content), ContentBlocks.Of(later.Content), ref budget),
        };
    }

    private static List<DiffBlock> Blocks(IReadOnlyList<ContentBlock> earlier, IReadOnlyList<ContentBlock> later, ref long budget)
    {
        var blocks = new List<DiffBlock>();
        var (i, j) = (0, 0);
        var lines = Differ.Instance.CreateDiffs(Lines(earlier), Lines(later), ignoreWhiteSpace: false, ignoreCase: false, LineChunker.Instance);
        foreach (var hunk in lines.DiffBlocks)
        {
            while (i < hunk.DeleteStartA) blocks.Add(Whole(earlier[i++], DiffOperation.Same, ref j));
            Rewritten(blocks, earlier.Skip(i).Take(hunk.DeleteCountA).ToList(), later.Skip(j).Take(hunk.InsertCountB).ToList(), ref budget);
            (i, j) = (i + hunk.DeleteCountA, j + hunk.InsertCountB);
        }

        while (i < earlier.Count) blocks.Add(Whole(earlier[i++], DiffOperation.Same, ref j));
        return blocks;
    }

    /// <summary>A stretch in which nothing stayed as it was: finds the paragraphs that were rewritten, in order.</summary>
    private static void Rewritten(List<DiffBlock> blocks, List<ContentBlock> removed, List<ContentBlock> added, ref long budget)
    {
        var (i, j) = (0, 0);
        foreach (var (from, to) in Pairs(removed, added))
        {
            while (i < from) blocks.Add(Whole(removed[i++], DiffOperation.Removed));
            while (j < to) blocks.Add(Whole(added[j++], DiffOperation.Added));
            blocks.Add(new DiffBlock(added[to].Kind, Segments(removed[from].Text, added[to].Text, ref budget)));
            (i, j) = (from + 1, to + 1);
        }

        while (i < removed.Count) blocks.Add(Whole(removed[i++], DiffOperation.Removed));
        while (j < added.Count) blocks.Add(Whole(added[j++], DiffOperation.Added));
    }

    /// <summary>The pairing in order with the greatest likeness in sum.</summary>
    private static List<(int From, int To)> Pairs(List<ContentBlock> removed, List<ContentBlock> added)
    {
        var pairs = new List<(int, int)>();
        if (removed.Count == 0 || added.Count == 0 || (long)removed.Count * added.Count > MaxPairs) return pairs;

        var before = removed.ConvertAll(WordCounts.Of);
        var after = added.ConvertAll(WordCounts.Of);
        var likeness = new double[removed.Count, added.Count];
        var best = new double[removed.Count + 1, added.Count + 1];
        for (var i = removed.Count - 1; i >= 0; i--)
        {
            for (var j = added.Count - 1; j >= 0; j--)
            {
                likeness[i, j] = before[i].LikenessTo(after[j]);
                var paired = likeness[i, j] >= LeastAlike ? likeness[i, j] + best[i + 1, j + 1] : 0;
                best[i, j] = Math.Max(paired, Math.Max(best[i + 1, j], best[i, j + 1]));
            }
        }

        for (int i = 0, j = 0; i < removed.Count && j < added.Count;)
        {
            // The sums are compared with the very numbers that they were made of.
            if (likeness[i, j] >= LeastAlike && best[i, j] == likeness[i, j] + best[i + 1, j + 1]) pairs.Add((i++, j++));
            else if (best[i, j] == best[i + 1, j]) i++;
            else j++;
        }

        return pairs;
    }

    private static List<DiffSegment> Segments(string earlier, string later, ref long budget)
    {
        if (earlier == later) return earlier.Length == 0 ? [] : [new DiffSegment(DiffOperation.Same, earlier)];
        if (earlier.Length == 0 || later.Length == 0) return Replaced(earlier, later);

        var (before, after) = (DiffTokens.Instance.Chunk(earlier), DiffTokens.Instance.Chunk(later));
        var shorter = Math.Min(before.Count, after.Count);
        var head = 0;
        while (head < shorter && before[head] == after[head]) head++;
        var tail = 0;
        while (tail < shorter - head && before[^(tail + 1)] == after[^(tail + 1)]) tail++;

        var start = Joined(before, 0, head);
        var end = Joined(before, before.Count - tail, tail);
        var (removed, added) = (Joined(before, head, before.Count - tail - head), Joined(after, head, after.Count - tail - head));
        var tokens = (long)before.Count + after.Count - 2 * (head + tail);
        IEnumerable<DiffSegment> middle;
        if (tokens * tokens > budget)
        {
            middle = Replaced(removed, added);
        }
        else
        {
            budget -= tokens * tokens;
            middle = Runs(Differ.Instance.CreateDiffs(removed, added, ignoreWhiteSpace: false, ignoreCase: false, DiffTokens.Instance));
        }

        return Merged([.. Kept(start), .. middle, .. Kept(end)]);
    }

    private static IEnumerable<DiffSegment> Runs(DiffResult diff)
    {
        var at = 0;
        foreach (var block in diff.DiffBlocks)
        {
            if (block.DeleteStartA > at) yield return new DiffSegment(DiffOperation.Same, Joined(diff.PiecesOld, at, block.DeleteStartA - at));
            if (block.DeleteCountA > 0) yield return new DiffSegment(DiffOperation.Removed, Joined(diff.PiecesOld, block.DeleteStartA, block.DeleteCountA));
            if (block.InsertCountB > 0) yield return new DiffSegment(DiffOperation.Added, Joined(diff.PiecesNew, block.InsertStartB, block.InsertCountB));
            at = block.DeleteStartA + block.DeleteCountA;
        }

        if (at < diff.PiecesOld.Count) yield return new DiffSegment(DiffOperation.Same, Joined(diff.PiecesOld, at, diff.PiecesOld.Count - at));
    }

    /// <summary>Joins changes that only a space, a mark or a lone character parts: a sentence in shreds cannot be read at a glance.</summary>
    private static List<DiffSegment> Merged(IEnumerable<DiffSegment> runs)
    {
        var segments = new List<DiffSegment>();
        var (removed, added, island) = ("", "", "");

        void Flush()
        {
            if (removed.Length > 0) segments.Add(new DiffSegment(DiffOperation.Removed, removed));
            if (added.Length > 0) segments.Add(new DiffSegment(DiffOperation.Added, added));
            if (island.Length > 0) segments.Add(new DiffSegment(DiffOperation.Same, island));
            (removed, added, island) = ("", "", "");
        }

        foreach (var run in runs)
        {
            if (run.Operation == DiffOperation.Same)
            {
                var isShort = run.Text.Trim().Length <= ShortIsland && removed.Length + added.Length > 2 * run.Text.Length;
                if (isShort && island.Length == 0)
                {
                    island = run.Text;
                    continue;
                }

                Flush();
                segments.Add(run);
                continue;
            }

            if (island.Length > 0)
            {
                if (removed.Length > 0 && added.Length > 0)
                {
                    (removed, added, island) = (removed + island, added + island, "");
                }
                else
                {
                    Flush();
                }
            }

            if (run.Operation == DiffOperation.Removed) removed += run.Text;
            else added += run.Text;
        }

        Flush();
        return segments;
    }

    private static string Joined(IReadOnlyList<string> pieces, int start, int count) => string.Concat(pieces.Skip(start).Take(count));

    private static DiffSegment[] Kept(string text) => text.Length == 0 ? [] : [new DiffSegment(DiffOperation.Same, text)];

    private static List<DiffSegment> Replaced(string earlier, string later)
    {
        var segments = new List<DiffSegment>(2);
        if (earlier.Length > 0) segments.Add(new DiffSegment(DiffOperation.Removed, earlier));
        if (later.Length > 0) segments.Add(new DiffSegment(DiffOperation.Added, later));
        return segments;
    }

    private static DiffBlock Whole(ContentBlock block, DiffOperation operation, ref int j)
    {
        j++;
        return Whole(block, operation);
    }

    private static DiffBlock Whole(ContentBlock block, DiffOperation operation) => new(block.Kind, [new DiffSegment(operation, block.Text)]);

    // A block is one line; the kind is part of it, so that a heading that became a paragraph is a change.
    private static string Lines(IReadOnlyList<ContentBlock> blocks) =>
        string.Join('\n', blocks.Select(block => $"{(int)block.Kind} {block.Text}"));
}
