namespace Aggregator.Core.Model;

/// <summary>
/// What a publisher gave us to ask "has it changed?" with. Both values are opaque: they go back exactly as they came
/// (RFC 9110 §8.8.2, §8.8.3), even when they are no valid date or tag.
/// </summary>
public sealed record Validators
{
    /// <summary>The <c>ETag</c> header's bytes, quotes and <c>W/</c> included.</summary>
    public string? ETag { get; init; }

    /// <summary>The <c>Last-Modified</c> header's text.</summary>
    public string? LastModified { get; init; }

    /// <summary>SHA-256 of the last body, so that a 200 with the same bytes costs no parsing.</summary>
    public ReadOnlyMemory<byte> BodyHash { get; init; }

    /// <summary>When these were obtained; they are dropped after a while, because some servers answer 304 for ever.</summary>
    public DateTimeOffset? ObtainedAt { get; init; }

    /// <summary>The <see cref="Parsing.FeedParser.Version"/> that read the body; another one asks for it again.</summary>
    public int ParserVersion { get; init; }
}
