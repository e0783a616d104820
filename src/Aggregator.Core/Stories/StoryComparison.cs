using System.Runtime.InteropServices;

namespace Aggregator.Core.Stories;

/// <summary>
/// Decides whether two texts tell the same article. What a reprint leaves out, moves or adds counts little; what stands in the same place
/// with another number, name or date counts much, for that is how a template is filled in. Pure.
/// </summary>
public static class StoryComparison
{
    /// <summary>So much of one text has to stand in the other, and …</summary>
    private const double LeastHigher = 0.62;

    /// <summary>… so much of the other in it.</summary>
    private const double LeastLower = 0.38;

    /// <summary>Texts of less than this mass are short: they have to agree in more.</summary>
    private const double Short = 40;

    private const double ShortHigher = 0.72;

    private const double ShortLower = 0.45;

    /// <summary>How much of the shorter text may stand written anew in the place of something else.</summary>
    private const double MaxRewritten = 0.3;

    /// <summary>A fact may differ in so much of a text that is otherwise the same, word by word.</summary>
    private const double MassForFact = 200;

    /// <summary>… in so much of one that has another headline, …</summary>
    private const double MassForFactUnderOtherHeadline = 105;

    /// <summary>… and in so much of one that was visibly edited, as reprints are.</summary>
    private const double MassForFactOfReprint = 100;

    /// <summary>A headline alone has to be this long to tell an article.</summary>
    private const double LeastHeadline = 5;

    private const double ShortestText = 3;

    /// <summary>Compares two texts; it does not matter which is the first.</summary>
    public static StoryLikeness Compare(StoryText a, StoryText b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Words.Length == 0 || b.Words.Length == 0) return OfHeadlines(a, b);

        var alignment = StoryAlignment.Of(a.Words, b.Words);
        var shorter = Math.Min(a.Mass, b.Mass);
        var (lower, higher) = (alignment.Common / Math.Max(a.Mass, b.Mass), alignment.Common / shorter);
        var facts = new StoryFacts(a.Words, b.Words);
        foreach (var (inA, inB) in alignment.Slots) facts.Add(inA, inB);

        var headline = Headline.Of(a.Title, b.Title);
        var isReprint = alignment.Moves > 0
            || alignment.Edited > Math.Max(6, 0.04 * shorter)
            || facts.Reworded + alignment.Rewritten > Math.Max(4, 0.03 * shorter)
            || a.HasSourceLine != b.HasSourceLine;

        // Headlines that differ by what also differs in the texts are filled in from the same record.
        var isOtherHeadline = headline.IsAnother && !(facts.Names(a.Title, ofFirst: true) && facts.Names(b.Title, ofFirst: false));
        var allowed = alignment.Common / (isReprint ? MassForFactOfReprint : isOtherHeadline ? MassForFactUnderOtherHeadline : MassForFact);
        var conflicts = facts.Hard + facts.Soft + headline.Conflicts;
        var isShort = shorter < Short;
        var isSame = shorter >= ShortestText
            && higher >= (isShort ? ShortHigher : LeastHigher)
            && lower >= (isShort ? ShortLower : LeastLower)
            && alignment.Rewritten <= MaxRewritten * shorter
            && conflicts <= allowed;
        return new StoryLikeness(isSame, lower, higher, conflicts, allowed);
    }

    private static StoryLikeness OfHeadlines(StoryText a, StoryText b)
    {
        var isSame = a.Words.Length == 0 && b.Words.Length == 0
            && StoryText.MassOf(a.Title, 0, a.Title.Length) >= LeastHeadline
            && a.Title.AsSpan().SequenceEqual(b.Title);
        return new StoryLikeness(isSame, isSame ? 1 : 0, isSame ? 1 : 0, 0, 0);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Headline(bool IsAnother, double Conflicts)
    {
        public static Headline Of(StoryWord[] a, StoryWord[] b)
        {
            if (a.Length == 0 || b.Length == 0) return default;
            var alignment = StoryAlignment.OfShort(a, b);
            var common = alignment.Common / Math.Max(StoryText.MassOf(a, 0, a.Length), StoryText.MassOf(b, 0, b.Length));
            if (common < 0.35) return new Headline(true, 0);

            // The same headline with other facts in it is a template's.
            var facts = new StoryFacts(a, b);
            foreach (var (inA, inB) in alignment.Slots) facts.Add(inA, inB);
            return new Headline(false, common >= 0.5 ? facts.Hard + facts.Soft : 0);
        }
    }
}
