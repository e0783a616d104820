using System.Globalization;

namespace Aggregator.Core.Stores;

/// <summary>A place in an admin's list of sources. Lists are paged by key, never by offset.</summary>
/// <param name="Id">The source's number.</param>
/// <param name="Value">What the list is sorted by, as text: a title, a number, or nothing.</param>
public sealed record SourceKey(long Id, string Value)
{
    /// <summary>The longest text that can be a key, in characters.</summary>
    private const int MaxLength = 400;

    /// <summary>The key as it stands in an address: <c>42-value</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}-{Value}");

    /// <summary>Reads what <see cref="ToString"/> wrote. Anything else is null, never an exception: addresses come from strangers.</summary>
    public static SourceKey? Parse(string? text)
    {
        if (text is null or "" || text.Length > MaxLength) return null;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new SourceKey(id, text[(dash + 1)..])
            : null;
    }
}
