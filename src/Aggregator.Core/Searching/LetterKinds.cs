using System.Globalization;
using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>Tells the kinds apart.</summary>
internal static class LetterKinds
{
    /// <summary>The kind of a folded character.</summary>
    public static LetterKind Of(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x80) return char.IsAsciiLetterOrDigit((char)value) ? LetterKind.Word : LetterKind.None;
        if (value is >= 0x4E00 and <= 0x9FFF) return LetterKind.Run;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber => IsOfRuns(value) ? LetterKind.Run : LetterKind.Word,
            _ => LetterKind.None,
        };
    }

    private static bool IsOfRuns(int value) => value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1100 and <= 0x11FF) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x1B000 and <= 0x1B2FF)
        or (>= 0x20000 and <= 0x3FFFD);
}
