using System.Globalization;
using System.Text;

namespace Aggregator.Server.Browse;

/// <summary>The beginning of a text for a list, cut where a reader would cut it.</summary>
internal static class Excerpt
{
    /// <summary>The widest excerpt, in parts of which a Latin letter takes <see cref="Narrow"/> and a character set on a square <see cref="Wide"/>: 60 Chinese characters, or about 30 English words.</summary>
    public const int MaxWidth = 60 * Wide;

    /// <summary>A sentence that ends before this is too little to read.</summary>
    private const int MinWidth = MaxWidth / 2;

    private const int Wide = 6;
    private const int Narrow = 2;

    /// <summary>Letters of the longest word that is shortened with a full stop: Mrs, Gen, U.S.</summary>
    private const int LongestAbbreviation = 3;

    /// <summary>
    /// The text as it is when it is short; else up to its last full sentence when that leaves enough to read; else up to the
    /// last word (or, in scripts that are written without spaces, character) that fits, with an ellipsis. Null when nothing is left.
    /// </summary>
    public static string? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;

        int width = 0, sentence = 0, word = 0, position = 0;
        var unspaced = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isUnspaced = IsUnspaced(rune);
            if (isUnspaced || unspaced || Rune.IsWhiteSpace(rune)) word = position;
            width += WidthOf(rune, isUnspaced);
            if (width > MaxWidth)
                return sentence > 0 ? text[..sentence].TrimEnd() : text[..(word > 0 ? word : position)].TrimEnd().TrimEnd('，', '、', ',', ';', '；', '：', ':') + "…";

            position += rune.Utf16SequenceLength;
            if (width >= MinWidth && EndsSentence(text, rune, position)) sentence = position;
            unspaced = isUnspaced;
        }

        return text.Trim();
    }

    private static int WidthOf(Rune rune, bool isUnspaced) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => isUnspaced || IsHangul(rune) ? Wide : Narrow,
    };

    private static bool EndsSentence(string text, Rune rune, int next) => rune.Value switch
    {
        '。' or '！' or '？' => next >= text.Length || !IsClosingQuote(text[next]),
        '.' => (next >= text.Length || char.IsWhiteSpace(text[next])) && !IsAbbreviation(text, next - 1),
        '!' or '?' => next >= text.Length || char.IsWhiteSpace(text[next]),
        '”' or '」' or '』' => next >= 2 && text[next - 2] is '。' or '！' or '？',
        _ => false,
    };

    private static bool IsClosingQuote(char c) => c is '”' or '’' or '」' or '』' or '）';

    private static bool IsAbbreviation(string text, int stop)
    {
        var start = stop;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1])) start--;
        return stop - start is > 0 and <= LongestAbbreviation && char.IsUpper(text[start]);
    }

    private static bool IsHangul(Rune rune) => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0xAC00 and <= 0xD7A3);

    /// <summary>Kana, Han and full-width forms: scripts set on a square and written without spaces.</summary>
    private static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x2E80 and <= 0xA4CF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
