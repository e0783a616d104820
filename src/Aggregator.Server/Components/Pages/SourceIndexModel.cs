using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the list of sources shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Sources">The sources of this page.</param>
/// <param name="After">The number of the source before the first; 0 on the first page.</param>
/// <param name="Next">The number of the last source, when there are more behind it.</param>
public sealed record SourceIndexModel(IReadOnlyList<Category> Categories, IReadOnlyList<PublicSource> Sources, long After, long? Next);
