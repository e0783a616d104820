using Aggregator.Core.Model;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the home page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Sections">The categories with their newest entries.</param>
/// <param name="Feeds">The feeds of everything.</param>
public sealed record HomeModel(
    IReadOnlyList<Category> Categories,
    IReadOnlyList<HomeSection> Sections,
    FeedAddresses Feeds);
