using System.Text;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// Which way a text runs, as HTML's attribute <c>dir</c> has it. The letters go before the declared language: software that
/// declares <c>en-us</c> whatever its users write is everywhere.
/// </summary>
public static class ReadingDirection
{
    /// <summary>The most characters that are looked at.</summary>
    private const int Window = 1_000;

    /// <summary><c>rtl</c> or <c>ltr</c>; <c>auto</c> when neither the letters nor the language tell.</summary>
    /// <param name="language">The declared or detected language (BCP 47), or null.</param>
    /// <param name="text">The text, plain.</param>
    public static string Of(string? language, string? text = null)
    {
        int right = 0, left = 0;
        foreach (var rune in text.AsSpan(0, Math.Min(text?.Length ?? 0, Window)).EnumerateRunes())
        {
            if (IsRightToLeft(rune)) right++;
            else if (Rune.IsLetter(rune)) left++;
        }

        // Names and addresses in Latin letters stand in every Hebrew and Arabic text.
        if (right > left) return "rtl";
        if (left > 3 * right) return "ltr";
        if (string.IsNullOrWhiteSpace(language)) return right > 0 || left > 0 ? right * 2 > left ? "rtl" : "ltr" : "auto";
        return LanguageDetector.IsRightToLeft(language) ? "rtl" : "ltr";
    }

    // Hebrew, Arabic, Syriac, Thaana, N'Ko and their like with the presentation forms; Hanifi Rohingya, Adlam and older ones beyond.
    private static bool IsRightToLeft(Rune rune) =>
        Rune.IsLetter(rune) && rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
