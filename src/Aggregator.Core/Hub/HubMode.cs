namespace Aggregator.Core.Hub;

/// <summary>What a callback is asked or told (<c>hub.mode</c>, WebSub §5). The numbers are stored.</summary>
public enum HubMode
{
    /// <summary>Whether it means to subscribe, or to renew.</summary>
    Subscribe = 1,

    /// <summary>Whether it means to unsubscribe.</summary>
    Unsubscribe = 2,

    /// <summary>That it is not, or no longer, subscribed.</summary>
    Denied = 3,
}
