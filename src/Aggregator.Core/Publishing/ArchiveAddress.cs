using System.Globalization;
using System.Runtime.InteropServices;

namespace Aggregator.Core.Publishing;

/// <summary>
/// Which page of a topic's archive (RFC 5005 §4) an address names. A page that is full is named by its number. Of the one that is being
/// filled only a part is ever named, up to the change that was the last one then: so no address comes to name other entries than before.
/// </summary>
/// <param name="Page">The page's number, from 1.</param>
/// <param name="Until">The last change that belongs to the part; null of the whole page.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ArchiveAddress(int Page, long? Until)
{
    /// <summary>The longest text that can be one, in characters.</summary>
    private const int MaxLength = 30;

    /// <summary>As it stands in addresses: <c>12</c>, or <c>12-34567</c> for a part.</summary>
    public override string ToString() =>
        Until is { } until ? string.Create(CultureInfo.InvariantCulture, $"{Page}-{until}") : Page.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="ToString"/> wrote, and no other spelling: one page has one address. Anything else is null.</summary>
    public static ArchiveAddress? Parse(string? text)
    {
        if (text is null or "" || text.Length > MaxLength) return null;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (!int.TryParse(dash < 0 ? text : text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var page)) return null;
        long? until = null;
        if (dash >= 0)
        {
            if (!long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            until = number;
        }

        var address = new ArchiveAddress(page, until);
        return page > 0 && until is not 0 && address.ToString() == text ? address : null;
    }
}
