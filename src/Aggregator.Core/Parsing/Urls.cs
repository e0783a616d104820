using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Parsing;

/// <summary>Addresses as they stand in feeds.</summary>
internal static class Urls
{
    /// <summary>The longest address that is shown whole, in characters.</summary>
    private const int MaxShown = 200;

    /// <summary>Whether the text is an absolute http or https address.</summary>
    internal static bool IsHttp(string? url) =>
        url is not null && (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it is an http or https address.</summary>
    internal static bool IsHttp(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;

    /// <summary>The address as it may stand in a log or a sentence: no credentials, no query, not too long.</summary>
    internal static string Shown(Uri url) =>
        WithoutCredentials(url).GetLeftPart(UriPartial.Path) is var path && path.Length > MaxShown ? path[..MaxShown] + "…" : path;

    /// <inheritdoc cref="Shown(Uri)"/>
    internal static string Shown(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? Shown(uri) : "an address that cannot be read";

    /// <summary>What cannot be read as an address, for the log: what may be a password in it is left out.</summary>
    internal static string Unreadable(string address)
    {
        var at = address.LastIndexOf('@');
        var shown = at < 0 ? address : "…" + address[at..];
        return new string([.. TextCut.To(shown, MaxShown).Select(c => char.IsControl(c) ? '\uFFFD' : c)]);
    }

    /// <summary>The address without a name and a password in it.</summary>
    internal static Uri WithoutCredentials(Uri url) =>
        url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = "", Password = "" }.Uri;

    /// <summary>The same of a text; one without any, and what is no address, comes back as it is.</summary>
    internal static string WithoutCredentials(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? WithoutCredentials(uri).AbsoluteUri : url;

    /// <summary>
    /// <paramref name="url"/> against <paramref name="baseUrl"/> (RFC 3986 §5); as it stands when it is absolute already, when
    /// there is no base, or when the two make no address.
    /// </summary>
    internal static string Resolve(string url, Uri? baseUrl)
    {
        if (baseUrl is null || HasScheme(url)) return url;
        return Uri.TryCreate(baseUrl, url, out var resolved) ? resolved.AbsoluteUri : url;
    }

    /// <summary>The base that <paramref name="url"/> makes under <paramref name="baseUrl"/>: an absolute address, else the outer one.</summary>
    internal static Uri? Base(string? url, Uri? baseUrl)
    {
        if (string.IsNullOrWhiteSpace(url) || url.Length > ParserLimits.MaxBaseLength) return baseUrl;
        var resolved = Resolve(url.Trim(), baseUrl);
        return resolved.Length <= ParserLimits.MaxBaseLength && HasScheme(resolved) && Uri.TryCreate(resolved, UriKind.Absolute, out var uri) ? uri : baseUrl;
    }

    /// <summary>
    /// The host as it stands in the DNS, in ASCII; null when its letters cannot stand there (an unassigned character, a joiner
    /// that was copied along, a broken <c>xn--</c> label), although <see cref="Uri"/> takes the address.
    /// </summary>
    internal static string? DnsHost(Uri url)
    {
        try
        {
            return url.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Whether the text begins with a scheme (RFC 3986 §3.1).</summary>
    internal static bool HasScheme(ReadOnlySpan<char> url)
    {
        for (var i = 0; i < url.Length; i++)
        {
            var c = url[i];
            if (c == ':') return i > 0;
            if (!(char.IsAsciiLetter(c) || (i > 0 && (char.IsAsciiDigit(c) || c is '+' or '-' or '.')))) return false;
        }

        return false;
    }
}
