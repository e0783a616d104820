using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>What became of topics that a visitor wants to follow.</summary>
/// <param name="Followed">Those of them that his selection follows now.</param>
/// <param name="IsFull">Whether one that is there was passed over because there was no room for it.</param>
public sealed record Following(IReadOnlyList<Topic> Followed, bool IsFull);
