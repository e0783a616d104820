using System.Net;
using System.Text;
using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Sources;

/// <summary>What an admin enters as the address of a source.</summary>
internal static class SourceAddress
{
    /// <summary>The longest address that is read, in characters.</summary>
    public const int MaxLength = 2000;

    /// <summary>
    /// Reads an address: http or https, or a bare <c>example.org/feed</c>, or <c>feed:</c> before either. One that names a place outside
    /// of the public internet is refused at once; what a name resolves to is judged at every fetch.
    /// </summary>
    public static SourceProblem? TryRead(string entered, TargetGuard guard, out string url)
    {
        url = "";
        var text = entered.Trim();
        if (text.Length > MaxLength) return new SourceProblem(SourceField.AddressLength);
        if (text.StartsWith("feed:", StringComparison.OrdinalIgnoreCase))
            text = text["feed:".Length..] is var rest && rest.StartsWith("//", StringComparison.Ordinal) ? "http:" + rest : rest;
        if (!text.Contains("://", StringComparison.Ordinal) && IsBare(text)) text = "https://" + text;
        if (text.Any(char.IsControl) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return new SourceProblem(SourceField.Address);
        if (Encoding.UTF8.GetByteCount(uri.AbsoluteUri) > NewSource.MaxUrlBytes) return new SourceProblem(SourceField.AddressLength);
        if (!IsAllowed(uri, guard)) return new SourceProblem(SourceField.PrivateAddress);
        url = uri.AbsoluteUri;
        return null;
    }

    /// <summary>
    /// The addresses that most probably give the same feed, the address itself first: with and without TLS, <c>www.</c>, a slash at the end.
    /// </summary>
    public static IReadOnlyList<string> Alike(string url)
    {
        var uri = new UriBuilder(url) { Fragment = "" };
        var isDefaultPort = uri.Uri.IsDefaultPort;
        var alike = new List<string> { url };
        foreach (var scheme in (string[])["https", "http"])
            foreach (var host in (string[])[uri.Host, uri.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? uri.Host[4..] : "www." + uri.Host])
                foreach (var path in (string[])[uri.Path, uri.Path.EndsWith('/') ? uri.Path.TrimEnd('/') : uri.Path + "/"])
                {
                    if (!isDefaultPort && scheme != uri.Scheme) continue;
                    var other = new UriBuilder(uri.Uri) { Scheme = scheme, Host = host, Path = path, Port = isDefaultPort ? -1 : uri.Port, Fragment = "" }.Uri.AbsoluteUri;
                    if (!alike.Contains(other, StringComparer.Ordinal)) alike.Add(other);
                }

        return alike;
    }

    /// <summary>Whether two addresses are of one origin, so that what opens one may be sent to the other.</summary>
    public static bool IsSameOrigin(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second)
        && first.Scheme == second.Scheme && first.Authority == second.Authority;

    // "host.tld/path" and nothing that could be another scheme.
    private static bool IsBare(string text)
    {
        var end = text.IndexOfAny(['/', '?', '#']);
        var host = end < 0 ? text : text[..end];
        return host.Contains('.', StringComparison.Ordinal) && !host.StartsWith('.') && host.IndexOfAny([':', '@', ' ', '<', '\\']) < 0;
    }

    /// <summary>Whether an address could be polled: it is no number of a private network, nor a name of this machine, unless that is allowed.</summary>
    public static bool IsAllowed(Uri uri, TargetGuard guard)
    {
        if (IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var address)) return guard.Allows(uri.IdnHost, address, uri.Port);
        return !(uri.IdnHost.TrimEnd('.') is var host && (host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)))
            || guard.Allows(uri.IdnHost, IPAddress.Loopback, uri.Port);
    }
}
