using Aggregator.Server.Browse;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a page of a list shows besides what the list is about.</summary>
/// <param name="Path">Its path below the site's base.</param>
/// <param name="Address">The part and the place that were asked for.</param>
/// <param name="Entries">The entries of this page, newest first.</param>
/// <param name="Page">Where this page stands.</param>
/// <param name="Feeds">The feeds of the whole list.</param>
/// <param name="Choices">What it can be narrowed by.</param>
public sealed record ListModel(
    string Path, ListAddress Address, IReadOnlyList<ListedEntry> Entries, EntryPage Page, FeedAddresses Feeds, ListChoices Choices)
{
    /// <summary>By which field and value of a form the list can be followed; null when it cannot.</summary>
    public (string Field, string Value)? Follow { get; init; }

    /// <summary>Whether each entry names its source.</summary>
    public bool NamesSources { get; init; } = true;

    /// <summary>Whether this is the page that the list is known by: what stands on others moves on with every new entry.</summary>
    public bool IsFirst => Page.Newer is null && !Address.IsNarrowed;
}
