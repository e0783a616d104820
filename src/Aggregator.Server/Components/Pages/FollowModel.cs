using Aggregator.Core.Model;
using Aggregator.Server.Accounts;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the page shows that asks again whether something is to be followed.</summary>
/// <param name="Categories">The categories in the navigation.</param>
/// <param name="Form">Proves its form to be ours.</param>
/// <param name="Topic">What is to be followed.</param>
public sealed record FollowModel(IReadOnlyList<Category> Categories, FormToken Form, FollowedTopic Topic);
