using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Search;

/// <summary>
/// The query of a search's address: <c>q</c>, <c>category</c>, <c>source</c>, <c>lang</c>, <c>from</c>, <c>to</c>, <c>versions</c>, <c>sort</c>. What
/// makes no sense in it is left out, never an error; <see cref="Canonical"/> is the one spelling of what is left.
/// </summary>
public sealed record SearchAddress
{
    private const int MaxSlugLength = 100;
    private const string Day = "yyyy-MM-dd";

    /// <summary>What was typed, as it was typed.</summary>
    public string Typed { get; private init; } = "";

    /// <summary>What is looked for.</summary>
    public required SearchQuery Query { get; init; }

    /// <summary>The slug of a category, or null. There may be none of that name.</summary>
    public string? Category { get; private init; }

    /// <summary>The number of a source, or null.</summary>
    public long? SourceId { get; private init; }

    /// <summary>A language (primary subtag), or null.</summary>
    public string? Language { get; private init; }

    /// <summary>The first day, or null.</summary>
    public DateOnly? From { get; private init; }

    /// <summary>The last day, or null.</summary>
    public DateOnly? To { get; private init; }

    /// <summary>Whether earlier versions are searched too.</summary>
    public bool WithVersions { get; private init; }

    /// <summary>The order.</summary>
    public SearchOrder Order { get; private init; }

    /// <summary>Whether more was typed than is read.</summary>
    public bool IsTooLong => Typed.Length > SearchQuery.MaxLength;

    /// <summary>The query in its one spelling, without the order: feeds are newest first.</summary>
    public string Canonical => Build(Query.Canonical, withOrder: false, after: null);

    /// <summary>Reads the query of a request, or a canonical one.</summary>
    public static SearchAddress Read(IEnumerable<KeyValuePair<string, StringValues>> parameters)
    {
        string? Value(string key) => parameters.FirstOrDefault(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value.FirstOrDefault();
        var typed = Value("q") ?? "";
        return new SearchAddress
        {
            Typed = typed,
            Query = SearchQuery.Parse(typed),
            Category = Value("category") is { Length: > 0 and <= MaxSlugLength } slug && CategorySlug.IsValid(slug) ? slug : null,
            SourceId = long.TryParse(Value("source"), NumberStyles.None, CultureInfo.InvariantCulture, out var source) ? source : null,
            Language = Value("lang") is { Length: >= 2 and <= 3 } tag && tag.All(char.IsAsciiLetter) ? tag.ToLowerInvariant() : null,
            From = DayOf(Value("from")),
            To = DayOf(Value("to")),
            WithVersions = Value("versions") == "1",
            Order = Value("sort") == "relevance" ? SearchOrder.Relevance : SearchOrder.Newest,
        };
    }

    /// <summary>Reads a canonical query.</summary>
    public static SearchAddress Read(string canonical) => Read(QueryHelpers.ParseQuery(canonical));

    /// <summary>The same search in all sources.</summary>
    public SearchAddress OfAllSources => this with { SourceId = null };

    /// <summary>The query of another page of these results.</summary>
    public string At(SearchKey? after) => Build(Typed, withOrder: true, after);

    /// <summary>What to ask the store; null when there is no such category.</summary>
    public async Task<SearchRequest?> ToRequestAsync(ICategoryStore categories, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var category = Category is null ? null : await categories.FindAsync(Category, cancellationToken);
        if (Category is not null && category is null) return null;
        return new SearchRequest
        {
            Query = Query,
            CategoryId = category?.Id,
            SourceId = SourceId,
            Language = Language,
            From = From is { } from ? StartOf(from, zone) : null,
            To = To is { } to && to < DateOnly.MaxValue ? StartOf(to.AddDays(1), zone) : null,
            WithVersions = WithVersions,
            Order = Order,
        };
    }

    /// <summary>The zone in which days are meant: the site's, for an address says the same to every visitor.</summary>
    public static TimeZoneInfo ZoneOf(SiteOptions site) => TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone.Zh);

    private string Build(string words, bool withOrder, SearchKey? after)
    {
        var query = new QueryBuilder { { "q", words } };
        if (Category is not null) query.Add("category", Category);
        if (SourceId is { } source) query.Add("source", source.ToString(CultureInfo.InvariantCulture));
        if (Language is not null) query.Add("lang", Language);
        if (From is { } from) query.Add("from", from.ToString(Day, CultureInfo.InvariantCulture));
        if (To is { } to) query.Add("to", to.ToString(Day, CultureInfo.InvariantCulture));
        if (WithVersions) query.Add("versions", "1");
        if (withOrder && Order == SearchOrder.Relevance) query.Add("sort", "relevance");
        if (after is not null) query.Add("after", after.ToString());
        return query.ToString()[1..];
    }

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 9000 ? day : null;

    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var start = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(start, zone.GetUtcOffset(start)).ToUniversalTime();
    }
}
