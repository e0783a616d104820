using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;
using Aggregator.Server.Search;
using Aggregator.Server.Stories;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Selections;

/// <summary>
/// <c>/subscriptions</c>: what a visitor follows, without an account. Every page works without scripts, and none of them enters the cache that
/// strangers share; the feeds are among the other feeds (<see cref="PublishEndpoints"/>).
/// </summary>
internal static class SelectionEndpoints
{
    private const string Root = SelectionCookie.Path;

    /// <summary>The largest form, in bytes: a search at its longest, and all categories.</summary>
    private const long MaxFormBytes = 65_536;

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what pages and feeds of selections need.</summary>
    public static IServiceCollection AddSelections(this IServiceCollection services)
    {
        services.AddOptions<SelectionOptions>().BindConfiguration(SelectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<SelectionLimit>();
        services.TryAddSingleton<SelectionReader>();
        services.TryAddSingleton<FollowedTopics>();
        services.TryAddSingleton<ReaderList>();
        services.TryAddScoped<SelectionDesk>();
        return services;
    }

    public static IEndpointRouteBuilder MapSelections(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Root, GetAndHead, ShowAsync);
        routes.MapMethods(Root + "/picks", GetAndHead, static (SelectionDesk desk, HttpContext context) => PicksAsync(desk, context));
        routes.MapMethods(Root + "/{token}", GetAndHead, OfferAsync);
        routes.MapPost(Root + "/picks", ChooseAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        routes.MapPost(Root + "/follow", FollowAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        routes.MapPost(Root + "/unfollow", UnfollowAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        routes.MapPost(Root + "/import", ImportAsync).WithMetadata(new RequestSizeLimitAttribute(ReaderList.MaxBytes + MaxFormBytes));
        routes.MapPost(Root + "/adopt", AdoptAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        routes.MapPost(Root + "/forget", ForgetAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        return routes;
    }

    private static async Task<IResult> ShowAsync(
        SelectionDesk desk, HttpContext context, SelectionReader reader, ISelectionStore selections, ISourceStore sources, IStoryStore stories, SearchLimit searches,
        PageContext page, TimeProvider time)
    {
        var stopping = context.RequestAborted;
        await desk.OpenAsync(stopping);
        if (desk is not { Token: { } token, Selection: { Topics.Count: > 0 } selection }) return await PicksAsync(desk, context);
        if (selection.Searches.Count > 0 && !searches.Admit(context)) return PageResult.Status(StatusCodes.Status429TooManyRequests, page.Text.SearchTooMany);

        var address = ListAddress.Read(context.Request.Query) with { SourceId = null, Language = null };
        var query = new SelectionQuery { Selection = selection, Found = await reader.FoundAsync(selection, stopping), OncePerStory = true };
        var shown = await EntryPager.ReadAsync(address, (before, after, limit) => selections.ListAsync(query with { Before = before, After = after, Limit = limit }, stopping));
        var listed = await StoryLists.WithAsync(await BrowseEndpoints.WithSourcesAsync(shown.Entries, sources, stopping), stories, stopping);

        var now = time.GetUtcNow();
        var visit = selection.Visit.Begin(now);
        var seen = shown.Newer is null && shown.Entries.Count > 0 ? visit.Show(shown.Entries.Max(entry => entry.FirstSeenAt), now) : visit;
        if (HttpMethods.IsGet(context.Request.Method)) await desk.UseAsync(seen, stopping);

        var followed = await desk.FollowedAsync(stopping);
        return PageResult.Private<SubscriptionsPage>(
            new SubscriptionsModel(await desk.CategoriesAsync(stopping), desk.Form, followed, listed, shown, visit.SeenAt, desk.FeedsOf(token))
            {
                Just = context.Request.Query["followed"] is [{ } key] ? followed.FirstOrDefault(topic => topic.Key == key) : null,
            },
            contentSecurityPolicy: PageResult.ListSecurityPolicy);
    }

    private static async Task<IResult> PicksAsync(SelectionDesk desk, HttpContext context)
    {
        await desk.OpenAsync(context.RequestAborted);
        var text = desk.Text;
        var notice = context.Request.Query["done"] is [{ } done] ? done switch { "saved" => text.PicksSaved, "forgotten" when desk.Selection is null => text.Forgotten, _ => null } : null;
        return await desk.PicksPageAsync(picks => picks with { Notice = notice ?? (desk.IsGone ? text.SubscriptionsGone : null) }, context.RequestAborted);
    }

    private static async Task<IResult> ChooseAsync(SelectionDesk desk, HttpContext context, ISelectionStore selections, IOptions<SelectionOptions> options)
    {
        var stopping = context.RequestAborted;
        if (await desk.RefusalAsync(stopping) is { } refusal) return refusal;
        if (await PostedForm.ReadAsync(context, stopping) is not { } form) return PageResult.Status(StatusCodes.Status400BadRequest);
        var chosen = form[FollowedTopic.Category].ToHashSet(StringComparer.Ordinal);
        var categories = await desk.CategoriesAsync(stopping);
        var wanted = categories.Where(category => chosen.Contains(category.Slug)).Select(category => Topic.Category(category.Id)).ToList();
        if (desk.Selection is null && wanted.Count == 0) return Redirect("/picks");

        var selection = await desk.TakeAsync(stopping);
        await selections.UnfollowAsync(selection.Id, [.. categories.Select(category => Topic.Category(category.Id)).Except(wanted)], stopping);
        var following = await selections.FollowAsync(selection.Id, wanted, options.Value.MaxPicks, stopping);
        return following.IsFull ? await desk.FullAsync(stopping) : Redirect(following.Followed.Count > 0 ? "" : "/picks?done=saved");
    }

    /// <summary>
    /// Pages of lists are the same for everybody and so have no token in their button: where the browser says that it was pressed on a page of
    /// ours, that is enough; else the visitor is asked once more, by a form with a token.
    /// </summary>
    private static async Task<IResult> FollowAsync(SelectionDesk desk, HttpContext context, ISelectionStore selections, FollowedTopics topics, IOptions<SelectionOptions> options)
    {
        var stopping = context.RequestAborted;
        if (!desk.Admit()) return desk.TooMany();
        await desk.OpenAsync(stopping);
        if (await PostedForm.ReadAsync(context, stopping) is not { } form) return PageResult.Status(StatusCodes.Status400BadRequest);
        if (await topics.FindAsync(form, stopping) is not { } topic) return PageResult.Status(StatusCodes.Status404NotFound);
        if (!await desk.IsOursAsync()) return PageResult.Private<FollowPage>(new FollowModel(await desk.CategoriesAsync(stopping), desk.Form, topic));

        var selection = await desk.TakeAsync(stopping);
        var following = await selections.FollowAsync(selection.Id, [topic.Topic], options.Value.MaxPicks, stopping);
        // Neither full nor followed: it went, or the selection was forgotten, in the meantime. The page says what is there.
        return following.IsFull ? await desk.FullAsync(stopping) : Redirect(following.Followed.Count > 0 ? "?followed=" + Uri.EscapeDataString(topic.Key) : "");
    }

    private static async Task<IResult> UnfollowAsync(SelectionDesk desk, HttpContext context, ISelectionStore selections, FollowedTopics topics)
    {
        var stopping = context.RequestAborted;
        if (await desk.RefusalAsync(stopping) is { } refusal) return refusal;
        if (await PostedForm.ReadAsync(context, stopping) is not { } form) return PageResult.Status(StatusCodes.Status400BadRequest);
        if (desk.Selection is { } selection && await topics.FindAsync(form, stopping) is { } topic) await selections.UnfollowAsync(selection.Id, [topic.Topic], stopping);
        return Redirect("/picks?done=saved");
    }

    private static async Task<IResult> ImportAsync(SelectionDesk desk, HttpContext context, ISelectionStore selections, ReaderList lists, IOptions<SelectionOptions> options)
    {
        var stopping = context.RequestAborted;
        if (await desk.RefusalAsync(stopping) is { } refusal) return refusal;
        var file = (await PostedForm.ReadAsync(context, stopping))?.Files["list"];
        Task<IResult> AgainAsync(string problem) => desk.PicksPageAsync(picks => picks with { Problem = problem }, stopping, StatusCodes.Status422UnprocessableEntity);
        if (file is null || file.Length == 0) return await AgainAsync(desk.Text.ImportListNone);
        if (file.Length > ReaderList.MaxBytes) return await AgainAsync(desk.Text.ImportListTooLarge((int)(ReaderList.MaxBytes / 1024 / 1024)));
        using var body = new MemoryStream((int)file.Length);
        await file.CopyToAsync(body, stopping);
        if (await lists.MatchAsync(body.GetBuffer().AsMemory(0, (int)body.Length), stopping) is not { } match) return await AgainAsync(desk.Text.ImportListNoList);

        var following = new Following([], IsFull: false);
        if (match.Found.Count > 0)
        {
            var selection = await desk.TakeAsync(stopping);
            following = await selections.FollowAsync(selection.Id, match.Found, options.Value.MaxPicks, stopping);
            await desk.AgainAsync(stopping);
        }

        var report = new ReaderListReport(match, following.Followed.Count);
        return await desk.PicksPageAsync(picks => picks with { Import = report, Problem = following.IsFull ? desk.Text.PicksFull : null }, stopping);
    }

    private static async Task<IResult> OfferAsync(string token, SelectionDesk desk, HttpContext context, ISelectionStore selections, FollowedTopics topics)
    {
        var stopping = context.RequestAborted;
        if (SelectionToken.Parse(token) is not { } given || await selections.FindAsync(given.Hash(), stopping) is not { } selection)
            return PageResult.Status(StatusCodes.Status404NotFound);
        await desk.OpenAsync(stopping);
        if (desk.Token == given) return Redirect("");
        return PageResult.Private<AdoptPage>(new AdoptModel(
            await desk.CategoriesAsync(stopping), desk.Form, given.Value, await topics.DescribeAsync(selection.Topics, stopping), desk.Selection is { Topics.Count: > 0 }));
    }

    private static async Task<IResult> AdoptAsync(SelectionDesk desk, HttpContext context, ISelectionStore selections, IOptions<SelectionOptions> options)
    {
        var stopping = context.RequestAborted;
        if (await desk.RefusalAsync(stopping) is { } refusal) return refusal;
        var form = await PostedForm.ReadAsync(context, stopping);
        if (SelectionToken.Parse(form?["token"]) is not { } given || await selections.FindAsync(given.Hash(), stopping) is not { } selection)
            return PageResult.Status(StatusCodes.Status404NotFound);
        if (form!["add"] == "1" && desk.Selection is { } own)
        {
            return (await selections.FollowAsync(own.Id, selection.Topics, options.Value.MaxPicks, stopping)).IsFull ? await desk.FullAsync(stopping) : Redirect("");
        }

        SelectionCookie.Set(context, given, options.Value.KeepUnused);
        return Redirect("");
    }

    private static async Task<IResult> ForgetAsync(SelectionDesk desk, HttpContext context, ISelectionStore selections, FeedCache feeds)
    {
        if (await desk.RefusalAsync(context.RequestAborted) is { } refusal) return refusal;
        if (desk.Token is { } token)
        {
            await selections.ForgetAsync(token.Hash(), context.RequestAborted);
            feeds.Forget(TopicName.OfSelection(token));
        }

        SelectionCookie.Remove(context);
        return Redirect("/picks?done=forgotten");
    }

    private static RedirectHttpResult Redirect(string rest) => TypedResults.LocalRedirect($"~{Root}{rest}");
}
