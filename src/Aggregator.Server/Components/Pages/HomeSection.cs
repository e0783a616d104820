using Aggregator.Core.Model;

namespace Aggregator.Server.Components.Pages;

/// <summary>One category on the home page.</summary>
/// <param name="Category">The category.</param>
/// <param name="Newest">Its newest entries.</param>
public sealed record HomeSection(Category Category, IReadOnlyList<StoredEntry> Newest);
