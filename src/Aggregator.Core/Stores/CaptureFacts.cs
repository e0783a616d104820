namespace Aggregator.Core.Stores;

/// <summary>The HTTP facts of a capture, as far as strangers may see them.</summary>
/// <param name="FinalUrl">The address that answered, after redirects, without credentials.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="ETag">The <c>ETag</c> header.</param>
/// <param name="LastModified">The <c>Last-Modified</c> header, as it came.</param>
public sealed record CaptureFacts(string? FinalUrl = null, int? Status = null, string? ETag = null, string? LastModified = null);
