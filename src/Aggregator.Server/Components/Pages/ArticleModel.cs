using Aggregator.Core.Model;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Components.Pages;

/// <summary>What an article’s page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Stored">The entry with its body.</param>
/// <param name="Source">Where it came from; null only while its source is being deleted.</param>
/// <param name="StandsIn">The categories that it stands in; the first is the one it is shown under.</param>
/// <param name="More">The newest others of that category.</param>
public sealed record ArticleModel(
    IReadOnlyList<Category> Categories,
    StoredEntry Stored,
    Source? Source,
    IReadOnlyList<Category> StandsIn,
    IReadOnlyList<ListedEntry> More);
