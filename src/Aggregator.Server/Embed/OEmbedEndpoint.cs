using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Api;
using Aggregator.Server.Browse;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Publish;
using Microsoft.AspNetCore.WebUtilities;

namespace Aggregator.Server.Embed;

/// <summary>
/// <c>/oembed</c>, as oEmbed 1.0 has it: a category is <c>rich</c> (its frame), an article is a <c>link</c> that names its publisher.
/// 404 for an address that is none of ours, 401 for one that is for one visitor only, 501 for another format, 400 for sizes that are no numbers.
/// </summary>
internal static class OEmbedEndpoint
{
    /// <summary>The longest address that is looked at.</summary>
    private const int MaxUrlLength = 2_048;

    /// <summary>The largest frame that anybody may ask for, in pixels.</summary>
    private const int MaxPixels = 10_000;

    // What lies there is for who has the token or the account.
    private static readonly string[] Private = ["subscriptions", DashboardEndpoints.Path.Trim('/'), ApiEndpoints.Root.Trim('/'), "setup"];

    /// <summary>Answers a consumer.</summary>
    public static async Task<IResult> AnswerAsync(
        HttpContext context, string? url, string? format, string? maxwidth, string? maxheight,
        EmbedReader embeds, IEntryStore entries, ISourceStore sources, PageContext page, CancellationToken cancellationToken)
    {
        FeedCors.Allow(context.Response.Headers);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (format is not (null or "" or "json" or "xml"))
            return TypedResults.Text("The formats are json and xml.\n可用的格式是 json 和 xml。\n", statusCode: StatusCodes.Status501NotImplemented);
        if (!TrySize(maxwidth, out var width) || !TrySize(maxheight, out var height))
            return TypedResults.Text("maxwidth and maxheight are whole numbers of pixels.\nmaxwidth 和 maxheight 是以像素计的整数。\n", statusCode: StatusCodes.Status400BadRequest);

        var address = Below(page.Links, url);
        if (address is not null && IsPrivate(RelativePath(page.Links, address)))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return TypedResults.Text("This page is for one visitor only; link to it instead.\n这个页面仅供个人使用，请改用链接。\n", statusCode: StatusCodes.Status401Unauthorized);
        }

        var found = address is not null
            ? await CategoryAsync(address, width, height, embeds, page, cancellationToken)
                ?? await ArticleAsync(address, entries, sources, page, cancellationToken)
            : null;
        if (found is null)
            return TypedResults.Text("There is no category or article of ours at this address.\n这个地址不是本站的分类或文章。\n", statusCode: StatusCodes.Status404NotFound);

        context.Response.Headers.CacheControl = "public, max-age=3600";
        return format == "xml"
            ? TypedResults.Bytes(found.ToXml(), "text/xml; charset=utf-8")
            : TypedResults.Bytes(found.ToJson(), "application/json; charset=utf-8");
    }

    private static async Task<OEmbed?> CategoryAsync(
        Uri address, int width, int height, EmbedReader embeds, PageContext page, CancellationToken cancellationToken)
    {
        var path = RelativePath(page.Links, address);
        var slug = path.StartsWith("categories/", StringComparison.Ordinal) ? path["categories/".Length..]
            : path.StartsWith("embed/", StringComparison.Ordinal) ? path["embed/".Length..]
            : null;
        if (slug is null || !CategorySlug.IsValid(slug) || await embeds.FindAsync(slug, cancellationToken) is not { } topic) return null;

        var look = new EmbedLook();
        if (path.StartsWith("embed/", StringComparison.Ordinal)
            && !EmbedLook.TryRead(new QueryCollection(QueryHelpers.ParseQuery(address.Query)), out look, out _)) return null;

        var frameWidth = Math.Min(width, EmbedCode.DefaultWidth);
        var frameHeight = Math.Min(height, EmbedCode.Height(look));
        return new OEmbed(
            "rich", topic.Title, AuthorName: null, AuthorUrl: null, page.SiteTitle, page.Links.Home,
            EmbedCode.Frame(page.Links, slug, topic.Title, look, frameWidth, frameHeight), frameWidth, frameHeight);
    }

    private static async Task<OEmbed?> ArticleAsync(
        Uri address, IEntryStore entries, ISourceStore sources, PageContext page, CancellationToken cancellationToken)
    {
        var path = RelativePath(page.Links, address);
        if (!path.StartsWith("articles/", StringComparison.Ordinal)
            || !long.TryParse(path.AsSpan("articles/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || await entries.FindAsync(id, cancellationToken) is not { } stored
            || await sources.FindAsync(stored.SourceId, cancellationToken) is not { } source) return null;

        return new OEmbed(
            "link", stored.Entry.Title.Length > 0 ? stored.Entry.Title : page.Text.Untitled,
            PublicSourceAddress.Title(source), PublicSourceAddress.Site(source), page.SiteTitle, page.Links.Home,
            Html: null, Width: null, Height: null);
    }

    /// <summary>The address when it lies below our public one.</summary>
    private static Uri? Below(SiteLinks links, string? url) =>
        url is { Length: > 0 and <= MaxUrlLength }
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.UserInfo.Length == 0
        && Uri.Compare(address, new Uri(links.Base), UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
        && address.AbsolutePath.StartsWith(new Uri(links.Home).AbsolutePath, StringComparison.Ordinal)
            ? address
            : null;

    private static bool IsPrivate(string path) => Array.Exists(
        Private, first => path.StartsWith(first, StringComparison.OrdinalIgnoreCase) && (path.Length == first.Length || path[first.Length] == '/'));

    private static string RelativePath(SiteLinks links, Uri address) => address.AbsolutePath[new Uri(links.Home).AbsolutePath.Length..];

    private static bool TrySize(string? value, out int pixels)
    {
        pixels = MaxPixels;
        if (string.IsNullOrEmpty(value)) return true;
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) || asked == 0) return false;
        pixels = (int)Math.Min(asked, MaxPixels);
        return true;
    }
}
