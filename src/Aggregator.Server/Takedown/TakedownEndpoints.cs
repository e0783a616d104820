using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace Aggregator.Server.Takedown;

/// <summary>The form by which any visitor asks to have an article taken down. It needs no account, no e-mail and no script.</summary>
internal static class TakedownEndpoints
{
    private const string Path = "/takedown";
    private const string ReceivedPath = "/takedown/received";

    /// <summary>The largest form, in bytes: the longest texts in Chinese, percent-encoded, fit.</summary>
    private const long MaxFormBytes = 65_536;

    public static IServiceCollection AddTakedowns(this IServiceCollection services)
    {
        services.AddOptions<TakedownOptions>().BindConfiguration(TakedownOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<TakedownLimit>().AddSingleton<PurgeJob>();
    }

    public static IEndpointRouteBuilder MapTakedowns(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync);
        routes.MapPost(Path, FileAsync).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        routes.MapGet(ReceivedPath, (long? number) =>
            number is > 0 ? PageResult.Private<TakedownReceivedPage>(new TakedownReceivedModel(number.Value)) : PageResult.Status(StatusCodes.Status404NotFound));
        return routes;
    }

    private static async Task<IResult> ShowAsync(
        string? article, HttpContext context, IAntiforgery antiforgery, IEntryStore entries, ITakedownStore takedowns, CancellationToken cancellationToken)
    {
        if (NumberOf(article) is not { } id) return PageResult.Status(StatusCodes.Status404NotFound);
        if (await entries.FindAsync(id, cancellationToken) is { } stored)
            return PageResult.Private<TakedownPage>(new TakedownModel(FormToken.Of(context, antiforgery), id, stored.Entry.Title));

        // Its own address says what happened to it.
        return await takedowns.FindTombstoneAsync(id, cancellationToken) is null
            ? PageResult.Status(StatusCodes.Status404NotFound)
            : TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"~/articles/{id}"));
    }

    private static async Task<IResult> FileAsync(
        HttpContext context, IAntiforgery antiforgery, IEntryStore entries, ITakedownStore takedowns, TakedownLimit limit, PageContext page,
        TimeProvider time, ILogger<TakedownLimit> logger, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(context, cancellationToken) is not { } form || NumberOf(form["article"]) is not { } id)
            return PageResult.Status(StatusCodes.Status400BadRequest);
        if (await entries.FindAsync(id, cancellationToken) is not { } stored) return PageResult.Status(StatusCodes.Status404NotFound);

        // A browser sends line breaks as two characters and counts them as one.
        var message = form["message"].ToString().ReplaceLineEndings("\n").Trim();
        var contact = form["contact"].ToString().Trim();
        var reason = Enum.TryParse<TakedownReason>(form["reason"], out var chosen) && Enum.IsDefined(chosen) ? chosen : (TakedownReason?)null;

        IResult Again(string problem, int statusCode) => PageResult.Private<TakedownPage>(
            new TakedownModel(FormToken.Of(context, antiforgery), id, stored.Entry.Title, reason, message, contact, problem), statusCode);

        if (!await antiforgery.IsRequestValidAsync(context)) return Again(page.Text.FormExpired, StatusCodes.Status400BadRequest);
        if (reason is null) return Again(page.Text.TakedownNoReason, StatusCodes.Status422UnprocessableEntity);
        if (message.Length == 0) return Again(page.Text.TakedownNoMessage, StatusCodes.Status422UnprocessableEntity);
        if (message.Length > NewTakedownRequest.MaxMessageLength || contact.Length > NewTakedownRequest.MaxContactLength)
            return Again(page.Text.TakedownTooLong(NewTakedownRequest.MaxMessageLength, NewTakedownRequest.MaxContactLength), StatusCodes.Status422UnprocessableEntity);
        if (limit.Begin(context.Connection.RemoteIpAddress) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Again(page.Text.TakedownTooMany((int)Math.Ceiling(wait.TotalMinutes)), StatusCodes.Status429TooManyRequests);
        }

        var filed = await takedowns.FileAsync(
            new NewTakedownRequest(id, reason.Value, message, contact.Length == 0 ? null : contact), time.GetUtcNow(), cancellationToken);
        switch (filed)
        {
            case TakedownFiling.Received received:
                logger.LogInformation("Take-down request {Request} for article {Article} came in; it waits at /hangfire/takedowns.", received.RequestId, id);
                return TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"~{ReceivedPath}?number={received.RequestId}"));
            case TakedownFiling.TooManyOpen:
                logger.LogWarning("A take-down request was turned away: {Max} wait for a decision at /hangfire/takedowns.", ITakedownStore.MaxOpen);
                return Again(page.Text.TakedownFull, StatusCodes.Status503ServiceUnavailable);
            default:
                return PageResult.Status(StatusCodes.Status404NotFound);
        }
    }

    private static long? NumberOf(string? article) =>
        long.TryParse(article, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
