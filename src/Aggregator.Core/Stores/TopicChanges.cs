namespace Aggregator.Core.Stores;

/// <summary>Which entries of a topic came, changed or went between two positions.</summary>
/// <param name="EntryIds">Their numbers, each once.</param>
/// <param name="Position">The last change among them; the end that was asked for when there is no more.</param>
public sealed record TopicChanges(IReadOnlyList<long> EntryIds, long Position);
