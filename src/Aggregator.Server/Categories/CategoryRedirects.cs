using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Categories;

/// <summary>
/// Leads from the slugs that a category once had to the one that it has: the page and every feed, for ever (RFC 9110 §15.4.2). It
/// asks the store only once an address has turned out to be nobody's.
/// </summary>
internal static class CategoryRedirects
{
    private const string Root = "/categories/";

    /// <summary>Where a request for a category that is not there should go, or null.</summary>
    /// <param name="context">The request.</param>
    /// <param name="slug">The slug that it names.</param>
    /// <param name="extension">The extension of a feed, or null for the page.</param>
    public static async Task<string?> TargetAsync(HttpContext context, string slug, string? extension)
    {
        if (!CategorySlug.IsValid(slug)) return null;
        var categories = context.RequestServices.GetRequiredService<ICategoryStore>();
        return await categories.FindByOldSlugAsync(slug, context.RequestAborted) is { } category
            ? context.Request.PathBase + Root + category.Slug + (extension is null ? "" : "." + extension) + context.Request.QueryString
            : null;
    }

    /// <summary>Answers with the way to it.</summary>
    public static void Answer(HttpContext context, string target)
    {
        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        context.Response.Headers.Location = target;
        // For ever, but a browser may ask again: the category could be given the old slug back.
        context.Response.Headers.CacheControl = "public, max-age=3600";
        FeedCors.Allow(context.Response.Headers);
    }
}
