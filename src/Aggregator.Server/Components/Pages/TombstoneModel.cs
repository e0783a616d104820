using Aggregator.Core.Snapshots;
using Aggregator.Core.Takedowns;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the page of an article shows that was taken down.</summary>
/// <param name="Tombstone">What is left of it.</param>
/// <param name="Snapshots">The first of its versions, whose hashes stay.</param>
/// <param name="StatusCode">The status of the answer.</param>
public sealed record TombstoneModel(Tombstone Tombstone, IReadOnlyList<Snapshot> Snapshots, int StatusCode);
