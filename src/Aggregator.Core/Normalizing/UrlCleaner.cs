using System.Collections.Frozen;
using System.Text;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Normalizing;

/// <summary>Makes addresses absolute, and takes out of them what only tracks readers.</summary>
public static class UrlCleaner
{
    private static readonly (FrozenSet<string> Exact, string[] Prefixes) Tracking = Load();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Exact = Tracking.Exact.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The address as absolute http or https without tracking parameters; null when it is none, names no host, or is longer
    /// than <see cref="NormalizerLimits.MaxUrlLength"/>.
    /// </summary>
    /// <param name="url">The address as it stood.</param>
    /// <param name="baseUrl">What a relative one is relative to, or null.</param>
    public static string? Clean(string? url, Uri? baseUrl = null) =>
        Absolute(url, baseUrl) is { } absolute && WithoutTracking(absolute) is { Length: <= NormalizerLimits.MaxUrlLength } cleaned ? cleaned : null;

    /// <summary>The same without a look at its parameters: for pictures and files, whose parameters choose what comes.</summary>
    internal static string? Absolute(string? url, Uri? baseUrl)
    {
        if (string.IsNullOrWhiteSpace(url) || url.Length > NormalizerLimits.MaxUrlLength) return null;
        url = WithoutBreaks(url.Trim());
        if (!Urls.HasScheme(url))
        {
            if (baseUrl is null)
            {
                // "www.example.org/a" is meant as an address; "a/b.html" is not one without a base.
                if (!url.StartsWith("www.", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("//", StringComparison.Ordinal)) return null;
                url = url[0] == '/' ? "https:" + url : "http://" + url;
            }
            else if (url.StartsWith("www.", StringComparison.OrdinalIgnoreCase) && url.AsSpan(4).Contains('.'))
            {
                url = "http://" + url;
            }
        }

        if (!(Urls.HasScheme(url) || baseUrl is null ? Uri.TryCreate(url, UriKind.Absolute, out var uri) : Uri.TryCreate(baseUrl, url, out uri))) return null;
        if (uri.Scheme is not ("http" or "https") || uri.Host.Length == 0 || Urls.DnsHost(uri) is null) return null;
        var absolute = uri.AbsoluteUri;
        if (uri.UserInfo.Length > 0) absolute = new UriBuilder(uri) { UserName = "", Password = "" }.Uri.AbsoluteUri;
        return absolute.Length <= NormalizerLimits.MaxUrlLength ? absolute : null;
    }

    /// <summary>An absolute address without the parameters that only track readers; everything else of it stays as it is.</summary>
    internal static string WithoutTracking(string url)
    {
        url = WithoutSession(url);
        var question = url.IndexOf('?', StringComparison.Ordinal);
        var hash = url.IndexOf('#', StringComparison.Ordinal);
        if (question < 0 || (hash >= 0 && hash < question)) return WithoutTrackingFragment(url, hash);
        var queryEnd = hash < 0 ? url.Length : hash;
        var query = url.AsSpan(question + 1, queryEnd - question - 1);
        var hit = false;
        foreach (var range in query.Split('&')) hit |= IsTracking(Key(query[range]));
        if (!hit) return WithoutTrackingFragment(url, hash);

        var kept = new StringBuilder(url.Length);
        kept.Append(url, 0, question);
        var separator = '?';
        foreach (var range in query.Split('&'))
        {
            if (IsTracking(Key(query[range]))) continue;
            kept.Append(separator).Append(query[range]);
            separator = '&';
        }

        kept.Append(url, queryEnd, url.Length - queryEnd);
        var cleaned = kept.ToString();
        return WithoutTrackingFragment(cleaned, cleaned.IndexOf('#', StringComparison.Ordinal));
    }

    // Java servers write a reader's session into the path, anew for whoever asks: it would make each fetch's links new ones.
    private static string WithoutSession(string url)
    {
        var start = url.IndexOf(";jsessionid=", StringComparison.OrdinalIgnoreCase);
        if (start < 0 || url.AsSpan(0, start).ContainsAny('?', '#')) return url;
        var end = url.AsSpan(start + 1).IndexOfAny("/;?#");
        return end < 0 ? url[..start] : url.Remove(start, end + 1);
    }

    // Analytics sometimes put their parameters behind the hash; a real fragment is left alone.
    private static string WithoutTrackingFragment(string url, int hash)
    {
        if (hash < 0) return url;
        var fragment = url.AsSpan(hash + 1);
        return fragment.StartsWith("utm_") || fragment.StartsWith("xtor=") || fragment.StartsWith("at_medium=") ? url[..hash] : url;
    }

    private static ReadOnlySpan<char> Key(ReadOnlySpan<char> parameter)
    {
        if (parameter.StartsWith("amp;")) parameter = parameter[4..];
        var equals = parameter.IndexOf('=');
        return equals < 0 ? parameter : parameter[..equals];
    }

    private static bool IsTracking(ReadOnlySpan<char> key)
    {
        if (key.Length == 0) return false;
        foreach (var prefix in Tracking.Prefixes)
            if (key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        return Exact.Contains(key);
    }

    // WHATWG URL §4.4: tabs and line breaks inside an address are dropped.
    private static string WithoutBreaks(string url) =>
        url.AsSpan().ContainsAny('\t', '\r', '\n') ? url.Replace("\t", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal) : url;

    private static (FrozenSet<string> Exact, string[] Prefixes) Load()
    {
        using var stream = typeof(UrlCleaner).Assembly.GetManifestResourceStream("Aggregator.Core.Normalizing.TrackingParameters.txt")
            ?? throw new InvalidOperationException("The list of tracking parameters is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var exact = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var prefixes = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            line = line.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[^1] == '*') prefixes.Add(line[..^1]);
            else exact.Add(line);
        }

        return (exact.ToFrozenSet(StringComparer.OrdinalIgnoreCase), [.. prefixes]);
    }
}
