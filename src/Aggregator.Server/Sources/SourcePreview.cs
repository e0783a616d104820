using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Server.Sources;

/// <summary>What a source would bring, looked at without storing anything.</summary>
public sealed record SourcePreview
{
    /// <summary>How many entries are shown.</summary>
    public const int Shown = 5;

    /// <summary>The source as it would be after its first fetch: facts, schedule, health.</summary>
    public required Source Source { get; init; }

    /// <summary>The fetch.</summary>
    public required FetchRecord Fetch { get; init; }

    /// <summary>How many entries the document has.</summary>
    public int EntryCount { get; init; }

    /// <summary>The first of them, as they would be stored.</summary>
    public IReadOnlyList<Entry> Entries { get; init; } = [];

    /// <summary>The first of them as it would be published, in Atom; null when there is none.</summary>
    public string? Published { get; init; }

    /// <summary>Feeds that the page names which was there instead of a feed.</summary>
    public IReadOnlyList<FeedCandidate> Candidates { get; init; } = [];
}
