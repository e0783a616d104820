using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>A document as it came, decompressed.</summary>
public sealed record FetchedDocument
{
    /// <summary>The bytes, within <see cref="FetchingOptions.MaxBodyBytes"/>.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it holds only what is new or changed since the validators that we asked with (226 IM Used, RFC 3229).</summary>
    public bool IsDelta { get; init; }

    /// <summary>The <c>Content-Type</c> header as it came, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>The <c>Link</c> headers as they came (RFC 8288).</summary>
    public IReadOnlyList<string> LinkHeaders { get; init; } = [];

    /// <summary>The <c>X-Robots-Tag</c> headers as they came.</summary>
    public IReadOnlyList<string> RobotsTags { get; init; } = [];

    /// <summary>The address that answered, after redirects, without credentials; null for a document of the catalogue.</summary>
    public Uri? FinalUrl { get; init; }

    /// <summary>What to ask with next time.</summary>
    public required Validators Validators { get; init; }
}
