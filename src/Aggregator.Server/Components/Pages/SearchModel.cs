using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Server.Browse;
using Aggregator.Server.Search;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the page of a search shows.</summary>
/// <param name="Categories">All categories, for the navigation and the form.</param>
/// <param name="Address">What was asked.</param>
public sealed record SearchModel(IReadOnlyList<Category> Categories, SearchAddress Address)
{
    /// <summary>What was found; null when nothing was looked for.</summary>
    public SearchPage? Found { get; init; }

    /// <summary>The sources of what was found, by number.</summary>
    public IReadOnlyDictionary<long, Source> Sources { get; init; } = new Dictionary<long, Source>();

    /// <summary>The entries whose original stands at the address that was typed; null when it was no address.</summary>
    public IReadOnlyList<ListedEntry>? Captured { get; init; }

    /// <summary>The feeds of the search.</summary>
    public FeedAddresses? Feeds { get; init; }
}
