using Aggregator.Core.Snapshots;

namespace Aggregator.Server.Snapshots;

/// <summary>Where a snapshot stands among the snapshots of its entry whose text is kept: those that a reader can be sent to.</summary>
/// <param name="First">The first of all, or null when no text is kept.</param>
/// <param name="Previous">The one before.</param>
/// <param name="Self">The one itself; null when the place is that of the whole entry.</param>
/// <param name="Next">The one after.</param>
/// <param name="Last">The last of all.</param>
internal sealed record MementoPlace(Snapshot? First, Snapshot? Previous, Snapshot? Self, Snapshot? Next, Snapshot? Last);
