namespace Aggregator.Server.Components.Pages;

/// <summary>What the page for a status code shows.</summary>
/// <param name="StatusCode">The status code (RFC 9110 §15).</param>
public sealed record StatusModel(int StatusCode);
