using Aggregator.Core.Model;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the page shows on which a visitor chooses what he follows, carries it away, and forgets it.</summary>
/// <param name="Categories">All categories.</param>
/// <param name="Form">Proves its forms to be ours.</param>
/// <param name="Followed">What he follows.</param>
/// <param name="Keep">For how long what nobody uses is kept.</param>
public sealed record PicksModel(IReadOnlyList<Category> Categories, FormToken Form, IReadOnlyList<FollowedTopic> Followed, TimeSpan Keep)
{
    /// <summary>The private address of the selection; null while there is none.</summary>
    public string? PrivateAddress { get; init; }

    /// <summary>The feeds under it.</summary>
    public FeedAddresses? Feeds { get; init; }

    /// <summary>What has just happened, in a sentence; or null.</summary>
    public string? Notice { get; init; }

    /// <summary>What went wrong, in a sentence; or null.</summary>
    public string? Problem { get; init; }

    /// <summary>What came of a reader's list; or null.</summary>
    public ReaderListReport? Import { get; init; }

    /// <summary>Whether there is a selection, though it may be empty.</summary>
    public bool IsKnown => PrivateAddress is not null;
}
