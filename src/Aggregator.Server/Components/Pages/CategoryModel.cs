using Aggregator.Core.Model;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a category’s page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Category">The category.</param>
/// <param name="Entries">The entries of this page.</param>
/// <param name="Page">Where this page stands.</param>
/// <param name="Feeds">The category’s feeds.</param>
public sealed record CategoryModel(
    IReadOnlyList<Category> Categories,
    Category Category,
    IReadOnlyList<ListedEntry> Entries,
    EntryPage Page,
    FeedAddresses Feeds);
