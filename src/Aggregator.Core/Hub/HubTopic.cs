using Aggregator.Core.Model;
using Aggregator.Core.Publishing;

namespace Aggregator.Core.Hub;

/// <summary>A feed of ours as a topic that can be subscribed to.</summary>
/// <param name="Url">Its address, as the subscription named it.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Format">The format that it is pushed in.</param>
public sealed record HubTopic(string Url, Topic Topic, FeedFormat Format);
