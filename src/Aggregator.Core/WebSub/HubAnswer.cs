namespace Aggregator.Core.WebSub;

/// <summary>What a hub said to a request.</summary>
/// <param name="IsAccepted">Whether it will verify it.</param>
/// <param name="Reason">Why not, in a sentence for an admin; null when accepted.</param>
public sealed record HubAnswer(bool IsAccepted, string? Reason)
{
    /// <summary>It accepted.</summary>
    public static HubAnswer Accepted { get; } = new(true, null);

    /// <summary>It did not.</summary>
    public static HubAnswer Refused(string reason) => new(false, reason);
}
