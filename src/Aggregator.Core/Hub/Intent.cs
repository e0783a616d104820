namespace Aggregator.Core.Hub;

/// <summary>A question that a callback is to be asked, or a denial that it is to be told: work that stands in the store until it is done.</summary>
public sealed record Intent
{
    /// <summary>Its number in the store; a newer request for the same topic and callback has another.</summary>
    public long Id { get; init; }

    /// <summary>What is asked or told.</summary>
    public required HubMode Mode { get; init; }

    /// <summary>The topic.</summary>
    public required HubTopic Topic { get; init; }

    /// <summary>The callback.</summary>
    public required string Callback { get; init; }

    /// <summary>The host that limits count it for.</summary>
    public required string Host { get; init; }

    /// <summary>The secret that goes with a subscription, or null.</summary>
    public string? Secret { get; init; }

    /// <summary>The lease that a subscription will have.</summary>
    public TimeSpan Lease { get; init; }

    /// <summary>The client address that asked, as limits count it; null when we did.</summary>
    public string? Client { get; init; }

    /// <summary>Why it is denied, or null.</summary>
    public string? Reason { get; init; }
}
