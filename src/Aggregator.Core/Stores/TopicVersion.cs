namespace Aggregator.Core.Stores;

/// <summary>How often a topic has changed. A rendering belongs to one number; the next change makes another.</summary>
/// <param name="Number">Grows with every change of the topic's entries or settings; 0 before the first.</param>
/// <param name="ChangedAt">When it last grew; null before the first change.</param>
public sealed record TopicVersion(long Number, DateTimeOffset? ChangedAt);
