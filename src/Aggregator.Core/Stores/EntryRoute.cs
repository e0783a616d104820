namespace Aggregator.Core.Stores;

/// <summary>What one rule did with an entry.</summary>
/// <param name="Rule">The rule, in the words that it had then.</param>
/// <param name="CategoryId">The category that it put the entry in, or null.</param>
/// <param name="Tag">The tag that it gave it, or null.</param>
/// <param name="At">When, UTC.</param>
public sealed record EntryRoute(string Rule, long? CategoryId, string? Tag, DateTimeOffset At);
