using System.Text;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Publishing;

/// <summary>Addresses as they may stand in a published document.</summary>
internal static class WebAddress
{
    private const string Allowed = ";/?:@&=+$.-_!~*'()%,#";

    /// <summary>
    /// An absolute http(s) address as an ASCII URI (RFC 3986): host in lower case and as it stands in the DNS, no default port,
    /// other characters percent-encoded, and never with credentials. Null for anything else.
    /// </summary>
    public static string? Published(string? address)
    {
        if (address is null
            || !Uri.TryCreate(FeedText.Legal(address).Trim(), UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.Host.Length == 0
            || Urls.DnsHost(uri) is not { } host)
            return null;

        var published = new StringBuilder(uri.Scheme).Append("://");
        published.Append(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : host);
        if (!uri.IsDefaultPort) published.Append(':').Append(uri.Port);
        foreach (var rune in (uri.PathAndQuery + uri.Fragment).EnumerateRunes())
            AppendEncoded(published, rune);
        return published.ToString();
    }

    // System.Uri leaves brackets and a few more as they came; validators and strict readers do not.
    private static void AppendEncoded(StringBuilder published, Rune rune)
    {
        if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || Allowed.Contains((char)rune.Value, StringComparison.Ordinal)))
        {
            published.Append((char)rune.Value);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var octet in bytes[..rune.EncodeToUtf8(bytes)])
            published.Append('%').Append(Convert.ToHexString([octet]));
    }
}
