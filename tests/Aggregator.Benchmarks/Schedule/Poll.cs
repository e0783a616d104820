namespace Aggregator.Benchmarks.Schedule;

/// <summary>What a rule knows of a feed: what its polls have shown.</summary>
/// <param name="Known">The dates of all entries found so far, ascending.</param>
/// <param name="Document">The dates of the entries in the newest document, ascending.</param>
/// <param name="New">Those of them that this poll found.</param>
/// <param name="Now">The moment of the poll.</param>
internal readonly record struct Poll(IReadOnlyList<DateTimeOffset> Known, ArraySegment<DateTimeOffset> Document, ArraySegment<DateTimeOffset> New, DateTimeOffset Now);
