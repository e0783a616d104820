using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Server.Publish;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Hub;

/// <summary>Finds the feed that an address names: whatever of ours holds entries is a topic, by its <c>self</c> link; also what a visitor follows, for whoever has the address.</summary>
internal sealed class HubTopics(TopicDirectory directory, SiteLinks links)
{
    /// <summary>The topic; null when there is no such feed, with the reason in a sentence.</summary>
    public async Task<(HubTopic? Topic, string Problem)> FindAsync(string url, CancellationToken cancellationToken)
    {
        const string Unknown = "hub.topic is none of our feeds. Take the address from the feed's 'self' link.";
        if (FeedPath.Read(url, links) is not var (name, format)) return (null, Unknown);
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
        Topic.OfSelection selection => SelectionToken.Parse(selection.Token) is { } token ? await directory.FindAsync(TopicName.OfSelection(token), cancellationToken) : null,
        Topic.OfSearch search => await directory.FindAsync(TopicName.OfSearch(search.Query), cancellationToken),
        _ => await directory.FindAsync(TopicName.Everything, cancellationToken),
    };
}
