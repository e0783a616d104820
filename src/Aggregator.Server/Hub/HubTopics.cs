using System.Globalization;
using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Server.Publish;
using Aggregator.Server.Search;

namespace Aggregator.Server.Hub;

/// <summary>Finds the feed that an address names: whatever of ours holds entries is a topic, by its <c>self</c> link.</summary>
internal sealed class HubTopics(TopicDirectory directory, SiteLinks links)
{
    /// <summary>The topic; null when there is no such feed, with the reason in a sentence.</summary>
    public async Task<(HubTopic? Topic, string Problem)> FindAsync(string url, CancellationToken cancellationToken)
    {
        const string Unknown = "hub.topic is none of our feeds. Take the address from the feed's 'self' link.";
        if (!url.StartsWith(links.Base + "/", StringComparison.Ordinal)) return (null, Unknown);
        var rest = url[links.Base.Length..];
        var query = rest.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? rest[mark..] : "";
        var path = rest[..(rest.Length - query.Length)];
        var dot = path.LastIndexOf('.');
        if (dot < 0 || FeedFormats.FromExtension(path.AsSpan(dot + 1)) is not { } format || format == FeedFormat.Opml || NameOf(path[..dot], query) is not { } name)
            return (null, Unknown);
        if (await directory.FindAsync(name, cancellationToken) is not { } found) return (null, Unknown);
        var self = links.Feed(found.Topic, found.Slug, format.Extension());
        return self == url
            ? (new HubTopic(self, found.Topic, format), "")
            : (null, $"hub.topic must be written as the feed's 'self' link has it: {self}");
    }

    /// <summary>The topic as it stands; null when there is none any more.</summary>
    public async Task<PublishedTopic?> FindAsync(Topic topic, string? slug, CancellationToken cancellationToken) => topic switch
    {
        Topic.OfCategory => slug is null ? null : await directory.FindAsync(TopicName.Category(slug), cancellationToken),
        Topic.OfSource source => await directory.FindAsync(TopicName.Source(source.SourceId), cancellationToken),
        Topic.OfSearch search => await directory.FindAsync(TopicName.OfSearch(search.Query), cancellationToken),
        _ => await directory.FindAsync(TopicName.Everything, cancellationToken),
    };

    private static TopicName? NameOf(string path, string query)
    {
        const string Categories = "/categories/";
        const string Sources = "/sources/";
        if (path == "/search")
        {
            var address = SearchAddress.Read(query);
            return address.Query.IsEmpty ? null : TopicName.OfSearch(address.Canonical);
        }

        if (path == "/all") return TopicName.Everything;
        if (path.StartsWith(Categories, StringComparison.Ordinal)) return TopicName.Category(path[Categories.Length..]);
        return path.StartsWith(Sources, StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(Sources.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? TopicName.Source(id)
            : null;
    }
}
