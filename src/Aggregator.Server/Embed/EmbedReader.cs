using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Embed;

/// <summary>Reads what an embedded list shows, and tells from the category's version alone whether a visitor has it already.</summary>
internal sealed class EmbedReader(TopicDirectory topics, IEntryStore entries, ISourceStore sources, SiteAssets assets)
{
    /// <summary>The category, or null when there is none.</summary>
    public ValueTask<PublishedTopic?> FindAsync(string slug, CancellationToken cancellationToken) =>
        topics.FindAsync(TopicName.Category(slug), cancellationToken);

    /// <summary>The entries of a category.</summary>
    public async Task<EmbedList> ReadAsync(PublishedTopic topic, EmbedLook look, CancellationToken cancellationToken)
    {
        var newest = await entries.ListAsync(new EntryQuery { Topic = topic.Topic, Limit = look.Count }, cancellationToken);
        return new EmbedList(topic.Slug!, topic.Title, topic.Language, look, await BrowseEndpoints.WithSourcesAsync(newest, sources, cancellationToken));
    }

    /// <summary>
    /// A weak entity tag: everything that decides what is shown, but not its bytes (RFC 9110 §8.8.1). It needs no entries, so a 304
    /// costs a look-up.
    /// </summary>
    /// <param name="topic">The category.</param>
    /// <param name="look">What the site owner chose.</param>
    /// <param name="page">The language and the site's own words.</param>
    /// <param name="kind">Which representation.</param>
    public string Tag(PublishedTopic topic, EmbedLook look, PageContext page, string kind)
    {
        var parts = string.Join('\n',
            kind, topic.Slug, topic.Title, topic.Language, topic.Version.Number, topic.Version.ChangedAt?.UtcTicks,
            look.ToQuery(), page.Language.Code, page.SiteTitle, page.Language.Choose(page.Options.TimeZone),
            assets.Path("embed.css"), assets.Path("embed-frame.js"));
        return $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)).AsSpan(0, 16))}\"";
    }
}
