using System.Globalization;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Searching;

/// <summary>A place among results.</summary>
/// <param name="Score">How well the entry fits; 0 for all where the newest come first.</param>
/// <param name="Place">The entry's place in time.</param>
public sealed record SearchKey(int Score, PageKey Place)
{
    /// <summary>The key as it stands in an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Score}.{Place}");

    /// <summary>Reads what <see cref="ToString"/> wrote. Anything else is null, never an exception.</summary>
    public static SearchKey? Parse(string? text)
    {
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return dot is > 0 and < 6
            && int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var score)
            && PageKey.Parse(text![(dot + 1)..]) is { } place ? new SearchKey(score, place) : null;
    }
}
