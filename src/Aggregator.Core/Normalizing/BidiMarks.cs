using System.Buffers;
using System.Text;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// The invisible marks of the Unicode Bidirectional Algorithm (UAX #9 §2). In a name or a title from outside they can turn the
/// text around it, or make <c>gpj.exe</c> read as <c>exe.jpg</c>.
/// </summary>
public static class BidiMarks
{
    private static readonly SearchValues<char> All = SearchValues.Create("\u200E\u200F\u061C\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    private static readonly SearchValues<char> Isolates = SearchValues.Create("\u2066\u2067\u2068\u2069");

    /// <summary>Whether it is an embedding or an override (UAX #9 §2.1, §2.2), which no title needs: what is shown is isolated.</summary>
    internal static bool IsOverride(char c) => c is >= '\u202A' and <= '\u202E';

    /// <summary>The text without any of them: for names that are shown as they stand, such as a file's.</summary>
    public static string Strip(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(All) ? Without(text, All) : text;
    }

    /// <summary>The text as it is when each isolate that it opens is closed again and no other is; without isolates otherwise.</summary>
    public static string Balanced(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny(Isolates)) return text;
        var open = 0;
        foreach (var c in text)
        {
            if (c is >= '\u2066' and <= '\u2068') open++;
            else if (c == '\u2069' && --open < 0) break;
        }

        return open == 0 ? text : Without(text, Isolates);
    }

    private static string Without(string text, SearchValues<char> marks)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!marks.Contains(c))
                kept.Append(c);
        return kept.ToString();
    }
}
