using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Routing;
using Aggregator.Core.Stores;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Subscriptions;

/// <summary>
/// A source as an outline and back. Everything that an admin can set stands in attributes of our own namespace; secrets (user name,
/// password, cookies, own headers, passwords and tokens in addresses) only when they are asked for.
/// </summary>
internal static class SourceOutline
{
    // Says that the attributes are all there is: without it, an outline is a stranger's and its text is the title.
    private const string Whole = "settings";

    /// <summary>How much of a value that could not be taken a report shows, in characters.</summary>
    internal const int ShownLength = 100;

    private static readonly JsonSerializerOptions HeadersJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The outline of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="retention">How long what is of it is kept.</param>
    /// <param name="withSecrets">Whether secrets are written too.</param>
    public static OpmlOutline Of(Source source, RetentionSettings retention, bool withSecrets)
    {
        var fetch = source.FetchSettings ?? new FetchSettings();
        return new OpmlOutline
        {
            Text = source.DisplayTitle,
            Type = "rss",
            XmlUrl = source.IsCatalogueDocument ? source.Url[(Source.CatalogueScheme.Length + 1)..] : withSecrets ? source.Url : PublicSourceAddress.WithoutSecrets(source.Url),
            HtmlUrl = source.Feed.SiteUrl,
            Attributes =
            [
                .. source.DefaultLanguage is { } language ? [new KeyValuePair<string, string>("language", language)] : Array.Empty<KeyValuePair<string, string>>(),
                .. OwnAttributes.Of(
                    (Whole, "1"), ("title", source.Title), ("state", StateName(source.State)), ("zone", source.DefaultZone),
                    ("minInterval", Written(source.MinInterval)), ("maxInterval", Written(source.MaxInterval)), ("rules", source.Rules),
                    ("republish", source.Republish?.Name()), ("publisherAgrees", source.PublisherAgrees ? "true" : null),
                    ("capture", source.Capture.Mode == CaptureMode.Off ? null : source.Capture.Mode.ToString()),
                    ("captureShortBelow", source.Capture.ShortBelow?.ToString(CultureInfo.InvariantCulture)),
                    ("captureKeep", Lines(source.Capture.Keep)), ("captureRemove", Lines(source.Capture.Remove)),
                    ("userAgent", fetch.UserAgent), ("charset", fetch.Charset), ("pinnedCertificate", fetch.PinnedCertificate),
                    ("proxy", fetch.Proxy is null || withSecrets ? fetch.Proxy : PublicSourceAddress.WithoutSecrets(fetch.Proxy))),
                .. RetentionAttributes.Of(retention),
                .. withSecrets
                    ? OwnAttributes.Of(
                        ("userName", fetch.UserName), ("password", fetch.Password), ("cookies", fetch.Cookies),
                        ("headers", fetch.Headers.Count == 0
                            ? null
                            : JsonSerializer.Serialize(fetch.Headers.Select(header => new[] { header.Name, header.Value }).ToArray(), HeadersJson)))
                    : [],
            ],
        };
    }

    /// <summary>Whether a source has anything that only an export with secrets writes.</summary>
    public static bool HasSecrets(Source source) =>
        IsSecret(source.Url)
        || source.FetchSettings is { } fetch
            && (fetch.UserName is not null || fetch.Password is not null || fetch.Cookies is not null || fetch.Headers.Count > 0 || (fetch.Proxy is { } proxy && IsSecret(proxy)));

    /// <summary>The source that an outline asks for. Settings that cannot be used are left out and named.</summary>
    /// <param name="outline">The outline.</param>
    /// <param name="url">Its address, judged already.</param>
    /// <param name="categories">The categories that it is to join.</param>
    /// <param name="problems">What was left out, and why.</param>
    public static NewSource Read(OpmlOutline outline, string url, IReadOnlyList<long> categories, out IReadOnlyList<(ImportReason Reason, string? Detail)> problems)
    {
        var found = new List<(ImportReason, string?)>();
        var fetch = FetchOf(outline);
        if (fetch?.Problem() is { } problem)
        {
            found.Add((ImportReason.FetchSettings, problem));
            fetch = null;
        }

        var (min, max) = (Interval(outline.Own("minInterval")), Interval(outline.Own("maxInterval")));
        if (!SourceRules.AreIntervals(min, max))
        {
            found.Add((ImportReason.Intervals, null));
            (min, max) = (null, null);
        }

        var rules = outline.Own("rules");
        if (!RoutingRules.TryParse(rules, out _, out var wrong))
        {
            found.Add((ImportReason.Rules, wrong.ToString()));
            rules = null;
        }

        var capture = CaptureOf(outline);
        if (capture?.Problem() is not null || capture is null)
        {
            found.Add((ImportReason.Capture, capture?.Problem()));
            capture = CapturePolicy.Off;
        }

        var title = outline.Own(Whole) is not null ? NullIfEmpty(outline.Own("title")) : outline.DisplayName == outline.XmlUrl ? null : outline.DisplayName;
        if (title is not null && !SourceRules.IsTitle(title, SourceEdit.MaxTitleLength))
        {
            found.Add((ImportReason.Title, null));
            title = NullIfEmpty(SourceRules.TitleOf(title, SourceEdit.MaxTitleLength));
        }

        var zone = NullIfEmpty(outline.Own("zone"));
        if (zone is not null && !SourceRules.IsZone(zone))
        {
            found.Add((ImportReason.Zone, TextCut.To(zone, ShownLength)));
            zone = null;
        }

        // Any tool writes this attribute; only what is ours is worth a line of the report.
        var language = NullIfEmpty(outline.Attributes.FirstOrDefault(static attribute => attribute.Key == "language").Value);
        if (language is not null && !LanguageTag.IsWellFormed(language))
        {
            if (outline.Own(Whole) is not null) found.Add((ImportReason.Language, TextCut.To(language, ShownLength)));
            language = null;
        }

        var republish = RepublishOf(outline, found);
        problems = found;
        return new NewSource
        {
            Republish = republish,
            PublisherAgrees = outline.Own("publisherAgrees") is "true",
            Url = url,
            Title = title,
            SiteUrl = Uri.TryCreate(outline.HtmlUrl, UriKind.Absolute, out var site) && site.Scheme is "http" or "https" ? site.AbsoluteUri : null,
            State = outline.Own("state") switch { "paused" => SourceState.Paused, "gone" => SourceState.Gone, _ => SourceState.Active },
            DefaultZone = zone,
            DefaultLanguage = language,
            MinInterval = min,
            MaxInterval = max,
            FetchSettings = fetch,
            Rules = NullIfEmpty(rules),
            Capture = capture,
            CategoryIds = categories,
        };
    }

    /// <summary>How much may be shown by an outline's word. One that cannot be read means nothing at all, until somebody says it right.</summary>
    public static RepublishLevel? RepublishOf(OpmlOutline outline, List<(ImportReason, string?)> problems)
    {
        if (NullIfEmpty(outline.Own("republish")) is not { } name) return null;
        if (RepublishLevels.FromName(name) is { } level) return level;
        problems.Add((ImportReason.Republish, TextCut.WithEllipsis(name, ShownLength)));
        return RepublishLevel.Nothing;
    }

    private static string? Lines(IReadOnlyList<string> selectors) => selectors.Count == 0 ? null : string.Join('\n', selectors);

    private static CapturePolicy? CaptureOf(OpmlOutline outline)
    {
        var mode = CaptureMode.Off;
        if (outline.Own("capture") is { Length: > 0 } named && !Enum.TryParse(named, ignoreCase: false, out mode)) return null;
        var words = 0;
        var bound = NullIfEmpty(outline.Own("captureShortBelow"));
        if (bound is not null && !int.TryParse(bound, NumberStyles.None, CultureInfo.InvariantCulture, out words)) return null;
        return new CapturePolicy
        {
            Mode = mode,
            ShortBelow = bound is null ? null : words,
            Keep = NullIfEmpty(outline.Own("captureKeep"))?.Split('\n') ?? [],
            Remove = NullIfEmpty(outline.Own("captureRemove"))?.Split('\n') ?? [],
        };
    }

    private static FetchSettings? FetchOf(OpmlOutline outline)
    {
        var fetch = new FetchSettings
        {
            Headers = HeadersOf(outline.Own("headers")),
            Cookies = outline.Own("cookies"),
            UserName = outline.Own("userName"),
            Password = outline.Own("password"),
            UserAgent = outline.Own("userAgent"),
            Proxy = outline.Own("proxy"),
            PinnedCertificate = outline.Own("pinnedCertificate"),
            Charset = outline.Own("charset"),
        };
        return fetch is { Headers.Count: 0, Cookies: null, UserName: null, Password: null, UserAgent: null, Proxy: null, PinnedCertificate: null, Charset: null }
            ? null
            : fetch;
    }

    private static IReadOnlyList<RequestHeader> HeadersOf(string? json)
    {
        if (string.IsNullOrEmpty(json)) return [];
        try
        {
            return [.. (JsonSerializer.Deserialize<string[][]>(json) ?? []).Where(static pair => pair is { Length: 2 }).Select(static pair => new RequestHeader(pair[0], pair[1]))];
        }
        catch (JsonException)
        {
            // No name of a header: FetchSettings says so, and the report names the source.
            return [new RequestHeader("", "")];
        }
    }

    private static string? StateName(SourceState state) => state switch { SourceState.Paused => "paused", SourceState.Gone => "gone", _ => null };

    private static string? Written(TimeSpan? time) => time?.ToString("c", CultureInfo.InvariantCulture);

    private static TimeSpan? Interval(string? text) =>
        string.IsNullOrEmpty(text) ? null : TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time) ? time : TimeSpan.Zero;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsSecret(string address) => PublicSourceAddress.WithoutSecrets(address) != address;
}
