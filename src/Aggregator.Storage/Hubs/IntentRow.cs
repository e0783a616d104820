using Aggregator.Core.Hub;
using Aggregator.Core.Stores;

namespace Aggregator.Storage.Hubs;

/// <summary>A request to our hub with its topic, as it is read.</summary>
internal sealed record IntentRow
{
    public const string Select = $$"""
        select hub_intent.id, hub_intent.callback, hub_intent.host, hub_intent.mode, hub_intent.secret, hub_intent.lease, hub_intent.client,
               hub_intent.reason, {{StoredTopic.Columns}}
        from hub_intent join hub_topic on hub_topic.id = hub_intent.topic_id
        where hub_intent.id {any @ids}
        order by hub_intent.id
        """;

    public required long Id { get; init; }
    public required string Callback { get; init; }
    public required string Host { get; init; }
    public required int Mode { get; init; }
    public string? Secret { get; init; }
    public required long Lease { get; init; }
    public string? Client { get; init; }
    public string? Reason { get; init; }
    public required string TopicUrl { get; init; }
    public string? SealedUrl { get; init; }
    public required int Kind { get; init; }
    public required long About { get; init; }
    public string? Query { get; init; }
    public required int Format { get; init; }

    public Intent ToIntent(ISecretSealer sealer) => new()
    {
        Id = Id,
        Mode = (HubMode)Mode,
        Topic = StoredTopic.Read(TopicUrl, SealedUrl, Kind, About, Query, Format, sealer),
        Callback = Callback,
        Host = Host,
        Secret = Secret,
        Lease = TimeSpan.FromMilliseconds(Lease),
        Client = Client,
        Reason = Reason,
    };
}
