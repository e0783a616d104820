using Aggregator.Core.Model;
using Aggregator.Core.Routing;

namespace Aggregator.Server.Routing;

/// <summary>What rules would do with the newest entries of those that they are about.</summary>
/// <param name="Entries">How many entries were looked at.</param>
/// <param name="Hits">Those that a rule holds for, newest first.</param>
public sealed record RuleTrial(int Entries, IReadOnlyList<(StoredEntry Entry, RoutingOutcome Outcome)> Hits);
