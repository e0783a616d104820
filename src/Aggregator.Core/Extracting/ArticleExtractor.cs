using System.Text.RegularExpressions;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Aggregator.Core.Extracting;

/// <summary>
/// From the bytes of an article's page to what a reader sees of it: headline, time, source, byline, credits, body and pictures.
/// Pure: no network, no clock. SmartReader finds the body; around it stand rules of ours for what Chinese news pages do
/// otherwise. Everything that comes out as markup has passed our sanitiser. Thread-safe.
/// </summary>
/// <param name="sanitizer">Our allow-list.</param>
public sealed class ArticleExtractor(ContentSanitizer sanitizer)
{
    /// <summary>Where relative addresses lead when nobody knows the page's own (RFC 2606: no such host can exist).</summary>
    private static readonly Uri NoAddress = new("http://page.invalid/");

    /// <summary>The least text of an article, in characters without white space.</summary>
    private const int MinText = 8;

    /// <summary>Extracts the article of a page. Never throws on content.</summary>
    /// <param name="page">The bytes, at most <see cref="ExtractionLimits.MaxPageBytes"/>.</param>
    /// <param name="context">What else is known about it.</param>
    /// <param name="cancellationToken">Ends the work between two of its steps.</param>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public ExtractResult Extract(ReadOnlyMemory<byte> page, ExtractContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            return Read(page, context, cancellationToken);
        }
        catch (RegexMatchTimeoutException)
        {
            return new ExtractResult.Refused(ExtractFailureKind.TimedOut, "The page took too long to read; try again when the machine has less to do.");
        }
    }

    private ExtractResult Read(ReadOnlyMemory<byte> page, ExtractContext context, CancellationToken cancellationToken)
    {
        if (page.Length > ExtractionLimits.MaxPageBytes) return new ExtractResult.Refused(ExtractFailureKind.TooLarge, $"The page is larger than {ExtractionLimits.MaxPageBytes} bytes.");
        if (NotAPage(page.Span, context.ContentType) is { } other) return other;
        var decoded = TextDecoder.Decode(page, context.ContentType, context.CharsetOverride);
        var html = decoded.Text ?? System.Text.Encoding.UTF8.GetString(decoded.Utf8.Span);
        if (string.IsNullOrWhiteSpace(html)) return new ExtractResult.Refused(ExtractFailureKind.EmptyPage, "The page is empty.");
        List<string> notes = decoded.Repair is null ? [] : [$"Encoding: {decoded.Repair}."];
        if (PageMarkup.Bounded(PlainText.WithoutInvalid(html)) is not { } bounded)
            return new ExtractResult.Refused(ExtractFailureKind.TooManyElements, $"The page has more than {ExtractionLimits.MaxElements} elements.");

        cancellationToken.ThrowIfCancellationRequested();
        var document = new HtmlParser().ParseDocument(bounded);
        var declared = CanonicalLink.Declared(document, context.Url);
        var url = context.Url ?? declared ?? NoAddress;
        var baseUrl = BaseOf(document, url);
        var metadata = PageMetadata.Read(document, context.ProductToken, notes);
        var nextPage = url == NoAddress ? null : NextPageLink.Find(document, url);
        Prepare(document, context.Selectors);
        var lines = document.Body is { } root ? PageLines.Read(root) : [];
        var script = LanguageDetector.Detect(string.Join('\n', lines.Where(static line => line.IsProse).Select(static line => line.Text).Take(50)));
        if (script is "zh" or "ja" or "ko") BodyImages.RemoveForeign(document);
        var isOrdinary = ArticleBody.IsOrdinary(document);

        cancellationToken.ThrowIfCancellationRequested();
        var (body, article) = ArticleBody.Find(document, baseUrl, context.Selectors, isOrdinary, notes);
        if (body is null)
        {
            return context.Selectors.Keep.Count > 0
                ? new ExtractResult.Refused(ExtractFailureKind.SelectorMatchesNothing, $"Nothing on the page matches '{string.Join(", ", context.Selectors.Keep)}'; correct the selectors of the source.")
                : new ExtractResult.Refused(ExtractFailureKind.NoArticle, "The page has no text that would be an article's.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var bodyLines = PageLines.Read(body);
        var language = Language(document, metadata, article?.Language, bodyLines);
        var isEastAsian = language is not null && language.Split('-')[0] is "zh" or "ja" or "ko";
        var headline = isEastAsian
            ? Headline.Find(metadata, lines, article?.Title ?? "")
            : Headline.LineOf(article?.Title ?? metadata.Title, lines) is var line ? new Headline(PageLines.Collapse(article?.Title ?? metadata.Title), line) : default;
        var places = Places(lines, bodyLines, headline.Line);
        var zone = Zone(language);
        var dates = new DateContext { FetchedAt = context.FetchedAt, DefaultZone = TimeZoneInfo.CreateCustomTimeZone("page", zone, null, null), Language = language };
        var shown = isEastAsian ? PublicationDate.FindShown(lines, places.Headline, places.BodyStart, context.FetchedAt, zone) : null;
        var published = PublicationDate.Choose(shown, PublicationDate.FindDeclared(metadata, document, dates), isEastAsian, zone) ?? (isEastAsian ? null : WordedDate(lines, places, dates));
        var site = SiteName(metadata, article?.SiteName, isEastAsian, headline.Text);
        var source = isEastAsian ? Attribution.Source(metadata, lines, places, shown) : null;
        var byline = isEastAsian ? null : Byline.Find(document, metadata, article);
        var authors = isEastAsian ? Attribution.Authors(metadata, lines, places, source, site, Byline.Marked(document))
            : Byline.Authors(metadata, byline);
        var credits = isEastAsian ? Attribution.Credits(lines, places) : [];

        BodyImages.Resolve(body);
        Flatten(body);
        if (isEastAsian)
        {
            foreach (var image in body.QuerySelectorAll("img").ToList())
                if (BodyImages.IsOrnament(image))
                    image.Remove();
            if (context.Selectors.Keep.Count == 0 && isOrdinary) BodyEdges.Trim(body, headline.Text, shown?.Line.Text);
        }
        else if (context.Selectors.Keep.Count == 0 && isOrdinary)
        {
            BodyEdges.TrimRelated(body);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var markup = body.InnerHtml;
        if (markup.Length > ExtractionLimits.MaxContentLength) return new ExtractResult.Refused(ExtractFailureKind.ContentTooLong, $"The article is longer than {ExtractionLimits.MaxContentLength} characters.");
        var content = sanitizer.Sanitize(markup, baseUrl);
        if (ArticleBody.Fragment(content) is not { } clean || clean.TextContent.Count(static c => !char.IsWhiteSpace(c)) < MinText)
            return new ExtractResult.Refused(ExtractFailureKind.NoArticle, "The page has no text that would be an article's.");
        var images = clean.QuerySelectorAll("img").Select(static image => image.GetAttribute("src") ?? BodyImages.Largest(image.GetAttribute("srcset"))).OfType<string>().Distinct(StringComparer.Ordinal).Take(ExtractionLimits.MaxImages).ToList();
        var isOwn = declared is not null && CanonicalLink.IsOwn(declared, url);
        return new ExtractResult.Extracted(new ExtractedArticle
        {
            Title = Cut(headline.Text, NormalizerLimits.MaxTitleLength),
            PublishedAt = published?.ToUniversalTime(),
            ModifiedAt = PublicationDate.Read(metadata.LinkedData.Modified ?? metadata["article:modified_time", "og:updated_time", "dateModified"], dates)?.ToUniversalTime(),
            SiteName = site,
            Source = source,
            Authors = authors,
            Byline = byline,
            Credits = credits,
            Content = content,
            Text = ArticlePages.PlainLines(clean),
            Images = images,
            LeadImageUrl = UrlCleaner.Absolute(metadata["og:image", "og:image:url", "twitter:image", "twitter:image:src"] ?? metadata.LinkedData.Image, baseUrl) ?? images.FirstOrDefault(),
            Language = language,
            BaseUrl = baseUrl,
            CanonicalUrl = isOwn ? declared!.AbsoluteUri : null,
            ClaimedOriginalUrl = declared is not null && !isOwn && declared.Host != url.Host ? declared.AbsoluteUri : null,
            NextPageUrl = nextPage,
            Robots = RobotsDirectives.FromHeaders(context.RobotsTags, context.ProductToken).With(metadata.Robots),
            Encoding = decoded.Encoding,
            Notes = notes,
        });
    }

    private static ExtractResult.Refused? NotAPage(ReadOnlySpan<byte> page, string? contentType)
    {
        var type = contentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is { Length: > 0 } && !type.Contains("html", StringComparison.Ordinal) && !type.Contains("xml", StringComparison.Ordinal) && type is not ("text/plain" or "application/octet-stream"))
            return new ExtractResult.Refused(ExtractFailureKind.NotAPage, $"The address answers with {type}, which is no page.");
        if (page.StartsWith("%PDF-"u8) || page.StartsWith("PK\u0003\u0004"u8) || page.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || page.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || page.StartsWith("GIF8"u8))
            return new ExtractResult.Refused(ExtractFailureKind.NotAPage, "The address answers with a file that is no page.");
        return null;
    }

    /// <summary>What is taken away or shown before anybody judges the page.</summary>
    private static void Prepare(IHtmlDocument document, ContentSelectors selectors)
    {
        if (selectors.Remove.Count > 0)
            foreach (var element in document.QuerySelectorAll(string.Join(", ", selectors.Remove)).ToList())
                element.Remove();
        // Readings of characters are no part of the words.
        foreach (var reading in document.QuerySelectorAll("rt, rp").ToList()) reading.Remove();
        BodyImages.Resolve(document.DocumentElement);
        foreach (var link in document.QuerySelectorAll("a[href]"))
            if (link.GetAttribute("href") is { } href && !href.StartsWith("javascript:", StringComparison.Ordinal) && IsScript(href))
                link.RemoveAttribute("href");
        if (document.Body is not { } body) return;
        // Some publishers send the article invisible and let a script show it.
        var length = -1;
        foreach (var element in document.QuerySelectorAll("[style*='visibility' i], [style*='opacity' i]").Take(50))
        {
            if (length < 0) length = TextOf(body);
            if (TextOf(element) is > 100 and var hidden && hidden * 3 > length * 2) element.RemoveAttribute("style");
        }

        static int TextOf(IElement element) => PageLines.Read(element).Sum(static line => line.Text.Length);
    }

    /// <summary>Whether a browser would run the address: it reads schemes in any case and over line breaks (WHATWG URL §4.4).</summary>
    private static bool IsScript(string address)
    {
        Span<char> scheme = stackalloc char[11];
        var length = 0;
        foreach (var c in address)
        {
            if (c <= ' ') continue;
            if (length == scheme.Length) break;
            scheme[length++] = char.ToLowerInvariant(c);
        }

        return scheme[..length].StartsWith("javascript:") || scheme[..length].StartsWith("vbscript:");
    }

    /// <summary>Formulas as text: our allow-list has no place for the markup of mathematics.</summary>
    private static void Flatten(IElement body)
    {
        foreach (var formula in body.QuerySelectorAll("math").ToList())
        {
            if (formula.ParentElement is not { } parent || parent.Closest("math") is not null) continue;
            foreach (var annotation in formula.QuerySelectorAll("annotation, annotation-xml").ToList()) annotation.Remove();
            var parts = formula.Descendants<IText>().Select(static text => PageLines.Collapse(text.Data)).Where(static text => text.Length > 0);
            parent.ReplaceChild(body.Owner!.CreateTextNode(" " + string.Join(' ', parts) + " "), formula);
        }
    }

    private static Uri BaseOf(IHtmlDocument document, Uri url) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { Length: > 0 and <= 2_048 } written && Uri.TryCreate(url, written.Trim(), out var absolute) && absolute.Scheme is "http" or "https" ? absolute : url;

    /// <summary>Where the body that was found stands among the lines of the page.</summary>
    private static PagePlaces Places(List<PageLine> lines, List<PageLine> bodyLines, int headline)
    {
        var first = -1;
        var last = -1;
        var known = bodyLines.Where(static line => line.Text.Length >= 10).Select(static line => Headline.Key(line.Text)).ToHashSet(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Index <= headline || line.Text.Length < 10 || !known.Contains(Headline.Key(line.Text))) continue;
            if (first < 0 && (line.IsProse || line.Index > headline + 1) && !PublicationDate.IsDateLine(line) && !Attribution.IsCreditLine(line.Spaced)) first = line.Index;
            if (first >= 0) last = line.Index;
        }

        if (first < 0) first = last = Math.Min(Math.Max(0, lines.Count - 1), Math.Max(0, headline + 1));
        return new PagePlaces(headline, first, last);
    }

    private static string? Language(IHtmlDocument document, PageMetadata metadata, string? found, List<PageLine> body)
    {
        var detected = LanguageDetector.Detect(string.Join('\n', body.Select(static line => line.Text).Take(100)));
        var declared = LanguageDetector.Canonical(document.DocumentElement.GetAttribute("lang") ?? document.DocumentElement.GetAttribute("xml:lang"))
            ?? LanguageDetector.Canonical(metadata.LinkedData.Language) ?? LanguageDetector.Canonical(metadata["og:locale", "content-language", "language"]) ?? LanguageDetector.Canonical(found);
        // Templates declare what they were written in; the script of the text does not lie.
        return detected is null ? declared : declared is not null && declared.Split('-')[0] == detected ? declared : detected;
    }

    private static TimeSpan Zone(string? language) => language?.Split('-')[0] switch
    {
        "zh" => TimeSpan.FromHours(8),
        "ja" or "ko" => TimeSpan.FromHours(9),
        _ => TimeSpan.Zero,
    };

    /// <summary>A date in words near the headline, where the page declares none.</summary>
    private static DateTimeOffset? WordedDate(List<PageLine> lines, PagePlaces places, DateContext dates)
    {
        for (var i = Math.Max(0, places.Headline); i < Math.Min(lines.Count, Math.Max(places.Headline, 0) + 12); i++)
        {
            var text = lines[i].Spaced;
            if (text.Length is < 8 or > 60 || !text.AsSpan().ContainsAnyInRange('0', '9')) continue;
            foreach (var prefix in (ReadOnlySpan<string>)["Published", "Posted", "Updated", "on ", ":", " "])
                if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    text = text[prefix.Length..].TrimStart();
            if (PublicationDate.Read(text, dates) is { } date) return date;
        }

        return null;
    }

    private static string? SiteName(PageMetadata metadata, string? found, bool isEastAsian, string headline)
    {
        if (metadata["og:site_name", "SiteName", "application-name"] is { } declared) return Cut(declared, ExtractionLimits.MaxNameLength);
        if (metadata.LinkedData.Publisher is { } publisher) return publisher;
        if (!string.IsNullOrWhiteSpace(found)) return Cut(PageLines.Collapse(found), ExtractionLimits.MaxNameLength);
        if (!isEastAsian) return null;
        // …_财经_腾讯网: what stands last behind the headline.
        var key = Headline.Key(headline);
        var last = metadata.Title.Split(['_', '|', '-', '—', '·', '－', '–'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return last is { Length: >= 2 and <= 30 } && Headline.Key(last) is var name && name != key && !key.Contains(name, StringComparison.Ordinal) ? last : null;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : PlainText.Collapse(text, length);
}
