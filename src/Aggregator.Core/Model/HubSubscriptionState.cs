namespace Aggregator.Core.Model;

/// <summary>Where a subscription at a hub stands. The numbers are stored; never renumber them.</summary>
public enum HubSubscriptionState
{
    /// <summary>The source names the hub and we have not asked it, or not successfully.</summary>
    Wanted = 1,

    /// <summary>The hub was asked and has not verified our intent yet (WebSub §5.3).</summary>
    Requested = 2,

    /// <summary>Verified: the hub pushes, and is relied upon while its lease lasts.</summary>
    Active = 3,

    /// <summary>The hub denied it (WebSub §5.2); it is asked again after a long while.</summary>
    Denied = 4,

    /// <summary>Verified, but polls found what the hub had not pushed: what it sends is taken, and nobody waits for it.</summary>
    Distrusted = 5,

    /// <summary>We want out, and the hub has not verified that yet.</summary>
    Leaving = 6,
}
