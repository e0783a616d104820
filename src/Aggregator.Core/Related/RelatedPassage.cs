using Aggregator.Core.Normalizing;
using Aggregator.Core.Searching;

namespace Aggregator.Core.Related;

/// <summary>Cuts out of an article the passage that makes it related to another: where most of what they share stands.</summary>
internal static class RelatedPassage
{
    /// <summary>How wide a passage is at the most, in columns: a Chinese character takes two, a Latin letter one.</summary>
    public const int MaxColumns = 180;

    /// <summary>How much of a text is looked through, in UTF-16 code units.</summary>
    public const int MaxRead = 8_000;

    /// <summary>How far before what they share its sentence may begin, in columns.</summary>
    private const int MaxBefore = 70;

    /// <summary>The passage, with … where it begins or ends inside the text; empty when there is no text.</summary>
    /// <param name="text">The article's text, plain.</param>
    /// <param name="wanted">The weights of the other article's terms.</param>
    public static string Of(string text, IReadOnlyDictionary<int, float> wanted)
    {
        var isWhole = text.Length <= MaxRead;
        text = TextCut.To(text, MaxRead).TrimEnd();
        var columns = Columns(text);
        var (first, last) = Densest(text, columns, wanted);
        var start = StartOf(text, columns, first);
        var end = EndOf(text, columns, start, last);
        return (start > 0 ? "…" : "") + text[start..end].Trim() + (end < text.Length || !isWhole ? "…" : "");
    }

    // The places between which the most weight of different terms lies that fits into a passage.
    private static (int First, int Last) Densest(string text, int[] columns, IReadOnlyDictionary<int, float> wanted)
    {
        var folded = FoldedText.Of(text, withPlaces: true);
        var places = new List<(int Start, int End, int Term, float Weight)>();
        foreach (var (term, at, length) in RelatedTerms.In(folded.Text))
            if (wanted.TryGetValue(term, out var weight) && folded.Written(at, length) is var (start, end))
                places.Add((start, end, term, weight));

        var counts = new Dictionary<int, int>();
        float within = 0, most = 0;
        var (first, last) = (0, 0);
        for (int from = 0, to = 0; to < places.Count; to++)
        {
            if (counts.TryGetValue(places[to].Term, out var before) && before > 0) counts[places[to].Term] = before + 1;
            else (counts[places[to].Term], within) = (1, within + places[to].Weight);
            for (; columns[places[to].End] - columns[places[from].Start] > MaxColumns - MaxBefore / 2 && from < to; from++)
                if (--counts[places[from].Term] == 0) within -= places[from].Weight;
            if (within <= most + 0.001f) continue;
            (most, first, last) = (within, places[from].Start, places[to].End);
        }

        return (first, last);
    }

    // At the beginning of the sentence when it is near, else of the clause, else some words before.
    private static int StartOf(string text, int[] columns, int at)
    {
        var clause = -1;
        for (var i = at; i > 0 && columns[at] - columns[i] <= MaxBefore; i--)
        {
            if (EndsSentence(text, i - 1)) return SkipSpace(text, i);
            if (clause < 0 && text[i - 1] is '，' or '；' or '：' or ',' or ';' or ':' && (text[i - 1] > 0x7F || char.IsWhiteSpace(text[i]))) clause = SkipSpace(text, i);
        }

        if (columns[at] <= MaxBefore) return 0;
        if (clause >= 0) return clause;
        var word = at;
        for (var i = at; i > 0 && columns[at] - columns[i] <= MaxBefore / 2; i--)
            if (char.IsWhiteSpace(text[i - 1])) word = i;
        return word;
    }

    private static int EndOf(string text, int[] columns, int start, int last)
    {
        if (columns[^1] - columns[start] <= MaxColumns) return text.Length;
        var end = start;
        var word = -1;
        var sentence = -1;
        while (end < text.Length && columns[end + 1] - columns[start] <= MaxColumns)
        {
            end++;
            if (end >= last && EndsSentence(text, end - 1)) sentence = end;
            if (char.IsWhiteSpace(text[end]) || columns[end] - columns[end - 1] == 2) word = end;
        }

        if (sentence > 0 && columns[sentence] - columns[start] >= MaxColumns / 2) return sentence;
        if (word > start) end = word;
        return char.IsLowSurrogate(text[end]) ? end - 1 : end;
    }

    private static bool EndsSentence(string text, int at) => text[at] switch
    {
        '。' or '！' or '？' or '\n' => true,
        '”' or '」' => at > 0 && text[at - 1] is '。' or '！' or '？',
        '.' or '!' or '?' => at + 1 >= text.Length || char.IsWhiteSpace(text[at + 1]),
        _ => false,
    };

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    // How many columns stand before each place of the text, and at the end of it.
    private static int[] Columns(string text)
    {
        var columns = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++) columns[i + 1] = columns[i] + (text[i] is >= '\u1100' and not (>= '\u2000' and <= '\u2DFF') ? 2 : 1);
        return columns;
    }
}
