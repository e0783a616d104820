using Microsoft.AspNetCore.WebUtilities;

namespace Aggregator.Server.Api;

/// <summary>What goes wrong, as problem details (RFC 9457): never a page, never the text of an exception.</summary>
internal static class ApiProblems
{
    /// <summary>A refusal with a sentence of its own.</summary>
    public static IResult Of(int status, string detail) => Results.Problem(detail, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status));

    /// <summary>A refusal that names fields, of the body or of the address.</summary>
    public static IResult OfFields(int status, params IEnumerable<(string Field, string Sentence)> fields) => Results.Problem(
        "What was sent has errors; each is named by its field.", statusCode: status, title: ReasonPhrases.GetReasonPhrase(status),
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["errors"] = fields.GroupBy(static field => field.Field, StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static group => group.Select(static field => field.Sentence).ToArray(), StringComparer.Ordinal),
        });

    /// <summary>Something that is not there.</summary>
    public static IResult NotFound(string what) => Of(StatusCodes.Status404NotFound, what);

    /// <summary>Gives every answer under the API without a body of its own one, whoever refused: routing, authentication, Kestrel or an error of ours.</summary>
    public static IApplicationBuilder UseApiProblems(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(ApiEndpoints.Root))
        {
            await next(context);
            return;
        }

        SetHeaders(context.Response.Headers);
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            Restart(context, refused.StatusCode);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.RequestServices.GetRequiredService<ILogger<ApiDocument>>().LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            Restart(context, StatusCodes.Status500InternalServerError);
        }

        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted && response.ContentType is null && response.ContentLength is null)
            await Of(response.StatusCode, SentenceFor(response.StatusCode)).ExecuteAsync(context);
    });

    private static void Restart(HttpContext context, int status)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        SetHeaders(context.Response.Headers);
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Authorization, Cookie";
        headers.XContentTypeOptions = "nosniff";
    }

    private static string SentenceFor(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request cannot be read: a parameter or the body has another form than /openapi/v1.json describes.",
        StatusCodes.Status401Unauthorized => "This needs an API key in \"Authorization: Bearer …\", one that has been neither revoked nor expired. A browser's session is enough for GET only.",
        StatusCodes.Status403Forbidden => "This key may not do that: it lacks the scope, or changes something and belongs to an account that may only look.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method; Allow names those that it takes.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this address takes.",
        StatusCodes.Status415UnsupportedMediaType => "This address does not take a body of that Content-Type; /openapi/v1.json names those that it takes.",
        StatusCodes.Status429TooManyRequests => "That is one request too many for this minute; Retry-After says how many seconds to wait.",
        StatusCodes.Status500InternalServerError => "Something went wrong on our side. The log of the server has the details.",
        _ => "The request was refused.",
    };
}
