namespace Aggregator.Core.Snapshots;

/// <summary>One block of an article's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text on one line, never empty.</param>
public sealed record ContentBlock(ContentBlockKind Kind, string Text);
