namespace Aggregator.Core.Fetching;

/// <summary>An address that is probably a feed.</summary>
/// <param name="Url">The address, absolute, http or https, without credentials.</param>
/// <param name="Title">What the page, or the feed itself, calls it; plain text of at most 200 characters, or null. It comes from outside.</param>
/// <param name="Type">Its media type, as the page names it or as the document turned out to be; null when only its address tells.</param>
/// <param name="Origin">How it was found.</param>
public sealed record FeedCandidate(string Url, string? Title, string? Type, FeedCandidateOrigin Origin);
