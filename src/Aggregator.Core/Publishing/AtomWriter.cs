using System.Xml.Linq;
using static Aggregator.Core.Publishing.FeedNamespaces;

namespace Aggregator.Core.Publishing;

/// <summary>
/// Writes Atom 1.0 (RFC 4287). It is written with LINQ to XML and not with System.ServiceModel.Syndication, which cuts dates to
/// whole seconds: the entries of one refresh would all have the same date (see <see cref="FeedDates.UpdatedOf"/>).
/// </summary>
public static class AtomWriter
{
    /// <summary>The publication as a document in UTF-8.</summary>
    public static byte[] Write(Publication publication)
    {
        ArgumentNullException.ThrowIfNull(publication);
        var feed = Feed(publication);
        return FeedXml.Write(publication.Links, feed.WriteTo);
    }

    private static XElement Feed(Publication publication)
    {
        var language = FeedLanguage.Valid(publication.Language) ?? "en";
        var words = FeedWords.In(language);
        var self = publication.SelfUrl(FeedFormat.Atom);
        return new XElement(
            Atom + "feed",
            new XAttribute("xmlns", Atom.NamespaceName),
            Declare("ag", Ag),
            Declare("dcterms", DcTerms),
            publication.Deleted.Any() ? Declare("at", Tombstones) : null,
            publication.View.Archive is null ? null : Declare("fh", History),
            new XAttribute(XNamespace.Xml + "lang", language),
            new XElement(Atom + "id", publication.Id),
            Text("title", FeedText.Line(publication.Title) ?? self),
            FeedText.Line(publication.Description) is { } description ? Text("subtitle", description) : null,
            new XElement(Atom + "updated", FeedDates.Rfc3339(publication.UpdatedAt)),
            FeedExtensions.FeedLinks(publication, FeedFormat.Atom),
            publication.OneSource?.Rights is { } rights ? Text("rights", rights) : null,
            FeedExtensions.License(publication.OneSource?.LicenseUrl),
            new XElement(Atom + "generator", new XAttribute("uri", publication.Links.Home), "Aggregator"),
            publication.View.Archive is null ? null : new XElement(History + "archive"),
            // RFC 6721 §3: the id that the entry had here, and when it went.
            publication.Deleted.Select(deleted => new XElement(
                Tombstones + "deleted-entry",
                new XAttribute("ref", publication.Links.EntryId(deleted.EntryId)),
                new XAttribute("when", FeedDates.Rfc3339(deleted.At)))),
            PublishedItem.AllOf(publication, words).Select(item => Entry(publication, item, language, words)));
    }

    private static XElement Entry(Publication publication, PublishedItem item, string feedLanguage, FeedWords words) => new(
        Atom + "entry",
        item.Language is { } language && !language.Equals(feedLanguage, StringComparison.OrdinalIgnoreCase)
            ? new XAttribute(XNamespace.Xml + "lang", language)
            : null,
        new XElement(Atom + "id", item.Id),
        Text("title", item.AnyTitle),
        item.PublishedAt is { } published ? new XElement(Atom + "published", FeedDates.Rfc3339(published)) : null,
        new XElement(Atom + "updated", FeedDates.Rfc3339(item.UpdatedAt)),
        FeedExtensions.Link("alternate", item.Url ?? item.ArticleUrl, "text/html"),
        FeedExtensions.Origins(item, words),
        FeedExtensions.License(item.LicenseUrl),
        item.Files.Select(static file => FeedExtensions.Link("enclosure", file.Url, file.Type, length: file.Length)),
        item.Authors.Select(static author => new XElement(
            Atom + "author",
            new XElement(Atom + "name", FeedText.Unambiguous(author.Name)),
            author.Url is null ? null : new XElement(Atom + "uri", author.Url))),
        item.Tags.Select(static tag => new XElement(Atom + "category", new XAttribute("term", tag))),
        item.Rights is null ? null : Text("rights", item.Rights),
        item.HasOwnContent && item.Summary is not null ? Text("summary", item.Summary) : null,
        new XElement(Atom + "content", new XAttribute("type", "html"), item.Content(publication, words)),
        Source(item),
        FeedExtensions.Provenance(item));

    // RFC 4287 §4.2.11: the source feed's metadata, not the entry's. Its author stands in for an entry that names none (§4.1.2).
    private static XElement Source(PublishedItem item)
    {
        var source = item.Source;
        return new XElement(
            Atom + "source",
            new XElement(Atom + "id", source.Id),
            Text("title", source.Title),
            new XElement(Atom + "updated", FeedDates.Rfc3339(source.UpdatedAt)),
            SelfLink(source),
            source.SiteUrl is null ? null : FeedExtensions.Link("alternate", source.SiteUrl, "text/html"),
            FeedExtensions.License(source.LicenseUrl),
            item.Authors.Count > 0 ? null : new XElement(Atom + "author", new XElement(Atom + "name", FeedText.Unambiguous(source.Title))),
            source.Rights is null ? null : Text("rights", source.Rights));
    }

    // Validators take the type of a self link for a mistake when it is no XML; a JSON feed's link goes without.
    private static XElement? SelfLink(PublishedSource source)
    {
        if (source.FeedUrl is null) return null;
        var link = FeedExtensions.Link("self", source.FeedUrl, source.FeedType);
        if (source.FeedType == FeedFormat.Json.MediaType()) link.SetAttributeValue("type", null);
        return link;
    }

    // Text that could be taken for markup says explicitly what it is: escaped HTML, which every reader decodes alike (§3.1.1.2).
    private static XElement Text(string name, string text) => FeedText.LooksLikeMarkup(text)
        ? new XElement(Atom + name, new XAttribute("type", "html"), FeedText.ToHtml(text))
        : new XElement(Atom + name, text);
}
