using System.Globalization;
using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>
/// A text as searches see it: NFKC, lower case, simplified Chinese; what stands between words is one space, invisible marks are gone.
/// It knows where each of its characters came from, so that what was found can be marked in the text as it was written.
/// </summary>
internal sealed class FoldedText
{
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    private FoldedText(string text, int[]? starts, int[]? ends) => (Text, _starts, _ends) = (text, starts, ends);

    /// <summary>The folded text.</summary>
    public string Text { get; }

    /// <summary>Folds a text without keeping where its characters came from.</summary>
    public static string Fold(string text) => Of(text, withPlaces: false).Text;

    /// <summary>Folds a text.</summary>
    public static FoldedText Of(string text, bool withPlaces)
    {
        var folding = new Folding(text.Length, withPlaces);
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if ((c < 0x80 || c is >= '\u4E00' and <= '\u9FFF') && !(i + 1 < text.Length && Continues(text, i + 1)))
            {
                if (c >= 0x80) folding.Add(SimplifiedCharacters.Of(c), true, i, i + 1);
                else folding.Add(c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c, char.IsAsciiLetterOrDigit(c), i, i + 1);
                i++;
                continue;
            }

            if (IsPlainKana(c) && !(i + 1 < text.Length && Continues(text, i + 1)))
            {
                folding.Add(c, true, i, ++i);
                continue;
            }

            if (IsPlainMark(c) && !(i + 1 < text.Length && Continues(text, i + 1)))
            {
                folding.Add(' ', false, i, ++i);
                continue;
            }

            // A character with the marks behind it: normalised together, for they may become one.
            var end = i + (char.IsSurrogatePair(text, i) ? 2 : 1);
            while (end < text.Length && end - i < 32 && Continues(text, end)) end += char.IsSurrogatePair(text, end) ? 2 : 1;
            folding.AddNormalised(text[i..end], i, end);
            i = end;
        }

        return folding.ToText();
    }

    /// <summary>The part of the written text that a part of the folded one came from.</summary>
    public (int Start, int End) Written(int start, int length) => (_starts![start], _ends![start + length - 1]);

    /// <summary>Where a folded unit stands from <paramref name="from"/> on, at the edges of words; -1 when nowhere.</summary>
    public static int IndexOf(string text, string unit, int from = 0)
    {
        while (from <= text.Length - unit.Length)
        {
            var at = text.IndexOf(unit, from, StringComparison.Ordinal);
            if (at < 0) return -1;
            if (IsEdge(text, at) && IsEdge(text, at + unit.Length)) return at;
            from = at + 1;
        }

        return -1;
    }

    // Between two letters of a word is no edge; everywhere else is.
    private static bool IsEdge(string text, int at) =>
        at == 0 || at == text.Length || KindBefore(text, at) != LetterKind.Word || KindAt(text, at) != LetterKind.Word;

    private static LetterKind KindAt(string text, int at) =>
        Rune.TryGetRuneAt(text, at, out var rune) ? LetterKinds.Of(rune) : LetterKind.None;

    private static LetterKind KindBefore(string text, int at) =>
        KindAt(text, at > 1 && char.IsLowSurrogate(text[at - 1]) ? at - 2 : at - 1);

    private static bool Continues(string text, int at)
    {
        var c = text[at];
        if (c < 0x300) return false;
        if (c is >= '\u4E00' and <= '\u9FFF') return false;
        if (c is '\uFF9E' or '\uFF9F' or (>= '\u1160' and <= '\u11FF')) return true; // half-width voicing marks; the parts of a Hangul syllable
        return CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
    }

    // The marks of Chinese and Latin texts, which only stand between words: they need not be normalised to know that.
    private static bool IsPlainMark(char c) => c is
        '—' or '‘' or '’' or '“' or '”' or '…' or '·' or '、' or '。' or (>= '《' and <= '』') or '！' or '，' or '：' or '；' or '？' or '（' or '）' or '％';

    // They are their own normal form.
    private static bool IsPlainKana(char c) => c is (>= 'ぁ' and <= 'ゖ') or (>= 'ァ' and <= 'ー' and not '・');

    private sealed class Folding(int capacity, bool withPlaces)
    {
        private readonly StringBuilder _text = new(capacity);
        private readonly List<int>? _starts = withPlaces ? new List<int>(capacity) : null;
        private readonly List<int>? _ends = withPlaces ? new List<int>(capacity) : null;
        private bool _isBetween = true;

        public void Add(char c, bool isLetter, int start, int end)
        {
            if (!isLetter)
            {
                if (_isBetween) return;
                c = ' ';
            }

            _isBetween = !isLetter;
            _text.Append(c);
            _starts?.Add(start);
            _ends?.Add(end);
        }

        public void AddNormalised(string cluster, int start, int end)
        {
            Span<char> units = stackalloc char[2];
            foreach (var rune in Normalised(cluster).EnumerateRunes())
            {
                var category = Rune.GetUnicodeCategory(rune);
                if (category == UnicodeCategory.Format) continue;
                var folded = Rune.ToLowerInvariant(rune.Value == 'ς' ? new Rune('σ') : rune);
                var kind = LetterKinds.Of(folded);
                if (folded.IsBmp)
                {
                    Add(SimplifiedCharacters.Of((char)folded.Value), kind != LetterKind.None, start, end);
                }
                else if (kind == LetterKind.None)
                {
                    Add(' ', false, start, end);
                }
                else
                {
                    folded.EncodeToUtf16(units);
                    Add(units[0], true, start, end);
                    Add(units[1], true, start, end);
                }
            }
        }

        public FoldedText ToText()
        {
            if (_text.Length > 0 && _text[^1] == ' ')
            {
                _text.Length--;
                _starts?.RemoveAt(_starts.Count - 1);
                _ends?.RemoveAt(_ends.Count - 1);
            }

            return new FoldedText(_text.ToString(), _starts?.ToArray(), _ends?.ToArray());
        }

        // Halves of surrogate pairs cannot be normalised.
        private static string Normalised(string cluster)
        {
            foreach (var rune in cluster.EnumerateRunes())
                if (rune == Rune.ReplacementChar) return " ";
            return cluster.Normalize(NormalizationForm.FormKC);
        }
    }
}
