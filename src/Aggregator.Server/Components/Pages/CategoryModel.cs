using Aggregator.Core.Model;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a category’s page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Category">The category.</param>
/// <param name="List">Its entries.</param>
public sealed record CategoryModel(IReadOnlyList<Category> Categories, Category Category, ListModel List);
