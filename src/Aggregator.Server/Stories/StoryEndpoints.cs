using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;

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

    private static async Task<IResult> StoryAsync(
        long id, string? with, IStoryStore stories, IEntryStore entries, ISourceStore sources, ICategoryStore categories, PageContext page, SiteLinks links,
        CancellationToken cancellationToken)
    {
        if (await stories.FindAsync(id, cancellationToken) is not { } story) return PageResult.Status(StatusCodes.Status404NotFound);

        // It was taken into another one.
        if (story.Id != id) return Results.Redirect(page.Local(links.Story(story.Id)), permanent: true, preserveMethod: true);

        var first = story.Members[0];
        var compared = story.Members.Skip(1).FirstOrDefault(member => member.EntryId.ToString(CultureInfo.InvariantCulture) == with) ?? story.Members.ElementAtOrDefault(1);
        var one = await entries.FindAsync(first.EntryId, cancellationToken);
        var other = compared is null ? null : await entries.FindAsync(compared.EntryId, cancellationToken);
        // What is left out of one of them would stand there as a difference.
        var diff = one is { Level: RepublishLevel.Full } && other is { Level: RepublishLevel.Full } ? ArticleDiffer.Compare(TextOf(one.Entry), TextOf(other.Entry)) : null;
        return PageResult.Shared<StoryPage>(new StoryModel(
            await categories.ListAsync(cancellationToken),
            story.Id,
            await StoryList.WithSourcesAsync(story.Members, sources, cancellationToken),
            diff is null ? null : compared,
            diff,
            one?.Entry.Language));
    }

    private static ComparedText TextOf(Entry entry) =>
        new(entry.Title, string.Join(", ", entry.Authors.Select(author => author.Name)), entry.Content ?? (entry.Summary is { } summary ? System.Net.WebUtility.HtmlEncode(summary) : null));
}
