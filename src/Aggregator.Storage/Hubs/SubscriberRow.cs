using Aggregator.Core.Hub;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Hubs;

/// <summary>A subscription at our hub with its topic and its callback, as it is read.</summary>
internal sealed record SubscriberRow
{
    public const string Columns = $"""
        hub_subscriber.id, hub_subscriber.topic_id, hub_subscriber.callback_id, hub_subscriber.secret, hub_subscriber.created_at,
        hub_subscriber.lease_until, hub_subscriber.position, hub_subscriber.target, hub_subscriber.due_at, hub_subscriber.behind_since,
        hub_subscriber.attempts, hub_subscriber.delivered, hub_subscriber.last_delivery_at, hub_subscriber.failure,
        {StoredTopic.Columns},
        hub_callback.url as callback, hub_callback.host, hub_callback.failures, hub_callback.open_until
        """;

    public const string Tables = """
        hub_subscriber join hub_topic on hub_topic.id = hub_subscriber.topic_id join hub_callback on hub_callback.id = hub_subscriber.callback_id
        """;

    public required long Id { get; init; }
    public required long TopicId { get; init; }
    public required long CallbackId { get; init; }
    public string? Secret { get; init; }
    public required long CreatedAt { get; init; }
    public required long LeaseUntil { get; init; }
    public required long Position { get; init; }
    public required long Target { get; init; }
    public long? DueAt { get; init; }
    public long? BehindSince { get; init; }
    public required int Attempts { get; init; }
    public required long Delivered { get; init; }
    public long? LastDeliveryAt { get; init; }
    public string? Failure { get; init; }
    public required string TopicUrl { get; init; }
    public string? SealedUrl { get; init; }
    public required int Kind { get; init; }
    public required long About { get; init; }
    public string? Query { get; init; }
    public required int Format { get; init; }
    public required string Callback { get; init; }
    public required string Host { get; init; }
    public required int Failures { get; init; }
    public long? OpenUntil { get; init; }

    public DueDelivery ToDelivery(DateTimeOffset now, ISecretSealer sealer) => new()
    {
        Id = Id,
        TopicId = TopicId,
        Topic = ToTopic(sealer),
        CallbackId = CallbackId,
        Callback = Callback,
        Secret = Secret,
        Position = Position,
        Target = Target,
        Attempts = Attempts,
        CallbackFailures = Failures,
        BehindSince = UnixTime.FromMilliseconds(BehindSince) ?? now,
    };

    public SubscriberState ToState(ISecretSealer sealer) => new()
    {
        Id = Id,
        TopicUrl = ToTopic(sealer).ShownUrl,
        IsSecret = SealedUrl is not null,
        Callback = Callback,
        IsSigned = Secret is not null,
        CreatedAt = UnixTime.FromMilliseconds(CreatedAt),
        LeaseUntil = UnixTime.FromMilliseconds(LeaseUntil),
        BehindSince = UnixTime.FromMilliseconds(BehindSince),
        DueAt = UnixTime.FromMilliseconds(DueAt),
        Delivered = Delivered,
        LastDeliveryAt = UnixTime.FromMilliseconds(LastDeliveryAt),
        Attempts = Attempts,
        Failure = Failure,
        CircuitOpenUntil = UnixTime.FromMilliseconds(OpenUntil),
    };

    private HubTopic ToTopic(ISecretSealer sealer) => StoredTopic.Read(TopicUrl, SealedUrl, Kind, About, Query, Format, sealer);
}
