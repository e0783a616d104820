namespace Aggregator.Core.Snapshots;

/// <summary>A run of text with one fate. The segments that are not added make the earlier text, those not removed the later one.</summary>
/// <param name="Operation">Its fate.</param>
/// <param name="Text">The text, never empty.</param>
public sealed record DiffSegment(DiffOperation Operation, string Text);
