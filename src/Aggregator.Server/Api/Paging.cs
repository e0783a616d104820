namespace Aggregator.Server.Api;

/// <summary>The pages of lists, by key and never by offset.</summary>
internal static class Paging
{
    /// <summary>Why a page of that size is refused, or null.</summary>
    public static IResult? Refuse(int limit) => limit is >= 1 and <= ApiPage<object>.MaxLimit
        ? null
        : ApiProblems.OfFields(StatusCodes.Status400BadRequest, ("limit", $"A page has 1 to {ApiPage<object>.MaxLimit} items."));

    /// <summary>The page; <paramref name="next"/> is the place of the next one under the API, with its query.</summary>
    public static IResult Answer<T>(HttpContext context, IReadOnlyList<T> items, string? next)
    {
        var address = next is null ? null : context.Request.PathBase + ApiEndpoints.Path + next;
        if (address is not null) context.Response.Headers.Link = $"<{address}>; rel=\"next\"";
        return ApiDocument.Of(new ApiPage<T>(items, address));
    }
}
