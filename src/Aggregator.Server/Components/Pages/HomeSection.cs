using Aggregator.Core.Model;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Components.Pages;

/// <summary>One category on the home page.</summary>
/// <param name="Category">The category.</param>
/// <param name="Entries">Its newest entries.</param>
public sealed record HomeSection(Category Category, IReadOnlyList<ListedEntry> Entries);
