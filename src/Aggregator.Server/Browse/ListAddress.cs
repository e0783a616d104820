using System.Globalization;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.Http.Extensions;

namespace Aggregator.Server.Browse;

/// <summary>
/// The query of a list's address: <c>source</c> and <c>language</c> narrow it, <c>before</c> and <c>after</c> are places in it. What makes no sense
/// is left out, never an error; <see cref="Canonical"/> is the one spelling of what is left.
/// </summary>
public sealed record ListAddress
{
    /// <summary>The parameter that narrows by source. Its value is the source's number.</summary>
    public const string SourceParameter = "source";

    /// <summary>The parameter that narrows by language. <c>lang</c> chooses that of the site's words.</summary>
    public const string LanguageParameter = "language";

    /// <summary>The list from its beginning, with everything in it.</summary>
    public static ListAddress Whole { get; } = new();

    /// <summary>The source's number, or null for all.</summary>
    public long? SourceId { get; init; }

    /// <summary>A primary language subtag in small letters, or null for all.</summary>
    public string? Language { get; init; }

    /// <summary>The place that the entries are older than, or null.</summary>
    public PageKey? Before { get; init; }

    /// <summary>The place that the entries are newer than, or null; never together with <see cref="Before"/>.</summary>
    public PageKey? After { get; init; }

    /// <summary>Whether it shows a part of the list.</summary>
    public bool IsNarrowed => SourceId is not null || Language is not null;

    /// <summary>Whether it begins elsewhere than at the newest entry.</summary>
    public bool IsDeep => Before is not null || After is not null;

    /// <summary>The same part of the list from its beginning.</summary>
    public ListAddress FromTop => this with { Before = null, After = null };

    /// <summary>The query in its one spelling: empty, or with its question mark.</summary>
    public string Canonical
    {
        get
        {
            var query = new QueryBuilder();
            if (SourceId is { } source) query.Add(SourceParameter, source.ToString(CultureInfo.InvariantCulture));
            if (Language is not null) query.Add(LanguageParameter, Language);
            if (Before is not null) query.Add("before", Before.ToString());
            if (After is not null) query.Add("after", After.ToString());
            return query.ToString();
        }
    }

    /// <summary>Reads the query of a request. Two places at once, or a parameter given twice, say nothing.</summary>
    public static ListAddress Read(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        string? Value(string key) => query[key] is [{ } one] ? one : null;
        var (before, after) = (PageKey.Parse(Value("before")), PageKey.Parse(Value("after")));
        return new ListAddress
        {
            SourceId = long.TryParse(Value(SourceParameter), NumberStyles.None, CultureInfo.InvariantCulture, out var source) && source > 0 ? source : null,
            Language = Value(LanguageParameter) is { Length: 2 or 3 } tag && tag.All(char.IsAsciiLetter) ? tag.ToLowerInvariant() : null,
            Before = after is null ? before : null,
            After = before is null ? after : null,
        };
    }
}
