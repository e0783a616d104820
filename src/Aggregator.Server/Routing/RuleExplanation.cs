using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Routing;

/// <summary>Why an entry is where it is.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Source">Its source.</param>
/// <param name="OfSource">The categories that its source belongs to: it is in those for that alone.</param>
/// <param name="Standing">The categories in which it stands.</param>
/// <param name="Routes">What rules did with it.</param>
/// <param name="Now">What the rules of today say of it, with why.</param>
public sealed record RuleExplanation(
    StoredEntry Entry, Source Source, IReadOnlyList<Category> OfSource, IReadOnlyList<Category> Standing, IReadOnlyList<EntryRoute> Routes, RoutingOutcome Now);
