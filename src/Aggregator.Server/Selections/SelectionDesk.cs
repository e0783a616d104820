using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Resources;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Selections;

/// <summary>One request of one visitor: which selection is his, whether his form is ours, and the page on which he chooses.</summary>
internal sealed class SelectionDesk(
    RenderedFor renderedFor, ISelectionStore selections, FollowedTopics topics, Navigation navigation, IAntiforgery antiforgery, SelectionLimit limit, PageContext page,
    IOptions<SelectionOptions> options, TimeProvider time)
{
    private HttpContext Context => renderedFor.Visit ?? throw new InvalidOperationException("There is no request.");

    /// <summary>The words of the visitor's language.</summary>
    public Text Text => page.Text;

    /// <summary>The token in his cookie, when there is a selection under it.</summary>
    public SelectionToken? Token { get; private set; }

    /// <summary>His selection, or null.</summary>
    public Selection? Selection { get; private set; }

    /// <summary>Whether his cookie names a selection that is no more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Proves a form of this answer to be ours.</summary>
    public FormToken Form => FormToken.Of(Context, antiforgery);

    /// <summary>Looks his selection up. A cookie that opens nothing (forgotten elsewhere, expired, forged, another version's) is taken away.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (Selection is not null || IsGone || !Context.Request.Cookies.ContainsKey(SelectionCookie.Name)) return;
        Token = SelectionCookie.Read(Context.Request);
        if (Token is not null) Selection = await selections.FindAsync(Token.Hash(), cancellationToken);
        if (Selection is not null) return;
        Token = null;
        IsGone = true;
        SelectionCookie.Remove(Context);
    }

    /// <summary>Looks it up again, after a change.</summary>
    public async Task AgainAsync(CancellationToken cancellationToken)
    {
        if (Token is not null) Selection = await selections.FindAsync(Token.Hash(), cancellationToken);
    }

    /// <summary>His selection; a new one, with its cookie, when he has none.</summary>
    public async Task<Selection> TakeAsync(CancellationToken cancellationToken)
    {
        if (Selection is { } known) return known;
        Token = SelectionToken.Create();
        Selection = await selections.AddAsync(Token.Hash(), time.GetUtcNow(), cancellationToken);
        SelectionCookie.Set(Context, Token, options.Value.KeepUnused);
        return Selection;
    }

    /// <summary>Keeps the day of use and what was shown, where either changed; with a new day the cookie is renewed.</summary>
    public async Task UseAsync(SelectionVisit visit, CancellationToken cancellationToken)
    {
        if (this is not { Token: { } token, Selection: { } selection }) return;
        var now = time.GetUtcNow();
        var isNewDay = selection.UsedAt.UtcDateTime.Date < now.UtcDateTime.Date;
        if (isNewDay) SelectionCookie.Set(Context, token, options.Value.KeepUnused);
        if (isNewDay || visit != selection.Visit) await selections.UseAsync(selection.Id, now, visit, cancellationToken);
    }

    /// <summary>Counts a change of this visitor's address; false when it is one too many.</summary>
    public bool Admit() => limit.Admit(Context);

    /// <summary>The page for one change too many.</summary>
    public IResult TooMany() => PageResult.Status(StatusCodes.Status429TooManyRequests, Text.SubscriptionsTooMany);

    /// <summary>Opens the selection for a change; the answer when there is to be none.</summary>
    public async Task<IResult?> RefusalAsync(CancellationToken cancellationToken)
    {
        if (!Admit()) return TooMany();
        await OpenAsync(cancellationToken);
        return await IsOursAsync() ? null : PageResult.Status(StatusCodes.Status400BadRequest, Text.FormExpired);
    }

    /// <summary>
    /// Whether what was posted came from a page of ours: the browser says so (Fetch Metadata, W3C; <c>Origin</c>, RFC 6454 §7), neither of which
    /// another site's page can change, or the form has our token.
    /// </summary>
    public async Task<bool> IsOursAsync()
    {
        var request = Context.Request;
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 ? site == "same-origin" : request.Headers.Origin is [{ } origin] && IsOwn(origin, request)) return true;
        try
        {
            return await antiforgery.IsRequestValidAsync(Context);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>All categories.</summary>
    public ValueTask<IReadOnlyList<Category>> CategoriesAsync(CancellationToken cancellationToken) => navigation.ListAsync(cancellationToken);

    /// <summary>What he follows.</summary>
    public async Task<IReadOnlyList<FollowedTopic>> FollowedAsync(CancellationToken cancellationToken) =>
        Selection is null ? [] : await topics.DescribeAsync(Selection.Topics, cancellationToken);

    /// <summary>The feeds under a token.</summary>
    public FeedAddresses FeedsOf(SelectionToken token) => FeedAddresses.Of(page.Links, Text.MySubscriptions, Topic.Selection(token.Value));

    /// <summary>The page on which he chooses.</summary>
    public async Task<IResult> PicksPageAsync(Func<PicksModel, PicksModel> with, CancellationToken cancellationToken, int statusCode = StatusCodes.Status200OK)
    {
        var model = new PicksModel(await CategoriesAsync(cancellationToken), Form, await FollowedAsync(cancellationToken), options.Value.KeepUnused)
        {
            PrivateAddress = Token is null ? null : page.Links.Selection(Token.Value),
            Feeds = Token is null ? null : FeedsOf(Token),
        };
        return PageResult.Private<PicksPage>(with(model), statusCode, PageResult.ListSecurityPolicy);
    }

    /// <summary>The same when there was no room for something.</summary>
    public async Task<IResult> FullAsync(CancellationToken cancellationToken)
    {
        await AgainAsync(cancellationToken);
        return await PicksPageAsync(picks => picks with { Problem = Text.PicksFull }, cancellationToken, StatusCodes.Status422UnprocessableEntity);
    }

    private bool IsOwn(string origin, HttpRequest request) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || origin.Equals(new Uri(page.Links.Base).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
