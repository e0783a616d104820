using System.Globalization;
using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>
/// What characters fold to. For nearly all of a text, whatever its language, that is looked up in a table; what stands for several letters, or is
/// followed by marks that it may become one with, is normalised.
/// </summary>
internal static class FoldedLetters
{
    /// <summary>What stands between words.</summary>
    public const char Between = ' ';

    /// <summary>What the table does not know. No character folds to half of a surrogate pair.</summary>
    public const char Unknown = '\uDFFF';

    private static readonly char[] Table = Load();

    /// <summary>What a character folds to that no mark follows: a letter, <see cref="Between"/>, or <see cref="Unknown"/>.</summary>
    public static char Of(char c) => Table[c];

    /// <summary>Adds what a character with the marks behind it folds to: NFKC, lower case, simplified Chinese.</summary>
    public static void Add(List<char> letters, string cluster)
    {
        Span<char> units = stackalloc char[2];
        foreach (var rune in Normalised(cluster).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format) continue;
            var folded = Rune.ToLowerInvariant(rune.Value == 'ς' ? new Rune('σ') : rune);
            if (LetterKinds.Of(folded) == LetterKind.None) letters.Add(Between);
            else if (folded.IsBmp) letters.Add(SimplifiedCharacters.Of((char)folded.Value));
            else letters.AddRange(units[..folded.EncodeToUtf16(units)]);
        }
    }

    private static char[] Load()
    {
        var table = new char[char.MaxValue + 1];
        var letters = new List<char>();
        for (var c = 0; c < table.Length; c++)
        {
            letters.Clear();
            if (Rune.IsValid(c)) Add(letters, ((char)c).ToString());
            table[c] = letters.Count == 1 ? letters[0] : Unknown;
        }

        return table;
    }

    // Halves of surrogate pairs cannot be normalised, nor can U+FFFE.
    private static string Normalised(string cluster)
    {
        foreach (var rune in cluster.EnumerateRunes())
            if (rune == Rune.ReplacementChar || rune.Value == 0xFFFE) return " ";
        return cluster.Normalize(NormalizationForm.FormKC);
    }
}
