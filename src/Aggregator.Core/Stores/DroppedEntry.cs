namespace Aggregator.Core.Stores;

/// <summary>An entry that a rule kept out. Its text is not kept.</summary>
/// <param name="SourceId">Its source.</param>
/// <param name="Title">Its title.</param>
/// <param name="Url">The publisher's page, or null.</param>
/// <param name="Rule">The rule, in the words that it had then.</param>
/// <param name="At">When, UTC.</param>
public sealed record DroppedEntry(long SourceId, string Title, string? Url, string Rule, DateTimeOffset At);
