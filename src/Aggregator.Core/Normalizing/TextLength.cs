using System.Runtime.InteropServices;
using System.Text;

namespace Aggregator.Core.Normalizing;

/// <summary>How long a text is to a reader.</summary>
/// <param name="Words">Words; in scripts without spaces each character counts as one.</param>
/// <param name="Characters">Characters that are no white space.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextLength(int Words, int Characters)
{
    /// <summary>Counts a plain text.</summary>
    public static TextLength Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int words = 0, characters = 0;
        var isInWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                isInWord = false;
                continue;
            }

            characters++;
            // Han, kana, Thai and their like; Hangul has spaces.
            if (rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF) or (>= 0x0E00 and <= 0x0EFF))
            {
                if (Rune.IsLetter(rune)) words++;
                isInWord = false;
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                if (!isInWord) words++;
                isInWord = true;
            }
        }

        return new TextLength(words, characters);
    }
}
