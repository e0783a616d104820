namespace Aggregator.Server.Selections;

/// <summary>
/// The cookie that has a selection's token. It goes to <c>/subscriptions</c> and nowhere else, so that every other page stays the same for
/// everybody.
/// </summary>
internal static class SelectionCookie
{
    /// <summary>Its name.</summary>
    public const string Name = "aggregator-subscriptions";

    /// <summary>The path that everything stands under that may know a selection.</summary>
    public const string Path = "/subscriptions";

    // Another version's cookie is none of ours.
    private const string Version = "1.";

    // What browsers keep a cookie for at the most (RFC 6265bis §5.5).
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    /// <summary>The token in a request's cookie; null when there is none that could be ours.</summary>
    public static SelectionToken? Read(HttpRequest request) =>
        request.Cookies[Name] is { } value && value.StartsWith(Version, StringComparison.Ordinal) ? SelectionToken.Parse(value[Version.Length..]) : null;

    /// <summary>Gives the browser a token for as long as an unused selection is kept.</summary>
    public static void Set(HttpContext context, SelectionToken token, TimeSpan keep)
    {
        var options = Options(context);
        options.MaxAge = keep < Longest ? keep : Longest;
        context.Response.Cookies.Append(Name, Version + token.Value, options);
    }

    /// <summary>Takes it away again.</summary>
    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = context.Request.PathBase.Add(Path),
    };
}
