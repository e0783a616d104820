using System.Text;
using Aggregator.Core.Background;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Normalizing;

/// <summary>Turns what a document said into what we store: identity, absolute addresses, safe markup, plain text, bounds. Thread-safe.</summary>
/// <param name="sanitizer">The allow-list that content passes.</param>
public sealed class FeedNormalizer(ContentSanitizer sanitizer)
{
    /// <summary>Normalises a feed. One bad entry never costs the others; what was left out is in <see cref="NormalizedFeed.Notes"/>.</summary>
    public NormalizedFeed Normalize(ParsedFeed feed, NormalizeContext context)
    {
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(context);
        var notes = new List<string>(feed.Repairs);
        var feedBase = context.BaseUrl ?? Absolute(feed.SelfUrl) ?? Absolute(feed.SiteUrl);
        var facts = Facts(feed, feedBase);

        // What relative addresses in texts have grown by until now, in characters.
        var growth = 0L;
        var entries = new List<Entry>(Math.Min(feed.Entries.Count, NormalizerLimits.MaxEntries));
        foreach (var parsed in feed.Entries)
        {
            if (entries.Count == NormalizerLimits.MaxEntries)
            {
                notes.Add($"more than {NormalizerLimits.MaxEntries} entries, the rest left out");
                break;
            }

            if (Normalize(parsed, feed, facts, context, feedBase, ref growth) is { } entry) entries.Add(entry);
            BackgroundThreads.GiveWay();
        }

        if (feed.Entries.Count - entries.Count is > 0 and var empty && entries.Count < NormalizerLimits.MaxEntries)
            notes.Add($"{empty} {(empty == 1 ? "entry" : "entries")} without title, link and content left out");

        var (rule, distinct) = TellApart(entries, context.IdentityRule, notes);
        return new NormalizedFeed { Facts = facts, Entries = distinct, IdentityRule = rule, Notes = notes };
    }

    private static FeedFacts Facts(ParsedFeed feed, Uri? baseUrl) => new()
    {
        Title = NullIfEmpty(PlainText.From(feed.Title, NormalizerLimits.MaxTitleLength)),
        Description = NullIfEmpty(PlainText.From(feed.Description, NormalizerLimits.MaxSummaryLength)),
        SiteUrl = UrlCleaner.Clean(feed.SiteUrl, baseUrl),
        Id = feed.Id is null ? null : TextCut.To(feed.Id, NormalizerLimits.MaxGuidLength),
        Language = LanguageDetector.Canonical(feed.Language),
        Rights = NullIfEmpty(PlainText.From(feed.Rights, NormalizerLimits.MaxTitleLength)),
        LicenseUrl = UrlCleaner.Clean(feed.LicenseUrl, baseUrl),
        Wishes = feed.Wishes,
        Format = feed.Format,
        UpdatedAt = feed.UpdatedAt,
    };

    private Entry? Normalize(ParsedEntry parsed, ParsedFeed feed, FeedFacts facts, NormalizeContext context, Uri? feedBase, ref long growth)
    {
        var entryBase = feed.Repairs.Contains(ParsedFeed.RelativeAddresses) ? null : Absolute(parsed.BaseUrl) ?? feedBase;
        // RSS calls every guid a permalink that does not deny it; one that is no address would resolve to a page that is not there.
        var link = parsed.Link == parsed.Id && !Urls.IsHttp(parsed.Link) ? null : parsed.Link;
        var url = UrlCleaner.Clean(parsed.OriginalLink) ?? UrlCleaner.Clean(link, entryBase);
        // Relative links in the text are relative to xml:base, or to the feed; but a feed on another host than its articles
        // hardly ever means itself.
        var textBase = growth > ParserLimits.MaxAddressGrowth ? null : Absolute(parsed.BaseUrl) ?? Absolute(url) ?? feedBase;

        var body = parsed.Content ?? parsed.Summary;
        var content = body is null ? null : Content(body, textBase);
        if (content is not null) growth += Math.Max(0, content.Length - body!.Value.Length);
        var title = PlainText.From(parsed.Title, NormalizerLimits.MaxTitleLength);
        var hasOwnSummary = parsed.Summary is not null && parsed.Content is not null;
        var summary = hasOwnSummary ? PlainText.From(parsed.Summary, NormalizerLimits.MaxSummaryLength) : "";
        if (summary.Length == 0 && content is not null) summary = PlainText.FromHtml(content, NormalizerLimits.MadeSummaryLength);
        if (title.Length == 0) title = PlainText.Collapse(summary, NormalizerLimits.MadeTitleLength);
        if (title.Length == 0 && url is null && content is null) return null;

        var authors = Authors(parsed.Authors.Count > 0 ? parsed.Authors : feed.Authors);
        var enclosures = Enclosures(parsed, entryBase);
        var published = parsed.PublishedAt ?? parsed.UpdatedAt;
        var guid = Guid(parsed.Id);
        return new Entry
        {
            Key = "",
            Guid = guid,
            Url = url,
            Title = title,
            Summary = NullIfEmpty(summary),
            Content = NullIfEmpty(content),
            Authors = authors,
            Tags = Tags(parsed.Categories),
            Enclosures = enclosures,
            ImageUrl = Image(parsed, content, enclosures, entryBase),
            Language = LanguageDetector.Canonical(parsed.Language) ?? facts.Language ?? LanguageDetector.Detect(title + " " + summary) ?? context.DefaultLanguage,
            PublishedAt = published,
            UpdatedAt = parsed.UpdatedAt,
            Rights = NullIfEmpty(PlainText.From(parsed.Rights, NormalizerLimits.MaxTitleLength)),
            LicenseUrl = UrlCleaner.Clean(parsed.LicenseUrl, entryBase),
            Wishes = parsed.Wishes,
            ClaimedSource = Claimed(parsed.ClaimedSource),
            // A new "updated" alone is no new version.
            ContentHash = VersionHash.Of(title, NullIfEmpty(content), summary, authors, parsed.PublishedAt, enclosures),
        };
    }

    private string Content(ParsedText body, Uri? baseUrl)
    {
        var text = body.Value;
        if (body.Kind == ParsedTextKind.Plain || (body.Kind == ParsedTextKind.Unknown && !PlainText.LooksLikeHtml(text))) return Escape(text);
        if (text.Length > NormalizerLimits.MaxContentLength) return Escape(PlainText.FromHtml(text, NormalizerLimits.MaxContentLength));
        return sanitizer.Sanitize(text, baseUrl);
    }

    /// <summary>Plain text as markup: escaped, its paragraphs and line breaks kept.</summary>
    private static string Escape(string text)
    {
        var markup = new StringBuilder(Math.Min(text.Length, NormalizerLimits.MaxContentLength) + 32);
        text = text.Trim();
        var length = Math.Min(text.Length, NormalizerLimits.MaxContentLength);
        for (var i = 0; i < length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&': markup.Append("&amp;"); break;
                case '<': markup.Append("&lt;"); break;
                case '>': markup.Append("&gt;"); break;
                case '\r': break;
                case '\n':
                    markup.Append("<br>\n");
                    break;
                default:
                    if (c >= ' ' || c == '\t') markup.Append(c);
                    break;
            }
        }

        return markup.ToString();
    }

    private static List<Person> Authors(IReadOnlyList<Person> authors)
    {
        var kept = new List<Person>();
        foreach (var author in authors)
        {
            if (kept.Count == NormalizerLimits.MaxAuthors) break;
            var name = PlainText.From(new ParsedText(author.Name, ParsedTextKind.Unknown), NormalizerLimits.MaxNameLength);
            if (name.Length == 0 || kept.Exists(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) continue;
            kept.Add(new Person(name, author.Email, UrlCleaner.Clean(author.Url)));
        }

        return kept;
    }

    private static List<string> Tags(IReadOnlyList<string> categories)
    {
        var tags = new List<string>();
        foreach (var category in categories)
        {
            if (tags.Count == NormalizerLimits.MaxTags) break;
            var tag = PlainText.From(new ParsedText(category, ParsedTextKind.Unknown), NormalizerLimits.MaxNameLength);
            if (tag.Length > 0 && !tags.Exists(known => known.Equals(tag, StringComparison.OrdinalIgnoreCase))) tags.Add(tag);
        }

        return tags;
    }

    private static List<Enclosure> Enclosures(ParsedEntry parsed, Uri? baseUrl)
    {
        var kept = new List<Enclosure>();
        foreach (var enclosure in parsed.Enclosures.Concat(parsed.Media))
        {
            if (kept.Count == NormalizerLimits.MaxEnclosures) break;
            if (UrlCleaner.Clean(enclosure.Url, baseUrl) is not { } url || kept.Exists(known => known.Url == url)) continue;
            var type = enclosure.Type?.Split(';')[0].Trim().ToLowerInvariant();
            kept.Add(new Enclosure(url, type is { Length: > 0 and < 100 } && type.Contains('/', StringComparison.Ordinal) ? type : null, enclosure.Length is > 0 ? enclosure.Length : null));
        }

        return kept;
    }

    private static string? Image(ParsedEntry parsed, string? content, List<Enclosure> enclosures, Uri? baseUrl)
    {
        if (UrlCleaner.Clean(parsed.ImageUrl, baseUrl) is { } declared) return declared;
        if (enclosures.Find(static enclosure => enclosure.Type?.StartsWith("image/", StringComparison.Ordinal) == true) is { } picture) return picture.Url;
        return content is null ? null : LeadImage.Find(content);
    }

    private static ClaimedSource? Claimed(ClaimedSource? claimed)
    {
        if (claimed is null) return null;
        var title = NullIfEmpty(PlainText.From(claimed.Title is null ? null : new ParsedText(claimed.Title, ParsedTextKind.Unknown), NormalizerLimits.MaxTitleLength));
        var url = UrlCleaner.Clean(claimed.Url);
        return title is null && url is null ? null : new ClaimedSource(title, url);
    }

    /// <summary>
    /// Gives every entry its key. Two items of one document with the same key and another link or title are different items:
    /// then the source steps down a rung. True duplicates collapse into the first.
    /// </summary>
    private static (IdentityRule Rule, List<Entry> Entries) TellApart(List<Entry> entries, IdentityRule asked, List<string> notes)
    {
        for (var rule = asked; ; rule++)
        {
            var byKey = new Dictionary<string, Entry>(entries.Count, StringComparer.Ordinal);
            var distinct = new List<Entry>(entries.Count);
            Entry? collision = null;
            foreach (var entry in entries)
            {
                var key = EntryKey.Compute(rule, entry.Guid, entry.Url, entry.PublishedAt, entry.Title, entry.ContentHash.Span);
                if (!byKey.TryGetValue(key, out var known))
                {
                    var keyed = entry with { Key = key };
                    byKey.Add(key, keyed);
                    distinct.Add(keyed);
                }
                else if (known.Url != entry.Url || known.Title != entry.Title)
                {
                    collision = entry;
                    if (rule < IdentityRule.Everything) break;
                }
            }

            if (collision is not null && rule < IdentityRule.Everything) continue;
            if (rule != asked) notes.Add($"different entries shared a key, so they are told apart by {Describe(rule)}");
            if (entries.Count - distinct.Count is > 0 and var duplicates) notes.Add($"{duplicates} {(duplicates == 1 ? "entry" : "entries")} given twice");
            return (rule, distinct);
        }
    }

    private static string Describe(IdentityRule rule) => rule switch
    {
        IdentityRule.Id => "id",
        IdentityRule.Link => "link",
        IdentityRule.LinkAndDate => "link and date",
        IdentityRule.LinkDateAndTitle => "link, date and title",
        _ => "link, date, title and content",
    };

    private static string? Guid(string? id)
    {
        if (string.IsNullOrWhiteSpace(id)) return null;
        var guid = PlainText.Collapse(id, int.MaxValue / 8);
        return TextCut.To(guid, NormalizerLimits.MaxGuidLength);
    }

    private static Uri? Absolute(string? url) => Urls.IsHttp(url) && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
