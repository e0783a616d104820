namespace Aggregator.Server.Browse;

/// <summary>The value of the attribute <c>dir</c> for a text of some language (HTML §3.2.6.4).</summary>
internal static class TextDirection
{
    private static readonly HashSet<string> RightToLeft =
        new(["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"], StringComparer.OrdinalIgnoreCase);

    /// <summary><c>rtl</c> or <c>ltr</c> for a BCP 47 tag, or <c>auto</c> when the language is unknown and the letters must decide.</summary>
    public static string Of(string? language)
    {
        if (string.IsNullOrWhiteSpace(language)) return "auto";
        var subtags = language.Split('-');
        if (subtags.Contains("Latn", StringComparer.OrdinalIgnoreCase)) return "ltr";
        return RightToLeft.Contains(subtags[0]) || subtags.Contains("Arab", StringComparer.OrdinalIgnoreCase) ? "rtl" : "ltr";
    }
}
