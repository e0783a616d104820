using Aggregator.Core.Model;

namespace Aggregator.Core.Normalizing;

/// <summary>What normalising has to know of a source.</summary>
public sealed record NormalizeContext
{
    /// <summary>The address that the document was finally fetched from, for links that are still relative; null when unknown.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>When it was fetched.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>The rung of the identity ladder on which the source stands.</summary>
    public IdentityRule IdentityRule { get; init; } = IdentityRule.Id;

    /// <summary>The language of entries that declare none and show none.</summary>
    public string? DefaultLanguage { get; init; }
}
