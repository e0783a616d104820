using System.Globalization;
using Aggregator.Server.Browse;
using Microsoft.AspNetCore.Http.Extensions;

namespace Aggregator.Server.Embed;

/// <summary>
/// What a site owner chose for an embedded list: the query of <c>/embed/{slug}</c>. It holds nothing but what <see cref="TryRead"/>
/// let through, so that every part of it may stand in markup and in a stylesheet.
/// </summary>
public sealed record EmbedLook
{
    /// <summary>The fewest entries.</summary>
    public const int MinCount = 1;

    /// <summary>The most entries.</summary>
    public const int MaxCount = 50;

    /// <summary>How many entries there are when the address does not say.</summary>
    public const int DefaultCount = 10;

    /// <summary>How the entries are shown.</summary>
    public EmbedLayout Layout { get; init; } = EmbedLayout.List;

    /// <summary>How many entries, <see cref="MinCount"/> to <see cref="MaxCount"/>.</summary>
    public int Count { get; init; } = DefaultCount;

    /// <summary>The colours.</summary>
    public EmbedTheme Theme { get; init; }

    /// <summary>The colour of links and lines as six hexadecimal digits without <c>#</c>, or null for ours.</summary>
    public string? Accent { get; init; }

    /// <summary>The language of our own words, or null for the visitor's.</summary>
    public SiteLanguage? Language { get; init; }

    /// <summary>Whether each entry's picture is shown, which the visitor's browser then loads from its publisher.</summary>
    public bool Images { get; init; }

    /// <summary>Whether the beginning of each text is shown.</summary>
    public bool Excerpts { get; init; }

    /// <summary>
    /// Reads the query of an address. Parameters that are none of ours are ignored, so that a caller's own marks do no harm.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="look">What was chosen; the defaults when the method returns false.</param>
    /// <param name="fault">The name of the first parameter with a value that is not allowed, or null.</param>
    /// <returns>Whether every parameter of ours has an allowed value.</returns>
    public static bool TryRead(IQueryCollection query, out EmbedLook look, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(query);
        look = new EmbedLook();
        var read = look;
        fault =
            !TryName(query, "layout", ref read, static (read, layout) => read with { Layout = layout }, EmbedLayout.List) ? "layout"
            : !TryName(query, "theme", ref read, static (read, theme) => read with { Theme = theme }, EmbedTheme.Auto) ? "theme"
            : !TryCount(query, ref read) ? "count"
            : !TryAccent(query, ref read) ? "accent"
            : !TryLanguage(query, ref read) ? LanguageChoice.Parameter
            : !TrySwitch(query, "images", ref read, static (read, on) => read with { Images = on }) ? "images"
            : !TrySwitch(query, "excerpt", ref read, static (read, on) => read with { Excerpts = on }) ? "excerpt"
            : null;
        if (fault is not null) return false;
        look = read;
        return true;
    }

    /// <summary>The look as the query of an address, with the question mark, without what is the default; empty when all is.</summary>
    public string ToQuery()
    {
        var query = new QueryBuilder();
        if (Layout != EmbedLayout.List) query.Add("layout", NameOf(Layout));
        if (Count != DefaultCount) query.Add("count", Count.ToString(CultureInfo.InvariantCulture));
        if (Theme != EmbedTheme.Auto) query.Add("theme", NameOf(Theme));
        if (Accent is not null) query.Add("accent", Accent);
        if (Language is not null) query.Add(LanguageChoice.Parameter, Language.Code);
        if (Images) query.Add("images", "1");
        if (Excerpts) query.Add("excerpt", "1");
        return query.ToString();
    }

    /// <summary>A layout's or theme's name in addresses.</summary>
    public static string NameOf<TName>(TName name) where TName : struct, Enum => Enum.GetName(name)!.ToLowerInvariant();

    private static bool TryName<TName>(
        IQueryCollection query, string parameter, ref EmbedLook look, Func<EmbedLook, TName, EmbedLook> with, TName whenEmpty)
        where TName : struct, Enum
    {
        var value = query[parameter].ToString();
        foreach (var name in Enum.GetValues<TName>())
            if (value.Length == 0 ? EqualityComparer<TName>.Default.Equals(name, whenEmpty) : value == NameOf(name))
            {
                look = with(look, name);
                return true;
            }

        return false;
    }

    private static bool TryCount(IQueryCollection query, ref EmbedLook look)
    {
        var value = query["count"].ToString();
        if (value.Length == 0) return true;
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < MinCount or > MaxCount) return false;
        look = look with { Count = count };
        return true;
    }

    private static bool TryAccent(IQueryCollection query, ref EmbedLook look)
    {
        var value = query["accent"].ToString().TrimStart('#');
        if (value.Length == 0) return true;
        if (value.Length is not (3 or 6) || !value.All(char.IsAsciiHexDigit)) return false;
        var six = value.Length == 6 ? value : string.Concat(value.SelectMany(static digit => new[] { digit, digit }));
        look = look with { Accent = six.ToLowerInvariant() };
        return true;
    }

    private static bool TryLanguage(IQueryCollection query, ref EmbedLook look)
    {
        var value = query[LanguageChoice.Parameter].ToString();
        if (value.Length == 0) return true;
        if (SiteLanguage.Find(value) is not { } language) return false;
        look = look with { Language = language };
        return true;
    }

    private static bool TrySwitch(IQueryCollection query, string parameter, ref EmbedLook look, Func<EmbedLook, bool, EmbedLook> with)
    {
        var value = query[parameter].ToString();
        if (value is not ("" or "0" or "1")) return false;
        look = with(look, value == "1");
        return true;
    }
}
