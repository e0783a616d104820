using System.Security.Cryptography;

namespace Aggregator.Core.Model;

/// <summary>Our subscription to one topic at one hub (WebSub, W3C Recommendation of 23 January 2018). All times are UTC.</summary>
public sealed record HubSubscription
{
    /// <summary>Its number in the store.</summary>
    public required long Id { get; init; }

    /// <summary>Grows with every change; who saves an older one has lost a race and looks again.</summary>
    public long Revision { get; init; }

    /// <summary>The source that it is for; null when that was removed.</summary>
    public required long? SourceId { get; init; }

    /// <summary>The hub, absolute http(s).</summary>
    public required string HubUrl { get; init; }

    /// <summary>The topic: the <c>self</c> address that discovery found.</summary>
    public required string TopicUrl { get; init; }

    /// <summary>The capability in the callback's path: 128 random bits in lower-case hexadecimal.</summary>
    public required string Token { get; init; }

    /// <summary>The key of the hub's signatures: 256 random bits in lower-case hexadecimal.</summary>
    public required string Secret { get; init; }

    /// <summary>The public base address that the hub was given in its callback; null before the first request.</summary>
    public string? CallbackBase { get; init; }

    /// <summary>Where it stands.</summary>
    public required HubSubscriptionState State { get; init; }

    /// <summary>Whether the source's newest document still names this hub and topic.</summary>
    public bool IsAnnounced { get; init; } = true;

    /// <summary>When the hub stops pushing by its own word, bounded by us.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>When the hub was last asked.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>When the hub last verified a subscription.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When the hub last pushed content that was taken.</summary>
    public DateTimeOffset? LastPushAt { get; init; }

    /// <summary>When the hub last gave us a reason to refresh, without content that could be taken.</summary>
    public DateTimeOffset? LastPingAt { get; init; }

    /// <summary>When something is to be done about it: ask, ask again, renew.</summary>
    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Requests since the hub last did what it was asked.</summary>
    public int Attempts { get; init; }

    /// <summary>Polls in a row that each found an entry which the hub had not pushed.</summary>
    public int Misses { get; init; }

    /// <summary>Pushes that were ignored because their signature was missing or wrong.</summary>
    public int BadSignatures { get; init; }

    /// <summary>What last went wrong, in a sentence for an admin.</summary>
    public string? Failure { get; init; }

    /// <summary>A subscription that has to be asked for, with a callback and a secret that nobody can guess.</summary>
    public static HubSubscription New(long sourceId, string hubUrl, string topicUrl, DateTimeOffset now) => new()
    {
        Id = 0,
        SourceId = sourceId,
        HubUrl = hubUrl,
        TopicUrl = topicUrl,
        Token = NewToken(),
        Secret = NewSecret(),
        State = HubSubscriptionState.Wanted,
        NextAttemptAt = now,
    };

    /// <summary>A new capability.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>A new key.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
