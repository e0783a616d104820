namespace Aggregator.Core.Tests.Stories;

/// <summary>Two articles and whether they are one story.</summary>
public sealed record StoryPair(string Kind, bool IsSame, StoryArticle A, StoryArticle B);
