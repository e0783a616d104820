using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Publishing;

/// <summary>
/// A source's addresses as strangers may see them. The address that we poll may hold a password or a personal token, which
/// must not leave the server in a feed, a subscription list, or on a page.
/// </summary>
public static partial class PublicSourceAddress
{
    /// <summary>What stands for a secret in <see cref="Masked"/>.</summary>
    public const char Mask = '…';

    // A query without a name that is this long and holds a digit is a token, not a switch such as "?rss".
    private const int BareTokenLength = 16;

    private const int LongestPlainValue = 16;

    // Parameters that name a public document and whose values look like tokens: channels, searches, formats with a number.
    private static readonly FrozenSet<string> HarmlessNames = FrozenSet.ToFrozenSet(
        [
            "alt", "board", "c", "cat", "category", "ceid", "channel", "channel_id", "edition", "feed", "f", "fid", "forum", "format", "gl", "hl", "id", "lang",
            "language", "locale", "mode", "orderby", "output", "outputType", "p", "page", "playlist_id", "q", "query", "region", "s", "search", "section",
            "sort", "t", "tag", "tags", "topic", "type", "v", "version", "widgetName",
        ], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> SecretWords = FrozenSet.ToFrozenSet(
        ["auth", "authorization", "hmac", "jwt", "oauth", "pass", "passcode", "passphrase", "pw", "pwd", "sid", "sig"], StringComparer.Ordinal);

    private static readonly char[] Digits = [.. "0123456789"];

    private static readonly string[] SecretStems = ["credential", "passwd", "password", "secret", "session", "signature", "token"];

    /// <summary>
    /// The feed's own address without user name, password and fragment; for a document of the catalogue, our feed of that source;
    /// null when its query looks as if it carried a secret, because without the query it would name another document.
    /// </summary>
    public static string? Feed(Source source, SiteLinks links)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(links);
        if (source.IsCatalogueDocument) return links.Feed(Topic.Source(source.Id), slug: null, FeedFormat.Atom.Extension());
        var address = Clean(source.Url, keepFragment: false, out var secret);
        return secret ? null : address;
    }

    /// <summary>The page that the source belongs to, without credentials and without a query that looks like a secret; null when it names none.</summary>
    public static string? Site(Source source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Clean(source.Feed.SiteUrl, keepFragment: true, out _);
    }

    /// <summary>
    /// The best address of the publisher's own: the feed, else its page; null when neither may be shown. Other than
    /// <see cref="Of"/>, it needs no site of ours, so that it can be kept for ever.
    /// </summary>
    public static string? Own(Source source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Clean(source.Url, keepFragment: false, out var secret) is { } feed && !secret ? feed : Site(source);
    }

    /// <summary>The best address to name the source by: its feed, else its page, else our page of that source.</summary>
    public static string Of(Source source, SiteLinks links)
    {
        ArgumentNullException.ThrowIfNull(links);
        return Feed(source, links) ?? Site(source) ?? links.Source(source.Id);
    }

    /// <summary>
    /// What to call the source in public, on one line: the admin's title, else the feed's, else the host of its public address.
    /// Other than <see cref="Source.DisplayTitle"/>, it is never an address that might be private.
    /// </summary>
    public static string Title(Source source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return FeedText.Line(source.Title)
            ?? FeedText.Line(source.Feed.Title)
            ?? (Clean(source.Url, keepFragment: false, out _) is { } address ? new Uri(address).Host : $"#{source.Id}");
    }

    /// <summary>
    /// A text of an entry without the credentials of its source's address: a relative link that was resolved against that address
    /// would carry them along.
    /// </summary>
    internal static string WithoutCredentials(Source source, string text) =>
        Uri.TryCreate(source.Url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? text.Replace("//" + uri.UserInfo + "@", "//", StringComparison.Ordinal)
            : text;

    /// <summary>An address without a name and a password in it; one that has none, and what is no address, comes back as it is.</summary>
    public static string WithoutCredentials(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Urls.WithoutCredentials(address);
    }

    /// <summary>
    /// The same without the parameters that <see cref="Masked"/> masks: an address that opens nothing, and that is one all the same.
    /// </summary>
    public static string WithoutSecrets(string address)
    {
        address = WithoutCredentials(address);
        if (Masked(address) is var masked && masked == address) return address;
        var query = masked.IndexOf('?', StringComparison.Ordinal);
        var fragment = masked.IndexOf('#', query) is var at && at < 0 ? masked.Length : at;
        var kept = string.Join('&', masked[(query + 1)..fragment].Split('&').Where(static parameter => !parameter.Contains(Mask, StringComparison.Ordinal)));
        return masked[..query] + (kept.Length == 0 ? "" : "?" + kept) + masked[fragment..];
    }

    /// <summary>
    /// An address for those who look after its source, whole but for its secrets: its password, the values of parameters whose names
    /// speak of a key, a token and the like, and a query that is a token alone. What is no address comes back as it is.
    /// </summary>
    public static string Masked(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return address;
        if (uri.UserInfo.Length > 0) address = address.Replace(uri.UserInfo + "@", uri.UserInfo.Split(':', 2)[0] + ":" + Mask + "@", StringComparison.Ordinal);
        var fragment = address.IndexOf('#', StringComparison.Ordinal);
        var query = address.IndexOf('?', StringComparison.Ordinal) + 1;
        if (query == 0 || (fragment >= 0 && fragment < query)) return address;

        var parameters = fragment < 0 ? address[query..] : address[query..fragment];
        return address[..query] + Parameter().Replace(parameters, static match => MaskedParameter(match.Value)) + (fragment < 0 ? "" : address[fragment..]);
    }

    private static string MaskedParameter(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return IsBareToken(parameter) ? Mask.ToString() : parameter;
        return equals < parameter.Length - 1 && NamesSecret(parameter[..equals]) ? parameter[..(equals + 1)] + Mask : parameter;
    }

    /// <summary>An address without credentials, and without a query that looks like a secret; null when it is no http(s) address.</summary>
    internal static string? Clean(string? address, bool keepFragment, out bool secret)
    {
        secret = false;
        if (WebAddress.Published(address) is not { } published) return null;

        var fragment = published.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0 && !keepFragment) published = published[..fragment];

        published = WithoutPathSecrets(published, out secret);
        var query = published.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return published;
        secret |= published[(query + 1)..].Split('&', ';', '#').Any(CarriesSecret);
        return secret ? published[..query] : published;
    }

    /// <summary>
    /// The address without the parameters of its path (RFC 3986 §3.3) that look like secrets. A session's number, as Java servers
    /// write it there, names no document, so that the address is as good without it.
    /// </summary>
    private static string WithoutPathSecrets(string address, out bool secret)
    {
        secret = false;
        var end = address.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? address : address[..end];
        if (!path.Contains(';', StringComparison.Ordinal) && !path.Contains("%3B", StringComparison.OrdinalIgnoreCase)) return address;

        var segments = path.Replace("%3B", ";", StringComparison.OrdinalIgnoreCase).Split('/');
        var changed = false;
        for (var i = 0; i < segments.Length; i++)
        {
            var parts = segments[i].Split(';');
            var kept = parts.Where((part, at) => at == 0 || !CarriesSecret(part)).ToArray();
            if (kept.Length == parts.Length) continue;
            secret |= parts.Skip(1).Any(static part => CarriesSecret(part) && !IsSession(part));
            segments[i] = string.Join(';', kept);
            changed = true;
        }

        return changed ? string.Join('/', segments) + (end < 0 ? "" : address[end..]) : address;
    }

    private static bool IsBareToken(string parameter) => parameter.Length >= BareTokenLength && parameter.Any(char.IsAsciiDigit);

    private static bool NamesSecret(string escapedName) =>
        Words().Matches(Uri.UnescapeDataString(escapedName)).Any(static word => IsSecretWord(word.Value.ToLowerInvariant()));

    private static bool IsSession(string parameter) => parameter.Split('=')[0].Contains("session", StringComparison.OrdinalIgnoreCase);

    private static bool CarriesSecret(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return IsBareToken(parameter) || parameter.Contains('@', StringComparison.Ordinal);

        var name = Uri.UnescapeDataString(parameter[..equals]);
        if (NamesSecret(parameter[..equals])) return true;
        return (parameter.Contains('@', StringComparison.Ordinal) && parameter.Contains("//", StringComparison.Ordinal))
            || !HarmlessNames.Contains(name) && !IsPlain(Uri.UnescapeDataString(parameter[(equals + 1)..]));
    }

    // A word or a number that a person would type; letters and digits mixed, or anything long, may be somebody's token.
    private static bool IsPlain(string value) =>
        value.Length <= LongestPlainValue
        && (value.All(static c => char.IsAsciiLetter(c) || c is '-' or '_' or '.' or ',' or ' ') || value.All(char.IsAsciiDigit));

    // Judged word by word, so that "keyword" and "author" stay while "apikey", "accessKey" and "X-Amz-Signature" go.
    private static bool IsSecretWord(string word) =>
        SecretWords.Contains(word)
        || word.TrimEnd(Digits).EndsWith("key", StringComparison.Ordinal)
        || SecretStems.Any(stem => word.Contains(stem, StringComparison.Ordinal));

    [GeneratedRegex("[A-Z]+[a-z0-9]*|[a-z0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Words();

    [GeneratedRegex("[^&;]+", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
