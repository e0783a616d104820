namespace Aggregator.Core.Model;

/// <summary>A file that belongs to an entry.</summary>
/// <param name="Url">Its address, absolute http(s).</param>
/// <param name="Type">Its media type, when given.</param>
/// <param name="Length">Its size in bytes, when given and plausible (≥ 0).</param>
public sealed record Enclosure(string Url, string? Type = null, long? Length = null);
