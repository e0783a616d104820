namespace Aggregator.Core.Model;

/// <summary>What a published feed or list is about: everything, one category, or one source.</summary>
public abstract record Topic
{
    private Topic()
    {
    }

    /// <summary>Every entry of every source.</summary>
    public static Topic Everything { get; } = new OfEverything();

    /// <summary>The entries of one category.</summary>
    public static Topic Category(long categoryId) => new OfCategory(categoryId);

    /// <summary>The entries of one source.</summary>
    public static Topic Source(long sourceId) => new OfSource(sourceId);

    /// <summary>The entries that a search finds.</summary>
    /// <param name="query">The search in its canonical spelling, as the query of an address: <c>q=…&amp;lang=…</c>.</param>
    public static Topic Search(string query) => new OfSearch(query);

    /// <summary>Everything.</summary>
    public sealed record OfEverything : Topic;

    /// <summary>One category.</summary>
    /// <param name="CategoryId">Its number.</param>
    public sealed record OfCategory(long CategoryId) : Topic;

    /// <summary>One source.</summary>
    /// <param name="SourceId">Its number.</param>
    public sealed record OfSource(long SourceId) : Topic;

    /// <summary>A search.</summary>
    /// <param name="Query">The query of its address.</param>
    public sealed record OfSearch(string Query) : Topic;
}
