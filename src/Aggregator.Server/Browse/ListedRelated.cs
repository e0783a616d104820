namespace Aggregator.Server.Browse;

/// <summary>A related article under another.</summary>
/// <param name="Listed">The article and its source.</param>
/// <param name="Passage">Its passage that makes it related: plain text from outside; may be empty.</param>
public sealed record ListedRelated(ListedEntry Listed, string Passage);
