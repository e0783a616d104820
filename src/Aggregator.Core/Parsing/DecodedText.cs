namespace Aggregator.Core.Parsing;

/// <summary>How a document's bytes are to be read.</summary>
/// <param name="Encoding">The encoding by its WHATWG name, lower case.</param>
/// <param name="Utf8">When the document is valid UTF-8: its bytes without a byte order mark, to be read as they are; else empty.</param>
/// <param name="Text">When it is not: the text; else null.</param>
/// <param name="Repair">What was wrong with its labels or bytes, or null.</param>
public readonly record struct DecodedText(string Encoding, ReadOnlyMemory<byte> Utf8, string? Text, string? Repair);
