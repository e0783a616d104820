using Aggregator.Core.Model;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a visitor's own list shows.</summary>
/// <param name="Categories">The categories in the navigation.</param>
/// <param name="Form">Proves its forms to be ours.</param>
/// <param name="Followed">What he follows.</param>
/// <param name="Entries">The entries of this page, newest first.</param>
/// <param name="Page">Where this page stands.</param>
/// <param name="NewAfter">What was first seen after this moment is new to him.</param>
/// <param name="Feeds">The feeds of the list, under the private address.</param>
public sealed record SubscriptionsModel(
    IReadOnlyList<Category> Categories, FormToken Form, IReadOnlyList<FollowedTopic> Followed, IReadOnlyList<ListedEntry> Entries, EntryPage Page, DateTimeOffset NewAfter,
    FeedAddresses Feeds)
{
    /// <summary>What he has just begun to follow, or null.</summary>
    public FollowedTopic? Just { get; init; }

    /// <summary>How many of these entries are new.</summary>
    public int NewCount => Entries.Count(listed => listed.Stored.FirstSeenAt > NewAfter);

    /// <summary>Whether there may be more that are new on the pages behind this one.</summary>
    public bool HasMoreNew => Page.Older is not null && NewCount == Entries.Count;
}
