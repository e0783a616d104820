using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>What of a source a change of many sources may change.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">Its state.</param>
/// <param name="Categories">The slugs of its categories, in the order of lists.</param>
public sealed record SourcePlace(long Id, SourceState State, IReadOnlyList<string> Categories);
