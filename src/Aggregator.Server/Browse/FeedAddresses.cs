using Aggregator.Core.Model;
using Aggregator.Core.Publishing;

namespace Aggregator.Server.Browse;

/// <summary>The addresses under which a reader subscribes to a list.</summary>
/// <param name="Title">What the feeds are called, for autodiscovery.</param>
/// <param name="Atom">Atom 1.0 (RFC 4287).</param>
/// <param name="Rss">RSS 2.0.</param>
/// <param name="Json">JSON Feed 1.1.</param>
public sealed record FeedAddresses(string Title, string Atom, string Rss, string Json)
{
    /// <summary>The three feeds of a topic.</summary>
    public static FeedAddresses Of(SiteLinks links, string title, Topic topic, string? slug = null)
    {
        ArgumentNullException.ThrowIfNull(links);
        return new FeedAddresses(title, links.Feed(topic, slug, "atom"), links.Feed(topic, slug, "rss"), links.Feed(topic, slug, "json"));
    }
}
