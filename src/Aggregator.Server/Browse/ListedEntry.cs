using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Browse;

/// <summary>An entry in a list.</summary>
/// <param name="Stored">The entry.</param>
/// <param name="Source">Where it came from; null only while its source is being deleted.</param>
public sealed record ListedEntry(StoredEntry Stored, Source? Source)
{
    /// <summary>The story that the entry stands for, when others tell it too.</summary>
    public Story? Story { get; init; }

    /// <summary>How many other sources tell the story.</summary>
    public int OtherSources => Story is null ? 0 : Story.Members.Select(member => member.SourceId).Where(id => id != Stored.SourceId).Distinct().Count();
}
