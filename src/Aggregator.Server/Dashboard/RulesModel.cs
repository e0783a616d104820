using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Routing;

namespace Aggregator.Server.Dashboard;

/// <summary>What the page of rules shows.</summary>
/// <param name="Owner">Whose rules they are.</param>
/// <param name="OwnerTitle">What that is called.</param>
/// <param name="Rules">The rules as the form holds them.</param>
/// <param name="Problem">What is wrong with them, as a sentence, or null.</param>
/// <param name="Trial">What they would do with the newest entries, when that was asked.</param>
/// <param name="Dropped">What rules kept out lately.</param>
/// <param name="Notice">What the last action did, or null.</param>
/// <param name="Token">The token of its forms.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record RulesModel(
    RuleOwner Owner, string OwnerTitle, string Rules, string? Problem, RuleTrial? Trial, IReadOnlyList<DroppedEntry> Dropped, string? Notice,
    FormToken Token, string DashboardPath);
