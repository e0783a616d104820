using Aggregator.Core.Model;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a source’s page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Source">The source; its address is never shown, for it may hold credentials.</param>
/// <param name="Entries">The entries of this page.</param>
/// <param name="Page">Where this page stands.</param>
/// <param name="Feeds">The feeds of this source alone.</param>
public sealed record SourceModel(
    IReadOnlyList<Category> Categories,
    Source Source,
    IReadOnlyList<ListedEntry> Entries,
    EntryPage Page,
    FeedAddresses Feeds);
