namespace Aggregator.Core.Hub;

/// <summary>A subscription that is behind its topic, claimed by one stream.</summary>
public sealed record DueDelivery
{
    /// <summary>The subscription's number.</summary>
    public required long Id { get; init; }

    /// <summary>The topic's number in the store.</summary>
    public required long TopicId { get; init; }

    /// <summary>The topic.</summary>
    public required HubTopic Topic { get; init; }

    /// <summary>The callback's number: what its circuit belongs to.</summary>
    public required long CallbackId { get; init; }

    /// <summary>The callback.</summary>
    public required string Callback { get; init; }

    /// <summary>The key of the signature, or null.</summary>
    public string? Secret { get; init; }

    /// <summary>The last change that was delivered.</summary>
    public required long Position { get; init; }

    /// <summary>The last change that there is.</summary>
    public required long Target { get; init; }

    /// <summary>Deliveries that failed in a row.</summary>
    public required int Attempts { get; init; }

    /// <summary>Failures in a row of the callback, over all its subscriptions.</summary>
    public required int CallbackFailures { get; init; }

    /// <summary>Since when it is behind.</summary>
    public required DateTimeOffset BehindSince { get; init; }
}
