namespace Aggregator.Server.Subscriptions;

/// <summary>What to export.</summary>
/// <param name="Slug">Only this category's sources, or null for all.</param>
/// <param name="FailingOnly">Only sources whose last fetch failed, or that are gone.</param>
/// <param name="WithSecrets">Whether passwords, cookies, own headers and credentials in addresses are written too.</param>
internal sealed record ExportRequest(string? Slug = null, bool FailingOnly = false, bool WithSecrets = false);
