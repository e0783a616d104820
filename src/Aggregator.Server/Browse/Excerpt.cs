using System.Globalization;
using System.Text;

namespace Aggregator.Server.Browse;

/// <summary>The beginning of a text for a list, cut where a reader would cut it.</summary>
internal static class Excerpt
{
    /// <summary>The widest excerpt, in columns: about 60 Chinese characters or 20–25 Latin words.</summary>
    public const int MaxColumns = 130;

    private const int MinColumns = 60;

    /// <summary>
    /// The text as it is when it is short; else up to its last full sentence when that leaves enough to read; else up to the
    /// last word (or, in scripts that are written without spaces, character) that fits, with an ellipsis. Null when nothing is left.
    /// </summary>
    public static string? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;

        int columns = 0, sentence = 0, word = 0, position = 0;
        var wide = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isWide = IsWide(rune);
            if (isWide || wide || Rune.IsWhiteSpace(rune)) word = position;
            columns += Columns(rune, isWide);
            if (columns > MaxColumns)
                return sentence > 0 ? text[..sentence].TrimEnd() : text[..(word > 0 ? word : position)].TrimEnd().TrimEnd('，', '、', ',', ';', '；', '：', ':') + "…";

            position += rune.Utf16SequenceLength;
            if (columns >= MinColumns && EndsSentence(text, rune, position)) sentence = position;
            wide = isWide;
        }

        return text.Trim();
    }

    private static int Columns(Rune rune, bool isWide) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => isWide ? 2 : 1,
    };

    private static bool EndsSentence(string text, Rune rune, int next) => rune.Value switch
    {
        '。' or '！' or '？' => next >= text.Length || !IsClosingQuote(text[next]),
        '.' or '!' or '?' => next >= text.Length || char.IsWhiteSpace(text[next]),
        '”' or '」' or '』' => next >= 2 && text[next - 2] is '。' or '！' or '？',
        _ => false,
    };

    private static bool IsClosingQuote(char c) => c is '”' or '’' or '」' or '』' or '）';

    /// <summary>Kana, Han, Hangul and full-width forms: scripts set on a square, most of which are written without spaces.</summary>
    private static bool IsWide(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
