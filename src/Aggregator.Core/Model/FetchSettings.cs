using System.Buffers;
using System.Collections.Frozen;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Model;

/// <summary>
/// What an admin wants of one source's requests, and how its answers are to be read. Headers, cookies and password go to the origin of the source's own address
/// only; a redirect to another never carries them along.
/// </summary>
public sealed record FetchSettings
{
    /// <summary>The most own headers of a source.</summary>
    public const int MaxHeaders = 20;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxLength = 4096;

    // Those that would change how the request is framed or where it goes, and those by which proxies vouch for a user:
    // a source that could set them might become somebody else in the operator's own network.
    private static readonly FrozenSet<string> Forbidden = FrozenSet.ToFrozenSet(
        [
            "Host", "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Keep-Alive", "Expect",
            "Proxy-Authorization", "Proxy-Connection", "Via", "Forwarded", "Remote-User", "Accept-Encoding", "Range", "If-Range",
            "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "A-IM", "Authorization", "Cookie", "User-Agent",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ForbiddenBeginnings = ["X-Forwarded", "X-Real", "X-Original", "X-Remote", "X-WebAuth", "X-Auth-Request", "Remote-", "Sec-", "Proxy-"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Headers besides our own.</summary>
    public IReadOnlyList<RequestHeader> Headers { get; init; } = [];

    /// <summary>The <c>Cookie</c> header's value, or null.</summary>
    public string? Cookies { get; init; }

    /// <summary>The user name of basic authentication, or null. It goes before one in the address.</summary>
    public string? UserName { get; init; }

    /// <summary>The password that belongs to <see cref="UserName"/>.</summary>
    public string? Password { get; init; }

    /// <summary>How we name ourselves to this publisher, or null for our own name.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The HTTP proxy that this source is fetched through, <c>http://host:port</c>, or null. Its address is judged as any target's is.</summary>
    public string? Proxy { get; init; }

    /// <summary>
    /// SHA-256 of the one certificate that is accepted from the source's own host although no authority vouches for it, in
    /// hexadecimal; null to verify as usual, which every other host is in any case. Health warns as long as it is set.
    /// </summary>
    public string? PinnedCertificate { get; init; }

    /// <summary>The encoding of the source's documents whatever they and HTTP say (a WHATWG label such as <c>gb18030</c>), or null.</summary>
    public string? Charset { get; init; }

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (Headers.Count > MaxHeaders) return $"A source has at most {MaxHeaders} headers of its own.";
        foreach (var (name, value) in Headers)
        {
            if (name.Length is 0 or > 100 || name.AsSpan().ContainsAnyExcept(NameCharacters)) return $"'{name}' is no name of a header.";
            if (Forbidden.Contains(name) || Array.Exists(ForbiddenBeginnings, beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)))
                return $"The header {name} is not for a source to set.";
            if (!IsLine(value)) return $"The value of the header {name} must be one line of at most {MaxLength} characters.";
        }

        if (!IsLine(Cookies) || !IsLine(UserName) || !IsLine(Password) || !IsLine(UserAgent))
            return $"Cookies, user name, password and user agent must be one line of at most {MaxLength} characters.";
        if (UserName?.Contains(':', StringComparison.Ordinal) == true) return "A user name has no colon.";
        if (UserName is null && Password is not null) return "A password needs a user name.";
        if (Proxy is not null && !(Uri.TryCreate(Proxy, UriKind.Absolute, out var proxy) && proxy.Scheme == Uri.UriSchemeHttp && proxy.PathAndQuery == "/"))
            return "The proxy must be an address such as http://proxy.example:3128.";
        if (Charset is not null && TextDecoder.Find(Charset) is null) return "The charset is no encoding of the web; gb18030, big5, shift_jis or windows-1251 are.";
        return PinnedCertificate is not null && !(PinnedCertificate.Length == 64 && PinnedCertificate.All(char.IsAsciiHexDigit))
            ? "The pinned certificate must be its SHA-256 in 64 hexadecimal digits."
            : null;
    }

    /// <summary>Nothing of the content: what is printed by accident gives nothing away.</summary>
    public override string ToString() => $"{nameof(FetchSettings)} {{ … }}";

    private static bool IsLine(string? value) => value is null || (value.Length <= MaxLength && !value.Any(char.IsControl));
}
