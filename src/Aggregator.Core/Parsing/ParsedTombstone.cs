namespace Aggregator.Core.Parsing;

/// <summary>An entry that the publisher has deleted (<c>at:deleted-entry</c>, RFC 6721 §3).</summary>
/// <param name="Id">The deleted entry's id.</param>
/// <param name="DeletedAt">When it was deleted, or null when the date is nonsense.</param>
/// <param name="Comment">Why, when the publisher says so.</param>
public sealed record ParsedTombstone(string Id, DateTimeOffset? DeletedAt, string? Comment);
