using System.Globalization;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Stories;

/// <summary>The page of a story: who tells the article, when, and in what one of them differs from the first.</summary>
internal static class StoryEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/stories/{id}?with={entry}</c>.</summary>
    public static IEndpointRouteBuilder MapStories(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/stories/{id:long}", GetAndHead, StoryAsync);
        return routes;
    }

    private static async Task<IResult?> StoryAsync(
        HttpContext context, long id, string? with, IStoryStore stories, StoryDrafts drafts, PageContext page, SiteLinks links, CancellationToken cancellationToken)
    {
        if (await stories.FindAsync(id, cancellationToken) is not { } story) return PageResult.Status(StatusCodes.Status404NotFound);

        // It was taken into another one.
        if (story.Id != id) return Results.Redirect(page.Local(links.Story(story.Id)), permanent: true, preserveMethod: true);

        var second = story.Members.ElementAtOrDefault(1);
        var compared = story.Members.Skip(1).FirstOrDefault(member => member.EntryId.ToString(CultureInfo.InvariantCulture) == with) ?? second;
        var query = compared == second ? "" : string.Create(CultureInfo.InvariantCulture, $"?with={compared!.EntryId}");
        return await CachedPages.GetAsync(
            context, string.Create(CultureInfo.InvariantCulture, $"/stories/{id}{query}"), async stopping => await drafts.ReadAsync(story, compared, stopping));
    }
}
