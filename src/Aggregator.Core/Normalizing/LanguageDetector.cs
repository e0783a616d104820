namespace Aggregator.Core.Normalizing;

/// <summary>
/// Tells a text's language by its script, where a script tells: Han without kana is Chinese, kana Japanese, Hangul Korean…
/// Latin text is left to what its source declares: there the script tells nothing.
/// </summary>
public static class LanguageDetector
{
    /// <summary>The most characters that are looked at.</summary>
    private const int Window = 2_000;

    /// <summary>The language (BCP 47) or null when the script does not tell.</summary>
    public static string? Detect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int han = 0, kana = 0, hangul = 0, cyrillic = 0, ukrainian = 0, greek = 0, arabic = 0, persian = 0, hebrew = 0, thai = 0, devanagari = 0, latin = 0;
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Window)))
            switch (c)
            {
                case (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '\u00C0' and <= '\u024F'): latin++; break;
                case >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF': han++; break;
                case >= '\u3040' and <= '\u30FF': kana++; break;
                case >= '\uAC00' and <= '\uD7AF': hangul++; break;
                case >= '\u0400' and <= '\u04FF':
                    cyrillic++;
                    if (c is 'і' or 'ї' or 'є' or 'ґ' or 'І' or 'Ї' or 'Є') ukrainian++;
                    break;
                case >= '\u0370' and <= '\u03FF': greek++; break;
                case >= '\u0600' and <= '\u06FF':
                    arabic++;
                    if (c is 'پ' or 'چ' or 'ژ' or 'گ' or 'ک' or 'ی') persian++;
                    break;
                case >= '\u0590' and <= '\u05FF': hebrew++; break;
                case >= '\u0E00' and <= '\u0E7F': thai++; break;
                case >= '\u0900' and <= '\u097F': devanagari++; break;
            }

        // A Chinese character says as much as a few letters: names of products and people stay Latin in Chinese text.
        var best = Math.Max(Math.Max(Math.Max(han + kana, hangul), Math.Max(cyrillic, greek)), Math.Max(Math.Max(arabic, hebrew), Math.Max(thai, devanagari)));
        if (best < 2 || best * 3 < latin) return null;
        if (best == han + kana) return kana * 10 > han ? "ja" : "zh";
        if (best == hangul) return "ko";
        if (best == cyrillic) return ukrainian * 50 > cyrillic ? "uk" : "ru";
        if (best == greek) return "el";
        if (best == arabic) return persian * 15 > arabic ? "fa" : "ar";
        if (best == hebrew) return "he";
        return best == thai ? "th" : "hi";
    }

    /// <summary>Whether text of that language runs from right to left.</summary>
    public static bool IsRightToLeft(string? language)
    {
        if (string.IsNullOrEmpty(language)) return false;
        var subtags = language.ToLowerInvariant().Split('-');
        if (subtags.Contains("latn")) return false;
        return subtags[0] is "ar" or "arc" or "he" or "iw" or "fa" or "ur" or "yi" or "ji" or "ps" or "sd" or "ug" or "dv" or "ckb" or "ks" or "syr"
            || subtags.Contains("arab") || subtags.Contains("hebr");
    }

    /// <summary>A declared language in its usual form (<c>zh-CN</c>), or null when it is none.</summary>
    public static string? Canonical(string? declared)
    {
        if (string.IsNullOrWhiteSpace(declared)) return null;
        var parts = declared.Trim().Replace('_', '-').Split('-', 4);
        if (parts[0].Length is < 2 or > 3 || !parts[0].All(char.IsAsciiLetter)) return null;
        var canonical = parts[0].ToLowerInvariant();
        foreach (var part in parts.Skip(1))
        {
            if (part.Length is < 2 or > 8 || !part.All(char.IsAsciiLetterOrDigit)) break;
            canonical += "-" + part.Length switch
            {
                2 => part.ToUpperInvariant(),
                4 when char.IsAsciiLetter(part[0]) => char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant(),
                _ => part.ToLowerInvariant(),
            };
        }

        return canonical;
    }
}
