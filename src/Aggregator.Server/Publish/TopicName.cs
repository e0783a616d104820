using System.Globalization;

namespace Aggregator.Server.Publish;

/// <summary>What an address asks for, before anybody looked whether it exists: a category by its slug, a source by its number, a search, or everything.</summary>
internal readonly record struct TopicName
{
    private TopicName(string? slug, long? sourceId, string? search = null) => (Slug, SourceId, Search) = (slug, sourceId, search);

    /// <summary>Everything.</summary>
    public static TopicName Everything => default;

    /// <summary>The category's slug, when it is a category.</summary>
    public string? Slug { get; }

    /// <summary>The source's number, when it is a source.</summary>
    public long? SourceId { get; }

    /// <summary>The canonical query of a search's address, when it is a search.</summary>
    public string? Search { get; }

    /// <summary>Whether of each story only the entry that leads is wanted (<c>?stories=1</c>).</summary>
    public bool OncePerStory { get; init; }

    /// <summary>A search, by the canonical query of its address.</summary>
    public static TopicName OfSearch(string canonical) => new(slug: null, sourceId: null, canonical);

    /// <summary>A category.</summary>
    public static TopicName Category(string slug) => new(slug, sourceId: null);

    /// <summary>A source.</summary>
    public static TopicName Source(long sourceId) => new(slug: null, sourceId);

    /// <summary>A source by its number as we write it; null for every other spelling, which would be a second address of the same feed.</summary>
    public static TopicName? Source(ReadOnlySpan<char> number) =>
        long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && (number[0] != '0' || number.Length == 1) ? Source(id) : null;
}
