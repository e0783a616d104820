using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Server.Publish;

/// <summary>
/// The opaque part of a feed's entity tag: the hash of its bytes, then, where the topic has an archive, the position up to which its
/// changes are in it, and a check over both and the feed's address. So a delta can be made for whoever names the tag, on every node and
/// after a restart, and the tag of another feed is not taken for one of this feed. Who computes the check himself gets the changes since the
/// position that he names, which everybody may read.
/// </summary>
internal static class FeedTag
{
    private const int HashLength = 32;
    private const int CheckBytes = 4;

    /// <summary>The tag, without quotes: <c>hash</c> or <c>hash.position.check</c>.</summary>
    public static string Of(string selfUrl, string hash, long position)
    {
        if (position == 0) return hash;
        var known = string.Create(CultureInfo.InvariantCulture, $"{hash}.{position}");
        return known + "." + CheckOf(selfUrl, known);
    }

    /// <summary>The position in a tag of the feed at an address, whatever the coding that it is of; null when it has none, or is none of ours.</summary>
    public static long? PositionOf(string selfUrl, string tag)
    {
        var parts = tag.Split('.');
        if (parts.Length != 3 || parts[0].Length != HashLength || parts[2].Length < CheckBytes * 2) return null;
        if (!long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return null;
        var known = parts[0] + "." + parts[1];
        return CheckOf(selfUrl, known) == parts[2][..(CheckBytes * 2)] && parts[2][(CheckBytes * 2)..] is "" or "-br" or "-gzip" ? position : null;
    }

    private static string CheckOf(string selfUrl, string known) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(selfUrl + "\n" + known)).AsSpan(0, CheckBytes));
}
