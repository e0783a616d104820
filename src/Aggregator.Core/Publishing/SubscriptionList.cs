using Aggregator.Core.Model;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Publishing;

/// <summary>The public sources of a topic as a subscription list (OPML 2.0): what a reader needs to subscribe to them without us.</summary>
public static class SubscriptionList
{
    /// <summary>
    /// The list, in the order given. A source whose own address is no stranger's business, or is a document of the catalogue, is listed
    /// with our feed of it; one that its publisher has retired, or does not want to be listed, is left out.
    /// </summary>
    public static OpmlDocument Of(string title, IEnumerable<Source> sources, SiteLinks links)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(links);
        return new OpmlDocument
        {
            Title = FeedText.Line(title),
            Outlines = [.. sources.Where(static source => source.State is not SourceState.Gone && source.Level > RepublishLevel.Nothing).Select(source => Outline(source, links))],
        };
    }

    /// <summary>A feed of our own in a list.</summary>
    /// <param name="title">What to call it.</param>
    /// <param name="feed">Its address.</param>
    /// <param name="page">The page that shows the same.</param>
    public static OpmlOutline OwnFeed(string title, string feed, string page)
    {
        var line = FeedText.Line(title) ?? feed;
        return new OpmlOutline { Text = line, Title = line, Type = "rss", XmlUrl = feed, HtmlUrl = page };
    }

    private static OpmlOutline Outline(Source source, SiteLinks links)
    {
        var title = PublicSourceAddress.Title(source);
        return new OpmlOutline
        {
            Text = title,
            Title = title,
            // OPML 2.0 knows one type of subscription, whatever the feed's dialect.
            Type = "rss",
            XmlUrl = PublicSourceAddress.Feed(source, links) ?? links.Feed(Topic.Source(source.Id), slug: null, FeedFormat.Atom.Extension()),
            HtmlUrl = PublicSourceAddress.Site(source),
        };
    }
}
