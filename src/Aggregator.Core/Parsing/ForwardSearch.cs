namespace Aggregator.Core.Parsing;

/// <summary>
/// Finds the next place of a text again and again, from positions that only grow, and looks at nothing twice: a document of a
/// hundred thousand unclosed comments would cost the square of its length otherwise.
/// </summary>
/// <param name="text">Where to look.</param>
/// <param name="what">What to look for.</param>
internal sealed class ForwardSearch(string text, string what)
{
    private int _found = -2;

    /// <summary>The first place at or after <paramref name="from"/>, or -1.</summary>
    internal int Next(int from)
    {
        if (_found == -1 || _found >= from) return _found;
        return _found = from >= text.Length ? -1 : text.IndexOf(what, from, StringComparison.Ordinal);
    }
}
