using Aggregator.Core.Model;
using Aggregator.Server.Accounts;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the page of a private address shows in a browser that does not have the selection yet.</summary>
/// <param name="Categories">The categories in the navigation.</param>
/// <param name="Form">Proves its forms to be ours.</param>
/// <param name="Token">The token of the selection.</param>
/// <param name="Followed">What is followed there.</param>
/// <param name="HasOwn">Whether this browser has another selection that follows something.</param>
public sealed record AdoptModel(IReadOnlyList<Category> Categories, FormToken Form, string Token, IReadOnlyList<FollowedTopic> Followed, bool HasOwn);
