using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Aggregator.Storage.Databases;

/// <summary>
/// What of a text can be stored: everything but U+0000, which PostgreSQL refuses and SQLite reads as the end, and halves of
/// surrogate pairs, which have no UTF-8. Every text passes here on its way in, also the ones that we look up by.
/// </summary>
internal static class StorableText
{
    /// <summary>The text without U+0000 and with U+FFFD for every half of a pair; the same instance when there was neither.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || IsStorable(text)) return text;

        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value != 0)
                storable.Append(rune.ToString());
        return storable.ToString();
    }

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0') return false;
            if (!char.IsSurrogate(c)) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
