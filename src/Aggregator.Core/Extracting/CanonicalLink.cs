using Aggregator.Core.Normalizing;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>
/// Judges the address that a page declares as its own. Whoever fetched <c>evil.example</c> must not come to believe that it
/// read an article of somebody else's, so that only an address on the same site counts.
/// </summary>
internal static class CanonicalLink
{
    // Faces of one site for other devices: a page on m.example.com is the article of www.example.com.
    private static readonly string[] Faces = ["www", "m", "mobile", "wap", "3g", "amp", "touch", "i"];

    /// <summary>What the page declares, absolute; null when nothing usable.</summary>
    internal static Uri? Declared(IDocument document, Uri? baseUrl)
    {
        var link = document.QuerySelectorAll("link[rel][href]").FirstOrDefault(static link =>
            link.GetAttribute("rel")!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains("canonical", StringComparer.OrdinalIgnoreCase));
        var written = link?.GetAttribute("href") ?? document.QuerySelector("meta[property='og:url' i]")?.GetAttribute("content");
        return UrlCleaner.Clean(written, baseUrl) is { } url && Uri.TryCreate(url, UriKind.Absolute, out var address) ? address : null;
    }

    /// <summary>Whether a declared address may stand for the page's own.</summary>
    internal static bool IsOwn(Uri declared, Uri page)
    {
        if (!Site(declared.Host).Equals(Site(page.Host), StringComparison.OrdinalIgnoreCase)) return false;
        // Templates that name the home page as canonical of every article name nothing.
        return declared.AbsolutePath != "/" || declared.Query.Length > 0 || (page.AbsolutePath == "/" && page.Query.Length == 0);
    }

    private static string Site(string host)
    {
        foreach (var face in Faces)
            if (host.StartsWith(face + ".", StringComparison.OrdinalIgnoreCase) && host.AsSpan(face.Length + 1).Contains('.'))
                return host[(face.Length + 1)..];
        return host;
    }
}
