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
        var letters = new List<char>();
        for (var i = 0; i < text.Length;)
        {
            var letter = FoldedLetters.Of(text[i]);
            if (letter != FoldedLetters.Unknown && !(i + 1 < text.Length && Continues(text, i + 1)))
            {
                folding.Add(letter, i, ++i);
                continue;
            }

            // A character with the marks behind it: normalised together, for they may become one.
            var end = i + (char.IsSurrogatePair(text, i) ? 2 : 1);
            while (end < text.Length && end - i < 32 && Continues(text, end)) end += char.IsSurrogatePair(text, end) ? 2 : 1;
            letters.Clear();
            FoldedLetters.Add(letters, text[i..end]);
            foreach (var one in letters) folding.Add(one, i, end);
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

    private sealed class Folding(int capacity, bool withPlaces)
    {
        private char[] _text = new char[capacity];
        private int[]? _starts = withPlaces ? new int[capacity] : null;
        private int[]? _ends = withPlaces ? new int[capacity] : null;
        private int _length;

        public void Add(char letter, int start, int end)
        {
            if (letter == FoldedLetters.Between && (_length == 0 || _text[_length - 1] == FoldedLetters.Between)) return;
            if (_length == _text.Length) Grow();
            _text[_length] = letter;
            if (withPlaces) (_starts![_length], _ends![_length]) = (start, end);
            _length++;
        }

        public FoldedText ToText()
        {
            if (_length > 0 && _text[_length - 1] == FoldedLetters.Between) _length--;
            return new FoldedText(new string(_text, 0, _length), _starts, _ends);
        }

        // A letter may stand for several.
        private void Grow()
        {
            var length = (_length * 2) + 16;
            Array.Resize(ref _text, length);
            if (!withPlaces) return;
            Array.Resize(ref _starts, length);
            Array.Resize(ref _ends, length);
        }
    }
}
