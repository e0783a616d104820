using Aggregator.Server.Publish;

namespace Aggregator.Server.Browse;

/// <summary>Which of our languages a visitor gets: what the address asks for, else the cookie, else the browser's wish, else Chinese.</summary>
internal static class LanguageChoice
{
    /// <summary>The query parameter that chooses a language and keeps the choice.</summary>
    public const string Parameter = "lang";

    /// <summary>The cookie that keeps the choice; it holds <c>zh</c> or <c>en</c> and nothing else.</summary>
    public const string Cookie = "aggregator-lang";

    // What browsers send is one of few, and to read it takes longer than to answer with a page from memory.
    private static readonly BoundedCache<string, Preference> Read = new(MaxRead, static _ => 1, TimeProvider.System);
    private const int MaxRead = 1000;
    private const int MaxReadLength = 100;

    /// <summary>Its name on the page of a search, where <c>lang</c> means the language of what is looked for.</summary>
    public const string SearchParameter = "hl";

    /// <summary>The parameter that chooses a language on that page.</summary>
    public static string ParameterOf(HttpRequest request) =>
        request.Path.Equals("/search", StringComparison.OrdinalIgnoreCase) ? SearchParameter : Parameter;

    /// <summary>The language chosen in the address, or null when the address chooses none of ours.</summary>
    public static SiteLanguage? InAddress(HttpRequest request) =>
        request.QueryString.HasValue ? SiteLanguage.Find(request.Query[ParameterOf(request)]) : null;

    public static SiteLanguage Of(HttpRequest request) =>
        InAddress(request)
        ?? (request.Headers.Cookie.Count > 0 ? SiteLanguage.Find(request.Cookies[Cookie]) : null)
        ?? Preferred(request)
        ?? SiteLanguage.Chinese;

    /// <summary>Keeps a choice made in the address for a year. It is no personal data, only a preference.</summary>
    public static void Keep(HttpContext context, SiteLanguage language) =>
        context.Response.Cookies.Append(Cookie, language.Code, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            Path = context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/",
        });

    /// <summary>The best of the header <c>Accept-Language</c> (RFC 9110 §12.5.4); order decides between equal weights.</summary>
    private static SiteLanguage? Preferred(HttpRequest request)
    {
        var header = request.Headers.AcceptLanguage;
        if (header.Count == 0) return null;
        if (header.Count > 1 || header[0] is not { Length: <= MaxReadLength } text) return Parse(request);
        if (!Read.TryGet(text, out var known)) Read.Set(text, known = new Preference(Parse(request)));
        return known.Language;
    }

    private static SiteLanguage? Parse(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .Where(wish => wish.Quality is not 0)
            .OrderByDescending(wish => wish.Quality ?? 1)
            .Select(wish => SiteLanguage.Find(wish.Value.Value))
            .FirstOrDefault(language => language is not null);

    private sealed record Preference(SiteLanguage? Language);
}
