using Aggregator.Core.Model;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the home page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Sections">The categories with their headlines; none beyond the first page.</param>
/// <param name="List">The newest of everything.</param>
public sealed record HomeModel(IReadOnlyList<Category> Categories, IReadOnlyList<HomeSection> Sections, ListModel List);
