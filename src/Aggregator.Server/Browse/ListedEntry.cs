using Aggregator.Core.Model;

namespace Aggregator.Server.Browse;

/// <summary>An entry in a list.</summary>
/// <param name="Stored">The entry.</param>
/// <param name="Source">Where it came from; null only while its source is being deleted.</param>
public sealed record ListedEntry(StoredEntry Stored, Source? Source);
