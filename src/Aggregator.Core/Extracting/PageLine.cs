using System.Buffers;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>One line of a page as a reader sees it: the text between two block boundaries.</summary>
/// <param name="Index">Its place on the page.</param>
/// <param name="Text">The text, white space collapsed.</param>
/// <param name="Spaced">The same with a space wherever an inline element begins or ends; of a long line only its ends.</param>
/// <param name="Block">The nearest element around it that makes a block.</param>
/// <param name="LinkLength">How many of its characters are those of links.</param>
/// <param name="HeadingLevel">1 to 6, or 0 when it is no heading.</param>
internal sealed record PageLine(int Index, string Text, string Spaced, IElement Block, int LinkLength, int HeadingLevel)
{
    private static readonly SearchValues<char> Punctuation = SearchValues.Create("，。！？；,.!?;");

    /// <summary>Whether it is a sentence of running text rather than a label.</summary>
    internal bool IsProse => Text.Length >= 40 && LinkLength * 2 < Text.Length && Text.AsSpan().ContainsAny(Punctuation);

    /// <summary>Whether nearly all of it is links.</summary>
    internal bool IsLinks => LinkLength * 10 >= Text.Length * 8;
}
