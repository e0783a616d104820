using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Dashboard;

/// <summary>What the list of sources shows.</summary>
/// <param name="Sources">This page of it.</param>
/// <param name="NextAfter">The key of the next page, or null at the end.</param>
/// <param name="Categories">The categories that a new source can be put in.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Problem">Why the last action was refused, or null.</param>
/// <param name="EnteredUrl">What was entered, when it was refused.</param>
/// <param name="FormTokenName">The name of the hidden field against forged requests.</param>
/// <param name="FormToken">Its value.</param>
/// <param name="DashboardPath">Where the dashboard lies: what the page's forms go to begins with it.</param>
/// <param name="Now">The moment of the request, for due times.</param>
public sealed record SourceListModel(
    IReadOnlyList<SourceListing> Sources, long? NextAfter, IReadOnlyList<Category> Categories, string? Notice, string? Problem,
    string? EnteredUrl, string FormTokenName, string FormToken, string DashboardPath, DateTimeOffset Now);
