namespace Aggregator.Core.Parsing;

/// <summary>What the podcast vocabularies (iTunes, Google Play, Podcasting 2.0) say of an episode.</summary>
public sealed record ParsedPodcast
{
    /// <summary>How long it plays.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The season, from 1.</summary>
    public int? Season { get; init; }

    /// <summary>The episode in its season, from 1; Podcasting 2.0 allows fractions, which are cut.</summary>
    public int? Episode { get; init; }

    /// <summary><c>full</c>, <c>trailer</c> or <c>bonus</c>, in lower case.</summary>
    public string? EpisodeType { get; init; }

    /// <summary>Whether the publisher calls it unfit for children.</summary>
    public bool? IsExplicit { get; init; }

    /// <summary>The address of its chapters.</summary>
    public string? ChaptersUrl { get; init; }

    /// <summary>The address of its transcript: the first one.</summary>
    public string? TranscriptUrl { get; init; }
}
