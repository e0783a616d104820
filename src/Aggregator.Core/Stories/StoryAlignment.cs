using System.Runtime.InteropServices;

namespace Aggregator.Core.Stories;

/// <summary>
/// Lays two texts side by side: what stands in both, in whatever order of paragraphs, and where something else stands in the same place. Pure,
/// in time that grows with the length of the texts.
/// </summary>
internal sealed class StoryAlignment
{
    /// <summary>Two stretches of other words between the same neighbours: longer ones are another paragraph, not another fact.</summary>
    private const int MaxGap = 60;

    /// <summary>Words in common inside of a longer stretch of others are chance.</summary>
    private const int MaxCountedGap = 12;

    /// <summary>A longer stretch of which less than this part is common is another sentence: what one reprint left out, against what another did.</summary>
    private const double LeastAlike = 0.4;

    /// <summary>How many places of a repeated passage are tried.</summary>
    private const int MaxPlaces = 16;

    private readonly StoryWord[] _a;
    private readonly StoryWord[] _b;
    private readonly int[] _inB; // for each word of a its place in b, or -1
    private readonly int[] _inA;
    private double _ofCounted;

    private StoryAlignment(StoryWord[] a, StoryWord[] b)
    {
        (_a, _b) = (a, b);
        (_inB, _inA) = (new int[a.Length], new int[b.Length]);
        Array.Fill(_inB, -1);
        Array.Fill(_inA, -1);
    }

    /// <summary>What stands in both.</summary>
    public double Common { get; private set; }

    /// <summary>Stretches of a few other words each in the same place.</summary>
    public List<(Range A, Range B)> Slots { get; } = [];

    /// <summary>How much of the smaller side was written anew in longer stretches in the same place.</summary>
    public double Rewritten { get; private set; }

    /// <summary>How much stands on one side only, between words that both have.</summary>
    public double Edited { get; private set; }

    /// <summary>How often a passage stands in another order.</summary>
    public int Moves { get; private set; }

    /// <summary>Lays them side by side.</summary>
    public static StoryAlignment Of(StoryWord[] a, StoryWord[] b)
    {
        var alignment = new StoryAlignment(a, b);
        alignment.Match();
        for (var i = 0; i < a.Length; i++)
            if (alignment._inB[i] >= 0)
                alignment.Common += StoryText.MassOf(a, i, i + 1);
        alignment.Gaps();
        alignment.Common += alignment._ofCounted;
        return alignment;
    }

    /// <summary>Lays short texts side by side, headlines for instance: every word counts.</summary>
    public static StoryAlignment OfShort(StoryWord[] a, StoryWord[] b)
    {
        var alignment = new StoryAlignment(a, b);
        alignment.Between(0, Math.Min(a.Length, MaxGap), 0, Math.Min(b.Length, MaxGap), counts: true);
        alignment.Common = alignment._ofCounted;
        return alignment;
    }

    private static int SeedLength(StoryWord word) => word.Is(StoryWordKind.Character) ? 4 : 3;

    private static bool Seed(StoryWord[] words, int at, out ulong hash)
    {
        hash = 17;
        var length = SeedLength(words[at]);
        if (at + length > words.Length) return false;
        for (var i = at; i < at + length; i++) hash = StoryWords.Mix(hash ^ words[i].Hash);
        return true;
    }

    private void Match()
    {
        var first = new Dictionary<ulong, int>(_a.Length);
        var next = new int[_a.Length];
        for (var i = _a.Length - 1; i >= 0; i--)
        {
            if (!Seed(_a, i, out var hash)) continue;
            ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(first, hash, out var known);
            next[i] = known ? head : -1;
            head = i;
        }

        var (lastA, lastB) = (-1, -1);
        for (var j = 0; j < _b.Length;)
        {
            if (!Seed(_b, j, out var hash) || !first.TryGetValue(hash, out var place))
            {
                j++;
                continue;
            }

            var (best, length) = (-1, 0);
            var expected = lastA + (j - lastB);
            for (var tried = 0; place >= 0 && tried < MaxPlaces; place = next[place], tried++)
            {
                var extent = Extent(place, j);

                // Of several places the one that goes on where the last one ended.
                if (extent < SeedLength(_b[j])) continue;
                if (best < 0 || Math.Abs(place - expected) < Math.Abs(best - expected) ? extent >= length / 2 : extent > 2 * length)
                    (best, length) = (place, extent);
            }

            if (best < 0)
            {
                j++;
                continue;
            }

            for (var k = 0; k < length; k++) Pair(best + k, j + k);
            for (var k = 1; best - k >= 0 && j - k >= 0 && _inB[best - k] < 0 && _inA[j - k] < 0 && _a[best - k].Hash == _b[j - k].Hash; k++) Pair(best - k, j - k);
            if (best < lastA) Moves++;
            (lastA, lastB) = (best + length - 1, j + length - 1);
            j += length;
        }
    }

    private int Extent(int i, int j)
    {
        var length = 0;
        while (i + length < _a.Length && j + length < _b.Length && _inB[i + length] < 0 && _a[i + length].Hash == _b[j + length].Hash) length++;
        return length;
    }

    private void Pair(int i, int j) => (_inB[i], _inA[j]) = (j, i);

    /// <summary>Looks at what stands between the passages in common.</summary>
    private void Gaps()
    {
        var before = -1;
        for (var j = 0; j <= _b.Length; j++)
        {
            if (j < _b.Length && _inA[j] < 0) continue;
            var (fromB, toB) = (before + 1, j);
            var fromA = before < 0 ? 0 : _inA[before] + 1;
            var toA = j == _b.Length ? _a.Length : _inA[j];
            if (before < 0) fromA = Back(toA, toA);
            if (j == _b.Length) toA = Forward(fromA);
            before = j;
            if (fromA > toA || !IsFree(fromA, toA))
            {
                // In another order: what is new here stands against nothing.
                Edited += StoryText.MassOf(_b, fromB, toB);
                continue;
            }

            if (fromA == toA && fromB == toB) continue;
            if (toA - fromA > MaxGap || toB - fromB > MaxGap || fromA == toA || fromB == toB) Apart(fromA, toA, fromB, toB);
            else Between(fromA, toA, fromB, toB, counts: Math.Max(toA - fromA, toB - fromB) <= MaxCountedGap);
        }
    }

    private int Back(int from, int end)
    {
        while (from > 0 && _inB[from - 1] < 0 && end - from < 10 * MaxGap) from--;
        return from;
    }

    private int Forward(int from)
    {
        var to = from;
        while (to < _a.Length && _inB[to] < 0) to++;
        return to;
    }

    private bool IsFree(int from, int to)
    {
        for (var i = from; i < to; i++)
            if (_inB[i] >= 0)
                return false;
        return true;
    }

    private void Apart(int fromA, int toA, int fromB, int toB)
    {
        var (massA, massB) = (StoryText.MassOf(_a, fromA, toA), StoryText.MassOf(_b, fromB, toB));
        Rewritten += Math.Min(massA, massB);
        Edited += Math.Abs(massA - massB);
    }

    /// <summary>The longest common subsequence of a short stretch, and what stands in its places.</summary>
    private void Between(int fromA, int toA, int fromB, int toB, bool counts)
    {
        var (rows, columns) = (toA - fromA, toB - fromB);
        var best = new byte[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
            for (var j = columns - 1; j >= 0; j--)
                best[i, j] = _a[fromA + i].Hash == _b[fromB + j].Hash ? (byte)(best[i + 1, j + 1] + 1) : Math.Max(best[i + 1, j], best[i, j + 1]);

        if (!counts && best[0, 0] < LeastAlike * Math.Max(rows, columns))
        {
            Apart(fromA, toA, fromB, toB);
            return;
        }

        var (startI, startJ) = (0, 0);
        for (int i = 0, j = 0; ;)
        {
            var ends = i == rows || j == columns;
            if (ends || _a[fromA + i].Hash == _b[fromB + j].Hash)
            {
                if (ends) (i, j) = (rows, columns);
                Slot(fromA + startI, fromA + i, fromB + startJ, fromB + j);
                if (ends) return;
                if (counts) _ofCounted += StoryText.MassOf(_a, fromA + i, fromA + i + 1);
                (startI, startJ) = (++i, ++j);
            }
            else if (best[i + 1, j] >= best[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
    }

    private void Slot(int fromA, int toA, int fromB, int toB)
    {
        if (fromA == toA && fromB == toB) return;
        if (fromA == toA || fromB == toB) Edited += StoryText.MassOf(_a, fromA, toA) + StoryText.MassOf(_b, fromB, toB);
        else Slots.Add((fromA..toA, fromB..toB));
    }
}
