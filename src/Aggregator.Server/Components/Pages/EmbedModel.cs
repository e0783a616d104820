using Aggregator.Core.Model;
using Aggregator.Server.Embed;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a site owner sees who puts an embedded list together.</summary>
/// <param name="Categories">All categories.</param>
/// <param name="Chosen">The one to embed; null only while there are none.</param>
/// <param name="Look">Its looks.</param>
/// <param name="Fault">The name of a field whose value is not allowed, or null.</param>
public sealed record EmbedModel(IReadOnlyList<Category> Categories, Category? Chosen, EmbedLook Look, string? Fault);
