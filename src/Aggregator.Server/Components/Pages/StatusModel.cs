namespace Aggregator.Server.Components.Pages;

/// <summary>What the page for a status code shows.</summary>
/// <param name="StatusCode">The status code (RFC 9110 §15).</param>
/// <param name="Sentence">What happened in this case, where more is known than the code says.</param>
public sealed record StatusModel(int StatusCode, string? Sentence = null);
