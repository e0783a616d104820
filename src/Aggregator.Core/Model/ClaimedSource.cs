namespace Aggregator.Core.Model;

/// <summary>Where an upstream item says that it comes from. It may be forged; it is kept and passed on as a claim only.</summary>
/// <param name="Title">The claimed feed's title.</param>
/// <param name="Url">The claimed feed's address, absolute http(s).</param>
public sealed record ClaimedSource(string? Title, string? Url);
