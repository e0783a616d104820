using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>What an admin decides about stories. POST only; Hangfire's middleware has refused forged requests before we see them.</summary>
internal sealed class StoryCommands : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/stories/(?<verb>split|join)";

    public async Task Dispatch(DashboardContext context)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var verb = context.UriMatch.Groups["verb"].Value;
        if (NumberOf(form["entry"]) is not { } entryId || (verb == "join" && NumberOf(form["other"]) is null))
        {
            await StoriesPage.ShowAsync(context, text.DashboardStoryNumbers);
            return;
        }

        var stories = services.GetRequiredService<IStoryStore>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var admin = context.Admin();
        var otherId = NumberOf(form["other"]) ?? 0;
        var before = await StateAsync(stories, entryId, http.RequestAborted);
        var outcome = verb == "split"
            ? await stories.SplitAsync(entryId, admin, now, http.RequestAborted)
            : await stories.JoinAsync(entryId, otherId, admin, now, http.RequestAborted);
        switch (outcome)
        {
            case StoryDecisionOutcome.Done:
                // Numbers only: a title may have to be erased one day.
                await services.GetRequiredService<AuditTrail>().RecordAsync(
                    http.User, "story." + verb, string.Create(CultureInfo.InvariantCulture, $"article:{entryId}"), before, await StateAsync(stories, entryId, http.RequestAborted));
                DashboardRequest.SeeOther(http, $"{StoriesPage.Route}?done={verb}");
                break;
            default:
                await StoriesPage.ShowAsync(context, outcome switch
                {
                    StoryDecisionOutcome.NotFound => text.DashboardStoryNotFound,
                    StoryDecisionOutcome.TooLarge => text.DashboardStoryTooLarge(Story.MaxMembers),
                    _ => text.DashboardStoryUnchanged,
                });
                break;
        }
    }

    private static async Task<object> StateAsync(IStoryStore stories, long entryId, CancellationToken cancellationToken) =>
        (await stories.OfEntriesAsync([entryId], cancellationToken)).TryGetValue(entryId, out var story)
            ? new { Story = story.Id, Articles = string.Join(", ", story.Members.Select(member => member.EntryId)) }
            : new { Story = 0L, Articles = string.Create(CultureInfo.InvariantCulture, $"{entryId}") };

    // A number, or the address of an article's page.
    private static long? NumberOf(string? written)
    {
        var text = (written ?? "").Trim();
        if (text.LastIndexOf("/articles/", StringComparison.Ordinal) is >= 0 and var at) text = text[(at + 10)..];
        var end = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (end > 0) text = text[end] is '/' or '?' or '#' ? text[..end] : "";
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }
}
