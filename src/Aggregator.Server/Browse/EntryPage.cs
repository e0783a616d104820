using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Browse;

/// <summary>One page of a topic's entries.</summary>
/// <param name="Entries">The entries, newest first.</param>
/// <param name="Newer">The place to go on from towards newer entries, or null when there are none.</param>
/// <param name="Older">The place to go on from towards older entries, or null when there are none.</param>
public sealed record EntryPage(IReadOnlyList<StoredEntry> Entries, PageKey? Newer, PageKey? Older);
