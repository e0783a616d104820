using System.Text.RegularExpressions;
using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>A source as our feeds name it: clean text, public addresses, and the source feed's own id and date (RFC 4287 §4.2.11).</summary>
internal sealed partial record PublishedSource
{
    /// <summary>Its id: the feed's own in canonical form, else an address.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called; never empty.</summary>
    public required string Title { get; init; }

    /// <summary>Its feed, unless that would give a secret away.</summary>
    public required string? FeedUrl { get; init; }

    /// <summary>The media type of the document at <see cref="FeedUrl"/>.</summary>
    public required string FeedType { get; init; }

    /// <summary>Its page, when known.</summary>
    public required string? SiteUrl { get; init; }

    /// <summary>The best address to name it by: feed, else page, else our page of it.</summary>
    public required string Address { get; init; }

    /// <summary>Its rights line.</summary>
    public required string? Rights { get; init; }

    /// <summary>The address of the licence of its entries.</summary>
    public required string? LicenseUrl { get; init; }

    /// <summary>When the source's feed was updated.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public static PublishedSource Of(Source source, SiteLinks links)
    {
        var feed = PublicSourceAddress.Feed(source, links);
        var address = PublicSourceAddress.Of(source, links);
        return new PublishedSource
        {
            Id = PublicId(source.Feed.Id) ?? address,
            Title = PublicSourceAddress.Title(source),
            FeedUrl = feed,
            FeedType = source.IsCatalogueDocument ? FeedFormat.Atom.MediaType() : TypeOf(source.Feed.Format),
            SiteUrl = PublicSourceAddress.Site(source),
            Address = address,
            Rights = FeedText.Line(source.Feed.Rights),
            LicenseUrl = WebAddress.Published(source.Feed.LicenseUrl),
            UpdatedAt = Updated(source),
        };
    }

    // Many feeds write the time of the request here. Bounded by the last change that we took from them, the date stays the same
    // until there is one, and so do the documents and their entity tags.
    private static DateTimeOffset Updated(Source source)
    {
        var change = source.LastChangeAt ?? source.CreatedAt;
        return source.Feed.UpdatedAt is { } updated && updated >= FeedDates.Earliest && updated < change ? updated : change;
    }

    private static string? PublicId(string? id)
    {
        if (string.IsNullOrWhiteSpace(id)) return null;
        if (TagUri().IsMatch(id)) return id;
        if (id.StartsWith("urn:uuid:", StringComparison.Ordinal)) return Guid.TryParseExact(id.AsSpan(9), "D", out _) ? id : null;
        if (Urn().IsMatch(id)) return id;
        var address = PublicSourceAddress.Clean(id, keepFragment: true, out var secret);
        return secret ? null : address;
    }

    private static string TypeOf(string? format) =>
        format is null || format.StartsWith("atom", StringComparison.Ordinal) ? FeedFormat.Atom.MediaType()
        : format.StartsWith("json", StringComparison.Ordinal) ? FeedFormat.Json.MediaType()
        : format is "rss1.0" or "rss0.90" ? "application/rdf+xml"
        : FeedFormat.Rss.MediaType();

    [GeneratedRegex(@"^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'(),%#]*$", RegexOptions.NonBacktracking)]
    private static partial Regex TagUri();

    [GeneratedRegex(@"^urn:[a-z0-9][a-z0-9-]{1,31}:[a-zA-Z0-9()+,.:=@;$_!*'%-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Urn();
}
