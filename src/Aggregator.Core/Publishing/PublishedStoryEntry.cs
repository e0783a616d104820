namespace Aggregator.Core.Publishing;

/// <summary>Another entry of a story.</summary>
/// <param name="Url">The publisher's page, else ours.</param>
/// <param name="ArticleUrl">Our page with the snapshot.</param>
/// <param name="Title">Its title, or null.</param>
/// <param name="SourceTitle">Its source.</param>
public sealed record PublishedStoryEntry(string Url, string ArticleUrl, string? Title, string SourceTitle);
