namespace Aggregator.Core.Parsing;

/// <summary>A text and what it is to be read as (RFC 4287 §3.1).</summary>
/// <param name="Value">The text as it stood, after XML or JSON unescaping.</param>
/// <param name="Kind">How to read it.</param>
public sealed record ParsedText(string Value, ParsedTextKind Kind);
