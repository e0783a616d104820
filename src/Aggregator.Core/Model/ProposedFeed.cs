namespace Aggregator.Core.Model;

/// <summary>A feed that a site's page names.</summary>
/// <param name="Url">Its address, absolute, http or https.</param>
/// <param name="Title">What the page calls it, or null.</param>
public sealed record ProposedFeed(string Url, string? Title);
