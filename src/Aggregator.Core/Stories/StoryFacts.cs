namespace Aggregator.Core.Stories;

/// <summary>Weighs what stands in the same place in two texts: another number, name or date is another fact, another word perhaps only another word.</summary>
internal sealed class StoryFacts(StoryWord[] a, StoryWord[] b)
{
    /// <summary>Longer stretches are another sentence.</summary>
    private const double MaxMass = 16;

    private const double Date = 2;
    private const double Name = 1.5;
    private const double Number = 1;
    private const double Characters = 0.4;
    private const double Words = 0.25;

    /// <summary>What the same change counts when it comes again.</summary>
    private const double Again = 0.25;

    private readonly HashSet<(ulong, ulong)> _seen = [];
    private readonly HashSet<ulong> _ofA = [];
    private readonly HashSet<ulong> _ofB = [];

    /// <summary>The weight of other numbers, names and dates.</summary>
    public double Hard { get; private set; }

    /// <summary>The weight of other words.</summary>
    public double Soft { get; private set; }

    /// <summary>How much was said in other words: quotations, and stretches that are too long for a fact.</summary>
    public double Reworded { get; private set; }

    /// <summary>Whether a headline has a word of one text that stands in the place of another word in the other.</summary>
    public bool Names(StoryWord[] headline, bool ofFirst)
    {
        var words = ofFirst ? _ofA : _ofB;
        foreach (var word in headline)
            if (words.Contains(word.Hash))
                return true;
        return false;
    }

    /// <summary>Weighs one place.</summary>
    public void Add(Range inA, Range inB)
    {
        ReadOnlySpan<StoryWord> wordsA = a.AsSpan(inA);
        ReadOnlySpan<StoryWord> wordsB = b.AsSpan(inB);
        var (massA, massB) = (StoryText.MassOf(a, inA.Start.Value, inA.End.Value), StoryText.MassOf(b, inB.Start.Value, inB.End.Value));
        if ((AllQuoted(wordsA) && AllQuoted(wordsB)) || Math.Min(massA, massB) > MaxMass)
        {
            Reworded += Math.Max(massA, massB);
            return;
        }

        foreach (var word in wordsA) _ofA.Add(word.Hash);
        foreach (var word in wordsB) _ofB.Add(word.Hash);
        var hard = Others(wordsA, wordsB, StoryWordKind.Date, Date)
            + Others(wordsA, wordsB, StoryWordKind.Name, Name)
            + Others(wordsA, wordsB, StoryWordKind.Number, Number);
        Hard += hard;
        if (hard > 0) return;

        // Said at greater length it is no fact of a template.
        if (Math.Max(massA, massB) > 8) Reworded += Math.Max(massA, massB);
        else if (_seen.Add((Sum(wordsA), Sum(wordsB)))) Soft += wordsA[0].Is(StoryWordKind.Character) || wordsB[0].Is(StoryWordKind.Character) ? Characters : Words;
        else Soft += Words * Again;
    }

    private double Others(ReadOnlySpan<StoryWord> wordsA, ReadOnlySpan<StoryWord> wordsB, StoryWordKind kind, double weight)
    {
        var (onlyA, onlyB) = (Only(wordsA, wordsB, kind), Only(wordsB, wordsA, kind));
        var count = Math.Min(onlyA.Count, onlyB.Count);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            // 三 and 3 are the same number.
            if (kind != StoryWordKind.Name && ChineseNumeral(onlyA[i]) != ChineseNumeral(onlyB[i])) continue;
            sum += weight * (_seen.Add((onlyA[i].Hash, onlyB[i].Hash)) ? 1 : Again);
        }

        return sum;
    }

    private static bool ChineseNumeral(StoryWord word) => word.Is(StoryWordKind.Character);

    private static List<StoryWord> Only(ReadOnlySpan<StoryWord> words, ReadOnlySpan<StoryWord> others, StoryWordKind kind)
    {
        var only = new List<StoryWord>();
        foreach (var word in words)
        {
            if (!Of(word, kind)) continue;
            var isShared = false;
            foreach (var other in others) isShared |= other.Hash == word.Hash;
            if (!isShared) only.Add(word);
        }

        return only;
    }

    // A date is no name and no number any more, so that nothing counts twice.
    private static bool Of(StoryWord word, StoryWordKind kind) => kind == StoryWordKind.Date ? word.Is(kind) : word.Is(kind) && !word.Is(StoryWordKind.Date);

    private static bool AllQuoted(ReadOnlySpan<StoryWord> words)
    {
        foreach (var word in words)
            if (!word.Is(StoryWordKind.Quoted))
                return false;
        return true;
    }

    private static ulong Sum(ReadOnlySpan<StoryWord> words)
    {
        var sum = 0UL;
        foreach (var word in words) sum = StoryWords.Mix(sum ^ word.Hash);
        return sum;
    }
}
