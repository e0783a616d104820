using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;

namespace Aggregator.Server.Components.Pages;

/// <summary>What is said of a snapshot whose text is no longer kept.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Snapshot">The snapshot; its hash and the fact that it was stay.</param>
/// <param name="Versions">The versions of its article.</param>
public sealed record LostSnapshotModel(IReadOnlyList<Category> Categories, Snapshot Snapshot, VersionList Versions);
