using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// An entry's identity inside its source on a rung of the ladder. It is made only from what stored entries keep, so that
/// entries can be given new keys when their source steps down.
/// </summary>
public static class EntryKey
{
    /// <summary>
    /// The key on <paramref name="rule"/>; an entry that lacks what the rung needs takes the next one that applies to it.
    /// At most <see cref="NormalizerLimits.MaxKeyLength"/> characters; a guid or link that is longer is hashed.
    /// </summary>
    public static string Compute(
        IdentityRule rule, string? guid, string? url, DateTimeOffset? publishedAt, string title, ReadOnlySpan<byte> contentHash)
    {
        ArgumentNullException.ThrowIfNull(title);
        if (rule == IdentityRule.Id && !string.IsNullOrEmpty(guid)) return Bounded(guid);
        if (rule <= IdentityRule.Link && !string.IsNullOrEmpty(url)) return Bounded(url);
        if (rule <= IdentityRule.LinkAndDate && !string.IsNullOrEmpty(url) && publishedAt is not null) return Hash("ld:", url, publishedAt, null, default);
        if (rule <= IdentityRule.LinkDateAndTitle && title.Length > 0) return Hash("ldt:", url, publishedAt, title, default);
        return Hash("all:", url, publishedAt, title, contentHash);
    }

    private static string Bounded(string value) =>
        value.Length <= NormalizerLimits.MaxKeyLength ? value : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private static string Hash(string rung, string? url, DateTimeOffset? publishedAt, string? title, ReadOnlySpan<byte> contentHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, url);
        Append(hash, publishedAt?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        Append(hash, title);
        hash.AppendData(contentHash);
        return rung + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Length first, so that no two different pairs of values make the same bytes.
    private static void Append(IncrementalHash hash, string? value)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value?.Length ?? -1}:{value}")));
    }
}
