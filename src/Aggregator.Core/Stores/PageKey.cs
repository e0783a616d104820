using System.Globalization;

namespace Aggregator.Core.Stores;

/// <summary>A place in a list that is sorted newest first: the position of one entry. Lists are paged by key, never by offset.</summary>
/// <param name="SortAt">The entry's <see cref="Model.StoredEntry.SortAt"/>.</param>
/// <param name="EntryId">The entry's number, which orders entries of one instant.</param>
public sealed record PageKey(DateTimeOffset SortAt, long EntryId)
{
    /// <summary>The longest text that can be a key, in characters.</summary>
    private const int MaxLength = 40;

    /// <summary>The key as it stands in an address: <c>1788602400000-42</c> (unix milliseconds, entry number).</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{SortAt.ToUnixTimeMilliseconds()}-{EntryId}");

    /// <summary>Reads what <see cref="ToString"/> wrote. Anything else is null, never an exception: addresses come from strangers.</summary>
    public static PageKey? Parse(string? text)
    {
        if (text is null or "" || text.Length > MaxLength) return null;
        var dash = text.IndexOf('-', 1);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new PageKey(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
            : null;
    }
}
