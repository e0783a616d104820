using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Core.WebSub;
using Aggregator.Server.Browse;
using Aggregator.Server.Crawl;
using Aggregator.Server.Resources;

namespace Aggregator.Server.Cli;

/// <summary>
/// One refresh of an address that is no source, and everything that can be said about it. The real refresher does the work;
/// only where it would store, what it would have stored is kept here.
/// </summary>
internal sealed class ExplainedFetch(IFeedFetcher fetcher, Core.Normalizing.FeedNormalizer normalizer, RefreshPolicy policy, FetchingOptions fetching, WebSubOptions webSub, Uri publicUrl, TimeProvider time)
{
    /// <summary>How many entries are shown.</summary>
    private const int ShownEntries = 5;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Fetches and explains.</summary>
    public async Task<Explanation> RunAsync(string url, CancellationToken cancellationToken)
    {
        var observed = new ObservedFetcher(fetcher, new FetchTrace(time, keepsHeaders: true));
        var store = new UnsavedRefreshes();
        var now = time.GetUtcNow();
        var source = new Source { Id = 0, Url = url, State = SourceState.Active, NextFetchAt = now, CreatedAt = now };
        using var refresher = new SourceRefresher(observed, normalizer, store, policy, time, fetching: fetching);
        var outcome = await refresher.RefreshAsync(source, "", turn: null, cancellationToken);
        var document = (observed.Result as FetchResult.Fetched)?.Document;
        var feed = document is not null && FeedParser.Parse(document.Body, new ParseContext
        {
            BaseUrl = document.FinalUrl,
            ContentType = document.ContentType,
            FetchedAt = now,
        }, cancellationToken) is ParseResult.Parsed parsed ? parsed.Feed : null;
        return new Explanation
        {
            Url = PublicSourceAddress.WithoutCredentials(url),
            Robots = await AskRobotsAsync(observed.Trace, store.Written!.Added, cancellationToken),
            Trace = observed.Trace,
            Outcome = outcome,
            Document = document,
            Feed = feed,
            Written = store.Written!,
            Hub = feed is null ? null : HubAnnouncement.Find(document!.LinkHeaders, document.FinalUrl, feed),
            IsWebSubActive = webSub.IsActive(publicUrl),
            WaitAtLeast = observed.Result?.WaitAtLeast,
        };
    }

    /// <summary>What the host of the answer says of crawlers; null when no answer came over HTTP.</summary>
    private async Task<RobotsDecision?> AskRobotsAsync(FetchTrace trace, IReadOnlyList<Entry> entries, CancellationToken cancellationToken)
    {
        // Who just asked us to wait is not asked for anything more.
        if (trace.Last is not { Status: not (null or 429 or 503), Url: var page }) return null;
        var result = await fetcher.FetchAsync(new FetchRequest(new Uri(page, "/robots.txt").AbsoluteUri), cancellationToken);
        var (file, found) = result switch
        {
            FetchResult.Fetched fetched => (RobotsFile.Parse(fetched.Document.Body.Span), "robots.txt"),
            FetchResult.Gone => (RobotsFile.ForFailure(410), "no robots.txt (410)"),
            FetchResult.Failed failed => (RobotsFile.ForFailure(failed.Failure.HttpStatus), failed.Failure.HttpStatus is { } status ? $"no robots.txt ({status})" : "robots.txt cannot be read"),
            _ => (RobotsFile.AllowAll, "robots.txt"),
        };
        var pages = entries.Select(entry => Uri.TryCreate(entry.Url, UriKind.Absolute, out var url) ? url : null)
            .Where(url => url is not null && url.GetLeftPart(UriPartial.Authority) == page.GetLeftPart(UriPartial.Authority)).ToList();
        var token = ProductToken.Of(fetching.UserAgent);
        return new RobotsDecision(file.IsAllowed(token, page), file.CrawlDelay(token), found, pages.Count, pages.Count(url => file.IsAllowed(token, url!)));
    }

    /// <summary>What a host's robots.txt says of the address that answered (RFC 9309), and of the pages of its entries on the same host.</summary>
    internal sealed record RobotsDecision(bool IsAllowed, TimeSpan? CrawlDelay, string Found, int Pages, int AllowedPages);

    /// <summary>What happened.</summary>
    internal sealed record Explanation
    {
        public required string Url { get; init; }
        public required FetchTrace Trace { get; init; }
        public required RefreshOutcome Outcome { get; init; }
        public FetchedDocument? Document { get; init; }
        public ParsedFeed? Feed { get; init; }
        public required RefreshWrite Written { get; init; }
        public HubAnnouncement? Hub { get; init; }
        public RobotsDecision? Robots { get; init; }
        public bool IsWebSubActive { get; init; }
        public TimeSpan? WaitAtLeast { get; init; }

        /// <summary>Whether there is a feed, and a whole one.</summary>
        public bool IsGood => Outcome is not RefreshOutcome.Failed;

        /// <summary>For people.</summary>
        public string ToText()
        {
            var text = new StringBuilder();
            for (var i = 0; i < Trace.Hops.Count; i++) Write(text, i + 1, Trace.Hops[i]);
            if (Robots is { } robots)
                text.AppendLine(Line("robots", $"{robots.Found}: captures of this address {(robots.IsAllowed ? "may be made" : "are not welcome")}{(robots.CrawlDelay is { } delay ? $", {delay} apart" : "")}; a feed that was subscribed to is asked for all the same"));
            if (Outcome is RefreshOutcome.Failed failed) text.AppendLine(Line("failed", $"{Words(failed.Failure.Kind)}: {failed.Failure.Message}"));
            if (Feed is { } feed)
            {
                text.AppendLine(Line("charset", feed.Encoding + (Document?.ContentType is { } type ? $" (Content-Type: {type})" : "")));
                text.AppendLine(Line("format", feed.Format));
                text.AppendLine(Line("repairs", feed.Repairs.Count == 0 ? "none; the document is well-formed" : string.Join("; ", feed.Repairs)));
                if (Written.Source.HealthNote is { } note && note != string.Join("; ", feed.Repairs)) text.AppendLine(Line("notes", note));
                text.AppendLine(Line("title", Written.Source.Feed.Title ?? "(none)"));
                if (Written.Source.Feed.SiteUrl is { } site) text.AppendLine(Line("site", site));
                text.AppendLine(Line("entries", $"{Written.Added.Count}, told apart by {Words(Written.Source.IdentityRule)}"));
                foreach (var entry in Written.Added.Take(ShownEntries))
                    text.AppendLine(Line("", $"{entry.PublishedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", null) ?? "(no date)        "}  {entry.Title}  {entry.Url}"));
                if (Written.Added.Count > ShownEntries) text.AppendLine(Line("", $"… and {Written.Added.Count - ShownEntries} more"));
                if (Robots is { Pages: > 0 } pages)
                    text.AppendLine(Line("pages", $"{pages.AllowedPages} of the {pages.Pages} entries' pages on this host may be captured, as its robots.txt says"));
                text.AppendLine(Line("hub", Hub is null
                    ? feed.HubUrls.Count > 0 ? $"{string.Join(", ", feed.HubUrls)}, but no self link to subscribe to" : "none"
                    : $"{Hub.HubUrl} for {Hub.TopicUrl}{(IsWebSubActive ? "" : " (not used: WebSub is off here, see WebSub:Enabled)")}"));
            }

            if (WaitAtLeast is { } wait) text.AppendLine(Line("asked for", $"no request within {wait}"));
            text.AppendLine(Line("schedule", $"{Text.In(SiteLanguage.English).Of(Written.Source.ScheduleReason)} The next would be at {Written.Source.NextFetchAt.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}."));
            return text.ToString();
        }

        /// <summary>For programs.</summary>
        public string ToJson() => JsonSerializer.Serialize(
            new
            {
                url = Url,
                hops = Trace.Hops.Select(hop => new
                {
                    url = hop.Url.AbsoluteUri,
                    request = hop.RequestHeaders.Select(header => new { name = header.Name, value = header.Value }),
                    addresses = hop.Addresses.Select(address => new { address = address.Address.ToString(), allowed = address.IsAllowed }),
                    connectedTo = hop.ConnectedTo?.ToString(),
                    connectMs = hop.ConnectTime?.TotalMilliseconds,
                    headMs = hop.HeadTime?.TotalMilliseconds,
                    bodyMs = hop.BodyTime?.TotalMilliseconds,
                    status = hop.Status,
                    httpVersion = hop.Version?.ToString(),
                    response = hop.ResponseHeaders.Select(header => new { name = header.Name, value = header.Value }),
                    wireBytes = hop.WireBytes,
                    bodyBytes = hop.BodyBytes,
                }),
                robots = Robots is null ? null : new { found = Robots.Found, allowed = Robots.IsAllowed, crawlDelay = Robots.CrawlDelay?.ToString(), pages = Robots.Pages, allowedPages = Robots.AllowedPages },
                failure = Outcome is RefreshOutcome.Failed failed ? new { kind = failed.Failure.Kind.ToString(), message = failed.Failure.Message } : null,
                charset = Feed?.Encoding,
                format = Feed?.Format,
                repairs = Feed?.Repairs,
                title = Feed is null ? null : Written.Source.Feed.Title,
                site = Feed is null ? null : Written.Source.Feed.SiteUrl,
                identity = Feed is null ? null : Written.Source.IdentityRule.ToString(),
                entries = Feed is null ? null : Written.Added.Select(entry => new { title = entry.Title, url = entry.Url, published = entry.PublishedAt }),
                hub = Hub?.HubUrl,
                topic = Hub?.TopicUrl,
                waitAtLeast = WaitAtLeast?.ToString(),
                next = Written.Source.NextFetchAt,
                reason = Text.In(SiteLanguage.English).Of(Written.Source.ScheduleReason),
            },
            Json);

        private static void Write(StringBuilder text, int number, FetchHop hop)
        {
            text.AppendLine(Line($"request {number}", $"GET {hop.Url.AbsoluteUri}"));
            foreach (var (name, value) in hop.RequestHeaders) text.AppendLine(Line("", $"> {name}: {value}"));
            foreach (var (address, isAllowed) in hop.Addresses)
                text.AppendLine(Line("guard", $"{address} {(isAllowed ? "may be connected to" : "is refused: not public, and not in Fetching:AllowedTargets")}"));
            if (hop.ConnectedTo is { } connected) text.AppendLine(Line("connected", $"{connected} after {Milliseconds(hop.ConnectTime)}"));
            else if (hop.Status is not null) text.AppendLine(Line("connected", "over the connection that was open already"));
            if (hop.Status is null) return;
            text.AppendLine(Line("answer", $"HTTP/{hop.Version} {hop.Status} after {Milliseconds(hop.HeadTime)}"));
            foreach (var (name, value) in hop.ResponseHeaders) text.AppendLine(Line("", $"< {name}: {value}"));
            if (hop.BodyTime is { } body) text.AppendLine(Line("body", $"{hop.BodyBytes} bytes, {hop.WireBytes} over the wire, in {Milliseconds(body)}"));
        }

        // What strangers wrote goes to a terminal: nothing of it may move the cursor.
        private static string Line(string label, string value) =>
            $"{label,-10} {new string([.. value.Select(character => char.IsControl(character) ? ' ' : character)])}".TrimEnd();

        private static string Milliseconds(TimeSpan? time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time?.TotalMilliseconds:0.0} ms");

        private static string Words(Enum value) =>
            string.Concat(value.ToString().Select((letter, index) => char.IsUpper(letter) && index > 0 ? " " + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
    }

    private sealed class ObservedFetcher(IFeedFetcher inner, FetchTrace trace) : IFeedFetcher
    {
        public FetchTrace Trace => trace;

        public FetchResult? Result { get; private set; }

        public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
        {
            var result = await inner.FetchAsync(request with { Trace = trace }, cancellationToken);
            // The refresher's body is its own; what is explained afterwards is a copy.
            Result = result is FetchResult.Fetched fetched ? fetched with { Document = fetched.Document with { Body = fetched.Document.Body.ToArray() } } : result;
            return result;
        }
    }
}
