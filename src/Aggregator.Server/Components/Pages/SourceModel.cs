using Aggregator.Core.Model;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a source’s page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Source">The source; its address is never shown, for it may hold credentials.</param>
/// <param name="List">Its entries.</param>
public sealed record SourceModel(IReadOnlyList<Category> Categories, Source Source, ListModel List);
