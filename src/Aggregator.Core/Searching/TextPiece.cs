namespace Aggregator.Core.Searching;

/// <summary>A piece of a text as it was written.</summary>
/// <param name="Text">The piece: plain text from outside.</param>
/// <param name="IsMatch">Whether it is what was looked for.</param>
public sealed record TextPiece(string Text, bool IsMatch);
