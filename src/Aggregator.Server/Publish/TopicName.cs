using System.Globalization;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Publish;

/// <summary>What an address asks for, before anybody looked whether it exists: a category by its slug, a source by its number, a search, a visitor's selection by its token, or everything.</summary>
internal readonly record struct TopicName
{
    private TopicName(string? slug, long? sourceId, string? search = null, SelectionToken? selection = null) =>
        (Slug, SourceId, Search, Selection) = (slug, sourceId, search, selection);

    /// <summary>Everything.</summary>
    public static TopicName Everything => default;

    /// <summary>The category's slug, when it is a category.</summary>
    public string? Slug { get; }

    /// <summary>The source's number, when it is a source.</summary>
    public long? SourceId { get; }

    /// <summary>The canonical query of a search's address, when it is a search.</summary>
    public string? Search { get; }

    /// <summary>The token of a selection, when it is one.</summary>
    public SelectionToken? Selection { get; }

    /// <summary>Whether there is no end of such names: strangers think them up, so they are not remembered beside the others.</summary>
    public bool IsUnbounded => Search is not null || Selection is not null;

    /// <summary>Whether of each story only the entry that leads is wanted (<c>?stories=1</c>).</summary>
    public bool OncePerStory { get; init; }

    /// <summary>A search, by the canonical query of its address.</summary>
    public static TopicName OfSearch(string canonical) => new(slug: null, sourceId: null, canonical);

    /// <summary>A visitor's selection.</summary>
    public static TopicName OfSelection(SelectionToken token) => new(slug: null, sourceId: null, search: null, token);

    /// <summary>A category.</summary>
    public static TopicName Category(string slug) => new(slug, sourceId: null);

    /// <summary>A source.</summary>
    public static TopicName Source(long sourceId) => new(slug: null, sourceId);

    /// <summary>A source by its number as we write it; null for every other spelling, which would be a second address of the same feed.</summary>
    public static TopicName? Source(ReadOnlySpan<char> number) =>
        long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && (number[0] != '0' || number.Length == 1) ? Source(id) : null;
}
