using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Server.Browse;
using Aggregator.Server.Stories;

namespace Aggregator.Server.Components.Pages;

/// <summary>What an article’s page shows.</summary>
/// <param name="Categories">All categories, for the navigation.</param>
/// <param name="Stored">The entry with its body: as it is now, or as the snapshot has it.</param>
/// <param name="Source">Where it came from; null only while its source is being deleted.</param>
/// <param name="StandsIn">The categories that it stands in; the first is the one it is shown under.</param>
/// <param name="More">The newest others of that category.</param>
public sealed record ArticleModel(
    IReadOnlyList<Category> Categories,
    StoredEntry Stored,
    Source? Source,
    IReadOnlyList<Category> StandsIn,
    IReadOnlyList<ListedEntry> More)
{
    /// <summary>The next newer one in its category; null at the top, and on the pages of snapshots.</summary>
    public StoredEntry? Newer { get; init; }

    /// <summary>The next older one in its category.</summary>
    public StoredEntry? Older { get; init; }

    /// <summary>The snapshot whose body is shown; null when the store has none of it.</summary>
    public Snapshot? Shown { get; init; }

    /// <summary>Whether the page is that of one snapshot, and not that of the article as it is now.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>The parts of other people that the shown snapshot names.</summary>
    public IReadOnlyList<Credit> Credits { get; init; } = [];

    /// <summary>The medium that the shown page names as its source, when it does.</summary>
    public string? NamedSource { get; init; }

    /// <summary>The version that the headline is of, when that is a newer one than the text's; else null.</summary>
    public int? HeadlineVersion { get; init; }

    /// <summary>The story that the article is in, when others tell it too.</summary>
    public StoryList? Story { get; init; }

    /// <summary>What is related to it and is another story, best first; nothing on the page of a snapshot.</summary>
    public IReadOnlyList<ListedRelated> Related { get; init; } = [];

    /// <summary>Its versions.</summary>
    public required VersionList Versions { get; init; }
}
