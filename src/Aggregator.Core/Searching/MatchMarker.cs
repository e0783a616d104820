namespace Aggregator.Core.Searching;

/// <summary>Marks what was looked for in a text, and cuts the passage out in which most of it stands.</summary>
internal static class MatchMarker
{
    /// <summary>How long a passage is, in UTF-16 code units: of text, not of columns.</summary>
    public const int PassageLength = 140;

    private const int MaxMarks = 200;

    /// <summary>The whole text in pieces.</summary>
    public static IReadOnlyList<TextPiece> Mark(string text, SearchQuery query, SearchField field) =>
        Pieces(text, Marks(text, query, field), 0, text.Length);

    /// <summary>The passage with the most of what was looked for, with … where it is cut; null when there is none of it.</summary>
    public static IReadOnlyList<TextPiece>? Passage(string text, SearchQuery query)
    {
        var marks = Marks(text, query, SearchField.Text);
        if (marks.Count == 0) return null;
        var best = 0;
        var most = 0;
        for (var i = 0; i < marks.Count; i++)
        {
            var different = new HashSet<string>(StringComparer.Ordinal);
            for (var j = i; j < marks.Count && marks[j].End - marks[i].Start <= PassageLength - 30; j++) different.Add(marks[j].Unit);
            if (different.Count <= most) continue;
            (best, most) = (i, different.Count);
        }

        var start = Boundary(text, Math.Max(0, marks[best].Start - 30));
        var end = Math.Min(text.Length, Math.Max(start + PassageLength, marks[best].End));
        if (end < text.Length && char.IsLowSurrogate(text[end])) end++;
        var pieces = Pieces(text, marks, start, end).ToList();
        if (start > 0) pieces.Insert(0, new TextPiece("…", false));
        if (end < text.Length) pieces.Add(new TextPiece("…", false));
        return pieces;
    }

    // At the beginning of a sentence or of a word, when one is near.
    private static int Boundary(string text, int at)
    {
        if (at == 0) return 0;
        for (var i = at; i > Math.Max(0, at - 20); i--)
            if (text[i - 1] is '。' or '！' or '？' or '\n' or '，' or '、' || (char.IsWhiteSpace(text[i - 1]) && text[i] < 0x2E80)) return i;
        return char.IsLowSurrogate(text[at]) ? at - 1 : at;
    }

    private static List<(int Start, int End, string Unit)> Marks(string text, SearchQuery query, SearchField field)
    {
        var marks = new List<(int Start, int End, string Unit)>();
        var folded = FoldedText.Of(text, withPlaces: true);
        foreach (var unit in query.Units)
        {
            if (unit.IsExcluded || (unit.Field != SearchField.Text && unit.Field != field)) continue;
            for (var at = 0; marks.Count < MaxMarks && (at = FoldedText.IndexOf(folded.Text, unit.Text, at)) >= 0; at += unit.Text.Length)
            {
                var (start, end) = folded.Written(at, unit.Text.Length);
                marks.Add((start, end, unit.Text));
            }
        }

        marks.Sort();
        return marks;
    }

    private static List<TextPiece> Pieces(string text, List<(int Start, int End, string Unit)> marks, int from, int to)
    {
        var pieces = new List<TextPiece>();
        var at = from;
        foreach (var (start, end, _) in marks)
        {
            if (end <= at || start >= to) continue;
            var begin = Math.Max(start, at);
            if (begin > at) pieces.Add(new TextPiece(text[at..begin], false));
            at = Math.Min(end, to);
            pieces.Add(new TextPiece(text[begin..at], true));
        }

        if (at < to) pieces.Add(new TextPiece(text[at..to], false));
        return pieces;
    }
}
