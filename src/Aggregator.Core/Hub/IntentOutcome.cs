namespace Aggregator.Core.Hub;

/// <summary>Whether a request to the hub was taken.</summary>
public enum IntentOutcome
{
    /// <summary>It will be verified.</summary>
    Taken,

    /// <summary>The hub has all the subscriptions that it may have.</summary>
    HubFull,

    /// <summary>The callback's host has all the subscriptions that it may have.</summary>
    HostFull,

    /// <summary>The client address has all the subscriptions that it may have.</summary>
    ClientFull,

    /// <summary>No more searches can be subscribed to.</summary>
    SearchesFull,
}
