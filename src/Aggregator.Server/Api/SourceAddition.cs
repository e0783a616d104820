namespace Aggregator.Server.Api;

/// <summary>A source to add.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Category">The slug of the category that it goes to; none when absent.</param>
/// <param name="EvenIfAlike">Whether it is added although a source looks the same (with and without TLS, <c>www.</c>, a slash at the end).</param>
public sealed record SourceAddition(string? Url, string? Category = null, bool EvenIfAlike = false);
