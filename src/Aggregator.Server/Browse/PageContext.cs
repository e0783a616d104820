using System.Globalization;
using Aggregator.Core.Publishing;
using Aggregator.Server.Resources;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Browse;

/// <summary>
/// What every page needs to know of the request it answers: the language, the words in it, the zone of its times, the addresses.
/// One for a request; components inject it.
/// </summary>
internal sealed class PageContext
{
    private readonly string _origin;

    public PageContext(RenderedFor renderedFor, IOptions<SiteOptions> options, SiteLinks links, SiteAssets assets, TimeProvider time)
    {
        if (renderedFor.Request is { } shared)
        {
            Language = shared.Language;
            Query = QueryHelpers.ParseQuery(shared.Query);
            LanguageParameter = shared.LanguageParameter;
        }
        else
        {
            var context = renderedFor.Visit ?? throw new InvalidOperationException("A page is rendered outside of a request.");
            Language = LanguageChoice.Of(context.Request);
            Query = context.Request.Query;
            LanguageParameter = LanguageChoice.ParameterOf(context.Request);
            IsPosted = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        }

        Text = Text.In(Language);
        Options = options.Value;
        Links = links;
        Assets = assets;
        Zone = TimeZoneInfo.FindSystemTimeZoneById(Language.Choose(Options.TimeZone));
        Today = DayOf(time.GetUtcNow());
        _origin = new Uri(links.Base).GetLeftPart(UriPartial.Authority);
    }

    public SiteLanguage Language { get; }

    public Text Text { get; }

    public SiteOptions Options { get; }

    public SiteLinks Links { get; }

    public SiteAssets Assets { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>The day that it is in the page's zone.</summary>
    public DateOnly Today { get; }

    public string SiteTitle => Language.Choose(Options.Title);

    /// <summary>The query of the page's own address, which the language links keep.</summary>
    private IEnumerable<KeyValuePair<string, StringValues>> Query { get; }

    private string LanguageParameter { get; }

    /// <summary>Whether the page answers something that was sent: then nobody finds it again under the address that this was sent to.</summary>
    private bool IsPosted { get; }

    /// <summary>The query that the page was asked for with: empty, or with its question mark.</summary>
    public string OwnQuery => QueryString.Create(Query).Value ?? "";

    /// <summary>
    /// One of our addresses without scheme and host: a visitor who came under another name of this host (an IP address, a
    /// tunnel) stays there, and the sign-in cookie with him. Feeds and canonical addresses stay absolute.
    /// </summary>
    public string Local(string address) =>
        address.StartsWith(_origin, StringComparison.Ordinal) ? address[_origin.Length..] : address;

    /// <summary>
    /// This page in another language. Only a query: a path from the address bar could begin with two slashes
    /// and name another host.
    /// </summary>
    /// <param name="language">The language.</param>
    /// <param name="form">Where the form of this page stands, which leads there when the page answers it; null when it is sent to the page itself.</param>
    public string InLanguage(SiteLanguage language, string? form = null)
    {
        if (IsPosted && form is not null) return QueryHelpers.AddQueryString(Local(form), LanguageChoice.Parameter, language.Code);
        var query = new QueryBuilder();
        foreach (var (key, values) in Query)
            if (!key.Equals(LanguageParameter, StringComparison.OrdinalIgnoreCase))
                foreach (var value in values)
                    query.Add(key, value ?? "");

        query.Add(LanguageParameter, language.Code);
        return query.ToString();
    }

    /// <summary>A time in the page's zone, to the minute or to the second.</summary>
    public string Format(DateTimeOffset time, bool withSeconds = false) =>
        TimeZoneInfo.ConvertTime(time, Zone).ToString(withSeconds ? Language.TimePattern + ":ss" : Language.TimePattern, Language.Culture);

    /// <summary>The day on which something happened, in the page's zone.</summary>
    public DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, Zone).DateTime);

    /// <summary>A day as a heading says it: near ones by their names, those of this year without it.</summary>
    public string NameOf(DateOnly day)
    {
        var date = day.ToString(day.Year == Today.Year ? Language.DayPattern : Language.DayPatternWithYear, Language.Culture);
        return (Today.DayNumber - day.DayNumber) switch
        {
            0 => Text.Today(date),
            1 => Text.Yesterday(date),
            _ => date,
        };
    }

    /// <summary>The time of day in the page's zone.</summary>
    public string FormatTimeOfDay(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The name of the page's zone.</summary>
    public string ZoneName => ZoneNameOf(Zone);

    /// <summary>The name of a zone: one that people use where there is one, else its IANA name.</summary>
    public string ZoneNameOf(TimeZoneInfo zone) => zone.Id switch
    {
        "Asia/Shanghai" => Text.BeijingTime,
        "Etc/UTC" => "UTC",
        var id => id,
    };
}
