namespace Aggregator.Core.Stores;

/// <summary>A subscription at our hub as admins see it. All times are UTC.</summary>
public sealed record SubscriberState
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The topic's address; of a visitor's selection without what opens it.</summary>
    public required string TopicUrl { get; init; }

    /// <summary>Whether the topic is what a visitor follows: its address leads nobody else to it.</summary>
    public required bool IsSecret { get; init; }

    /// <summary>The callback. It may hold a capability: show its host and path only.</summary>
    public required string Callback { get; init; }

    /// <summary>Whether deliveries are signed.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its lease ends.</summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    /// <summary>Since when it is behind its topic; null when it is not.</summary>
    public DateTimeOffset? BehindSince { get; init; }

    /// <summary>When the next delivery is tried; null when nothing waits.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Deliveries that were taken.</summary>
    public required long Delivered { get; init; }

    /// <summary>When the last one was taken.</summary>
    public DateTimeOffset? LastDeliveryAt { get; init; }

    /// <summary>Deliveries that failed in a row.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why the last one failed; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Until when nothing is sent to its callback, or null.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; init; }
}
