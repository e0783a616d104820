using System.Globalization;
using System.Text;
using DiffPlex;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// Cuts text into what a reader compares: words where words are parted by spaces, single characters where they are not
/// (Chinese, Japanese, Thai and their neighbours), and every mark and run of spaces by itself.
/// </summary>
internal sealed class DiffTokens : IChunker
{
    internal static readonly DiffTokens Instance = new();

    private enum Kind
    {
        Space,
        Word,
        Single,
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Chunk(string text)
    {
        var tokens = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            var kind = Next(text, ref at);
            if (kind == Kind.Single)
            {
                // What belongs to a character (accents, variation selectors, the rest of an emoji) stays with it.
                at = start + StringInfo.GetNextTextElementLength(text, start);
            }
            else
            {
                var end = at;
                while (end < text.Length)
                {
                    var next = end;
                    if (Next(text, ref next) != kind) break;
                    end = next;
                }

                at = end;
            }

            tokens.Add(text[start..at]);
        }

        return tokens;
    }

    private static Kind Next(string text, ref int at)
    {
        _ = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        at += length;
        if (Rune.IsWhiteSpace(rune)) return Kind.Space;
        if (IsUnspaced(rune.Value)) return Kind.Single;
        return Rune.IsLetterOrDigit(rune) || IsMark(rune) || rune.Value is '_' or '\'' or '’' ? Kind.Word : Kind.Single;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Scripts that are written without spaces between words. Korean is not among them.
    private static bool IsUnspaced(int value) => value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x0F00 and <= 0x0FFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x2E80 and <= 0x30FF) or (>= 0x3100 and <= 0x312F) or (>= 0x31A0 and <= 0x4DBF) or (>= 0x4E00 and <= 0xA4CF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF9F) or (>= 0x20000 and <= 0x3FFFF);
}
