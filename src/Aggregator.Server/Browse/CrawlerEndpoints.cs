using System.Globalization;
using System.Text;
using System.Xml;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Browse;

/// <summary>
/// What search engines read before they read pages: <c>robots.txt</c> (RFC 9309) and sitemaps (sitemaps.org protocol 0.9). Articles are
/// listed only where they may be indexed (<see cref="SiteOptions.IndexArticles"/>), by ranges of their numbers, so that every file costs the same.
/// </summary>
internal static class CrawlerEndpoints
{
    private const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string CacheControl = "public, max-age=3600";

    /// <summary>The most files that an index may name (sitemaps.org); older articles than these hold are left out.</summary>
    private const int MaxFiles = 50_000 - 1;

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapCrawlerFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/robots.txt", GetAndHead, Robots);
        routes.MapMethods("/sitemap.xml", GetAndHead, IndexAsync);
        routes.MapMethods("/sitemap-lists.xml", GetAndHead, ListsAsync);
        routes.MapMethods("/sitemap-articles-{number:int}.xml", GetAndHead, ArticlesAsync);
    }

    // What is not to be listed may still be read: a robot that must not read a page never sees its "noindex".
    private static ContentHttpResult Robots(HttpContext context, SiteLinks links)
    {
        var path = new Uri(links.Base).AbsolutePath.TrimEnd('/');
        context.Response.Headers.CacheControl = CacheControl;
        return TypedResults.Text($"""
            User-agent: *
            Disallow: {path}/hangfire
            Disallow: {path}/api/
            Disallow: {path}/search?
            Disallow: {path}/sign-in
            Disallow: {path}/takedown
            Disallow: {path}/timegate/
            Disallow: {path}/articles/*/diff
            Sitemap: {links.Sitemap}

            """, "text/plain; charset=utf-8");
    }

    private static async Task<IResult> IndexAsync(HttpContext context, IEntryStore entries, SiteLinks links, IOptions<SiteOptions> site, CancellationToken cancellationToken)
    {
        var last = site.Value.IndexArticles ? await entries.LastIdAsync(cancellationToken) : 0;
        var files = (last + IEntryStore.MaxRange - 1) / IEntryStore.MaxRange;
        return Xml(context, "sitemapindex", xml =>
        {
            Place(xml, "sitemap", links.Base + "/sitemap-lists.xml");
            for (var number = Math.Max(0, files - MaxFiles); number < files; number++)
                Place(xml, "sitemap", string.Create(CultureInfo.InvariantCulture, $"{links.Base}/sitemap-articles-{number}.xml"));
        });
    }

    private static async Task<IResult> ListsAsync(HttpContext context, Navigation navigation, SiteLinks links, CancellationToken cancellationToken)
    {
        var categories = await navigation.ListAsync(cancellationToken);
        return Xml(context, "urlset", xml =>
        {
            foreach (var address in new[] { links.Home, links.Sources, links.About }) Place(xml, "url", address);
            foreach (var category in categories) Place(xml, "url", links.Category(category.Slug));
        });
    }

    private static async Task<IResult> ArticlesAsync(
        HttpContext context, int number, IEntryStore entries, SiteLinks links, IOptions<SiteOptions> site, CancellationToken cancellationToken)
    {
        if (!site.Value.IndexArticles || number < 0) return PageResult.Status(StatusCodes.Status404NotFound);
        var listed = await entries.ListRangeAsync((long)number * IEntryStore.MaxRange, IEntryStore.MaxRange, cancellationToken);
        if (listed.Count == 0) return PageResult.Status(StatusCodes.Status404NotFound);
        return Xml(context, "urlset", xml =>
        {
            foreach (var entry in listed) Place(xml, "url", links.Article(entry.Id), entry.CapturedAt);
        });
    }

    private static void Place(XmlWriter xml, string element, string address, DateTimeOffset? modified = null)
    {
        xml.WriteStartElement(element, Namespace);
        xml.WriteElementString("loc", Namespace, address);
        if (modified is { } at) xml.WriteElementString("lastmod", Namespace, FeedDates.Rfc3339(at));
        xml.WriteEndElement();
    }

    private static FileContentHttpResult Xml(HttpContext context, string root, Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true }))
        {
            xml.WriteStartElement(root, Namespace);
            write(xml);
            xml.WriteEndElement();
        }

        context.Response.Headers.CacheControl = CacheControl;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(bytes.ToArray(), "application/xml; charset=utf-8");
    }
}
