namespace Aggregator.Core.Normalizing;

/// <summary>
/// The beginning of a text that is too long for its place. A pair of surrogates is never cut in two: half a character is no text to
/// JSON, to PostgreSQL, nor to a hash over UTF-8.
/// </summary>
public static class TextCut
{
    /// <summary>The text, or its beginning of at most <paramref name="length"/> UTF-16 units.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">Above 0.</param>
    public static string To(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (text.Length <= length) return text;
        return text[..(char.IsHighSurrogate(text[length - 1]) && char.IsLowSurrogate(text[length]) ? length - 1 : length)];
    }

    /// <summary>The same with "…" behind what was cut, which comes on top of <paramref name="length"/>.</summary>
    /// <inheritdoc cref="To" path="/param"/>
    public static string WithEllipsis(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= length ? text : To(text, length) + "…";
    }
}
