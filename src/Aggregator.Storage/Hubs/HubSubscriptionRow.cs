using Aggregator.Core.Model;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Hubs;

/// <summary>A row of <c>hub_subscription</c>.</summary>
internal sealed record HubSubscriptionRow
{
    public required long Id { get; init; }
    public required long Revision { get; init; }
    public long? SourceId { get; init; }
    public required string HubUrl { get; init; }
    public required string TopicUrl { get; init; }
    public required string Token { get; init; }
    public required string Secret { get; init; }
    public string? CallbackBase { get; init; }
    public required int State { get; init; }
    public required int IsAnnounced { get; init; }
    public long? LeaseUntil { get; init; }
    public long? RequestedAt { get; init; }
    public long? VerifiedAt { get; init; }
    public long? LastPushAt { get; init; }
    public long? LastPingAt { get; init; }
    public required long NextAttemptAt { get; init; }
    public required int Attempts { get; init; }
    public required int Misses { get; init; }
    public required int BadSignatures { get; init; }
    public string? Failure { get; init; }

    public static HubSubscriptionRow From(HubSubscription subscription) => new()
    {
        Id = subscription.Id,
        Revision = subscription.Revision,
        SourceId = subscription.SourceId,
        HubUrl = StorableText.Of(subscription.HubUrl),
        TopicUrl = StorableText.Of(subscription.TopicUrl),
        Token = subscription.Token,
        Secret = subscription.Secret,
        CallbackBase = StorableText.Of(subscription.CallbackBase),
        State = (int)subscription.State,
        IsAnnounced = subscription.IsAnnounced ? 1 : 0,
        LeaseUntil = UnixTime.ToMilliseconds(subscription.LeaseUntil),
        RequestedAt = UnixTime.ToMilliseconds(subscription.RequestedAt),
        VerifiedAt = UnixTime.ToMilliseconds(subscription.VerifiedAt),
        LastPushAt = UnixTime.ToMilliseconds(subscription.LastPushAt),
        LastPingAt = UnixTime.ToMilliseconds(subscription.LastPingAt),
        NextAttemptAt = subscription.NextAttemptAt.ToUnixTimeMilliseconds(),
        Attempts = subscription.Attempts,
        Misses = subscription.Misses,
        BadSignatures = subscription.BadSignatures,
        Failure = StorableText.Of(subscription.Failure),
    };

    public HubSubscription ToSubscription() => new()
    {
        Id = Id,
        Revision = Revision,
        SourceId = SourceId,
        HubUrl = HubUrl,
        TopicUrl = TopicUrl,
        Token = Token,
        Secret = Secret,
        CallbackBase = CallbackBase,
        State = (HubSubscriptionState)State,
        IsAnnounced = IsAnnounced != 0,
        LeaseUntil = UnixTime.FromMilliseconds(LeaseUntil),
        RequestedAt = UnixTime.FromMilliseconds(RequestedAt),
        VerifiedAt = UnixTime.FromMilliseconds(VerifiedAt),
        LastPushAt = UnixTime.FromMilliseconds(LastPushAt),
        LastPingAt = UnixTime.FromMilliseconds(LastPingAt),
        NextAttemptAt = UnixTime.FromMilliseconds(NextAttemptAt),
        Attempts = Attempts,
        Misses = Misses,
        BadSignatures = BadSignatures,
        Failure = Failure,
    };
}
