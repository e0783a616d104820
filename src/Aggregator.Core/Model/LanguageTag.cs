namespace Aggregator.Core.Model;

/// <summary>The form of language tags (BCP 47, RFC 5646 §2.1), not their registry.</summary>
public static class LanguageTag
{
    /// <summary>The longest tag, in characters (RFC 5646 §4.4.1).</summary>
    public const int MaxLength = 35;

    /// <summary>Whether a text could be a tag: a language of two or three letters, and parts of up to eight letters and digits.</summary>
    public static bool IsWellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxLength && text.Split('-') is [{ Length: 2 or 3 } primary, .. var rest]
            && primary.All(char.IsAsciiLetter) && rest.All(static part => part.Length is >= 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
    }
}
