using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>
/// An item of a JSON feed while it is being read. Its members come in any order, and the document's language, which dates may
/// depend on, may come after all items: what is what is decided at the end.
/// </summary>
internal sealed class JsonEntryDraft
{
    internal string? Id;
    internal string? Title;
    internal string? Url;
    internal string? Canonical;
    internal string? Alternate;
    internal string? Html;
    internal string? ReaderHtml;
    internal string? Plain;
    internal string? Summary;
    internal string? SummaryHtml;
    internal string? DatePublished;
    internal string? Published;
    internal string? DateModified;
    internal string? Updated;
    internal List<Person>? Authors;
    internal List<Person>? Author;
    internal List<Enclosure>? Attachments;
    internal List<Enclosure>? Enclosures;
    internal List<string>? Tags;
    internal List<string>? Categories;
    internal string? Language;
    internal string? Image;
    internal string? BannerImage;
    internal ClaimedSource? Origin;

    internal ParsedEntry Finish(Uri? baseUrl, DateContext dates) => new()
    {
        Id = Id,
        Title = Text(Title, ParsedTextKind.Plain),
        Link = Resolved(Url ?? Canonical ?? Alternate, baseUrl),
        PublishedAt = DateParser.Parse(DatePublished, dates) ?? DateParser.Parse(Published, dates),
        UpdatedAt = DateParser.Parse(DateModified, dates) ?? DateParser.Parse(Updated, dates),
        Authors = Authors ?? Author ?? [],
        Summary = Text(Summary, ParsedTextKind.Plain) ?? Text(SummaryHtml, ParsedTextKind.Html),
        Content = Text(Html ?? ReaderHtml, ParsedTextKind.Html) ?? Text(Plain, ParsedTextKind.Plain),
        BaseUrl = baseUrl?.AbsoluteUri,
        Enclosures = Attachments is null ? Enclosures ?? [] : Enclosures is null ? Attachments : [.. Attachments, .. Enclosures],
        Categories = Tags ?? Categories ?? [],
        Language = Language,
        ImageUrl = Resolved(Image ?? BannerImage, baseUrl),
        ClaimedSource = Origin,
    };

    private static ParsedText? Text(string? text, ParsedTextKind kind) => text is null ? null : new ParsedText(text, kind);

    private static string? Resolved(string? url, Uri? baseUrl) => url is null ? null : Urls.Resolve(url, baseUrl);
}
