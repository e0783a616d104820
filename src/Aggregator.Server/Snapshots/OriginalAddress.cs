using Aggregator.Core.Normalizing;

namespace Aggregator.Server.Snapshots;

/// <summary>The address of an original as somebody wrote it behind ours: <c>/timegate/https://example.org/a?b=c</c>.</summary>
internal static class OriginalAddress
{
    /// <summary>
    /// What stands behind a prefix in the target of a request, its query included and nothing decoded: routing would fold and decode
    /// what belongs to the original.
    /// </summary>
    public static string? Behind(string prefix, string rawTarget)
    {
        var start = rawTarget.IndexOf(prefix, StringComparison.Ordinal);
        return start < 0 ? null : rawTarget[(start + prefix.Length)..];
    }

    /// <summary>
    /// The addresses that may be meant, likeliest first, each as the store has them: cleaned as at ingest, in both schemes, with and
    /// without <c>www.</c>, then without the place in the page that a browser's address bar may name, and with and without a last slash.
    /// Empty when it is no address of the web.
    /// </summary>
    public static IReadOnlyList<string> Candidates(string written)
    {
        if (written.Length > NormalizerLimits.MaxUrlLength) return [];

        // Some clients escape the address as a whole.
        if (written.StartsWith("http%3A", StringComparison.OrdinalIgnoreCase) || written.StartsWith("https%3A", StringComparison.OrdinalIgnoreCase))
            written = Uri.UnescapeDataString(written);
        var colon = written.IndexOf("://", StringComparison.Ordinal);
        if (written.StartsWith("http:/", StringComparison.OrdinalIgnoreCase) || written.StartsWith("https:/", StringComparison.OrdinalIgnoreCase))
        {
            // Proxies fold two slashes into one.
            if (colon is not (4 or 5)) written = written.Replace(":/", "://", StringComparison.Ordinal);
        }
        else
        {
            var host = written.AsSpan()[..(written.IndexOfAny(['/', '?', '#']) is >= 0 and var end ? end : written.Length)];
            if (!host.Contains('.') || host.Contains('@') || (colon >= 0 && colon < host.Length + 1)) return [];
            written = "https://" + written;
        }

        return UrlCleaner.Clean(WithHostDecoded(written)) is { } cleaned ? [.. Forms(cleaned).Distinct(StringComparer.Ordinal).SelectMany(AsWritten)] : [];
    }

    /// <summary>An absolute address of the web as it is written, in both schemes, with and without <c>www.</c>, itself first.</summary>
    public static IReadOnlyList<string> AsWritten(string url)
    {
        var candidates = new List<string>(4) { url };
        Add(OtherScheme(url));
        if (OtherHost(url) is { } other)
        {
            Add(other);
            Add(OtherScheme(other));
        }

        return candidates;

        void Add(string candidate)
        {
            if (!candidates.Contains(candidate, StringComparer.Ordinal)) candidates.Add(candidate);
        }
    }

    /// <summary>The address without its last slash, or with one.</summary>
    public static string WithOtherSlash(string url) => url.EndsWith('/') ? url[..^1] : url + "/";

    private static IEnumerable<string> Forms(string url)
    {
        yield return url;
        var page = url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var mark ? url[..mark] : url;
        if (page.EndsWith('?')) page = page[..^1];
        yield return page;
        if (!page.Contains('?', StringComparison.Ordinal)) yield return WithOtherSlash(page);
    }

    // Hosts in other letters than Latin are stored in these letters; a client has to escape them.
    private static string WithHostDecoded(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOfAny(['/', '?', '#'], start);
        var host = end < 0 ? url[start..] : url[start..end];
        return host.Contains('%', StringComparison.Ordinal) ? url[..start] + Uri.UnescapeDataString(host) + (end < 0 ? "" : url[end..]) : url;
    }

    private static string OtherScheme(string url) =>
        url.StartsWith("https://", StringComparison.Ordinal) ? "http://" + url[8..] : "https://" + url[7..];

    private static string? OtherHost(string url)
    {
        var uri = new Uri(url);
        var start = uri.Scheme.Length + 3;
        if (uri.HostNameType is not UriHostNameType.Dns) return null;
        return uri.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase)
            ? url[..start] + url[(start + 4)..]
            : url[..start] + "www." + url[start..];
    }
}
