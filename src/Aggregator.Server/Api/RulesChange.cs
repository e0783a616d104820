namespace Aggregator.Server.Api;

/// <summary>All rules of a category or a source, to write or to try.</summary>
/// <param name="Text">The lines.</param>
public sealed record RulesChange(string? Text);
