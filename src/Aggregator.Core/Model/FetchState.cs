namespace Aggregator.Core.Model;

/// <summary>What redirects and failures taught us about a source's address.</summary>
public sealed record FetchState
{
    /// <summary>Nothing.</summary>
    public static readonly FetchState Nothing = new();

    /// <summary>Where the publisher permanently redirects to (301, 308), until that is adopted or ends; null when it does not.</summary>
    public string? MovedTo { get; init; }

    /// <summary>Since when, without a break.</summary>
    public DateTimeOffset? MovedSince { get; init; }

    /// <summary>How many fetches in a row were redirected there and brought a feed.</summary>
    public int MovedSeen { get; init; }

    /// <summary>The address that it was polled at before a move was adopted, or null.</summary>
    public string? MovedFrom { get; init; }

    /// <summary>Since when nothing but <see cref="FetchFailureKind.NotFound"/> and <see cref="FetchFailureKind.UnknownHost"/> came of it; null when something else did last.</summary>
    public DateTimeOffset? AwaySince { get; init; }

    /// <summary>Feeds that the source's site names while the source itself is failing, for an admin to adopt; null when nobody looked.</summary>
    public IReadOnlyList<ProposedFeed>? Proposals { get; init; }
}
