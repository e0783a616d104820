using System.Globalization;

namespace Aggregator.Server.Browse;

/// <summary>A language that the site's own words exist in. Articles keep the language they were written in.</summary>
public sealed record SiteLanguage
{
    private SiteLanguage(string code, string tag, string ownName, string timePattern, string dayPattern, string dayPatternWithYear, string listSeparator, string sentenceSeparator)
    {
        Code = code;
        Tag = tag;
        OwnName = ownName;
        TimePattern = timePattern;
        DayPattern = dayPattern;
        DayPatternWithYear = dayPatternWithYear;
        ListSeparator = listSeparator;
        SentenceSeparator = sentenceSeparator;
        Culture = CultureInfo.GetCultureInfo(tag);
    }

    /// <summary>Chinese, which comes first and is the answer to visitors who ask for neither.</summary>
    public static SiteLanguage Chinese { get; } = new("zh", "zh-CN", "中文", "yyyy-MM-dd HH:mm", "M月d日 dddd", "yyyy年M月d日 dddd", "、", "");

    /// <summary>English.</summary>
    public static SiteLanguage English { get; } = new("en", "en", "English", "d MMM yyyy, HH:mm", "dddd d MMMM", "dddd d MMMM yyyy", ", ", " ");

    /// <summary>Both, the default first.</summary>
    public static IReadOnlyList<SiteLanguage> All { get; } = [Chinese, English];

    /// <summary>Its name in addresses and in the cookie: <c>zh</c> or <c>en</c>.</summary>
    public string Code { get; }

    /// <summary>Its BCP 47 tag for the attribute <c>lang</c>, which decides on fonts and line breaking.</summary>
    public string Tag { get; }

    /// <summary>Its name in itself.</summary>
    public string OwnName { get; }

    /// <summary>How a time is written, to the minute.</summary>
    public string TimePattern { get; }

    /// <summary>How a day of this year is written.</summary>
    public string DayPattern { get; }

    /// <summary>How a day of another year is written.</summary>
    public string DayPatternWithYear { get; }

    /// <summary>What stands between the items of a list inside a sentence.</summary>
    public string ListSeparator { get; }

    /// <summary>What stands between two sentences.</summary>
    public string SentenceSeparator { get; }

    /// <summary>Its culture.</summary>
    public CultureInfo Culture { get; }

    /// <summary>The language of that code or tag (<c>zh</c>, <c>zh-Hant-TW</c>, <c>EN-gb</c>), or null.</summary>
    public static SiteLanguage? Find(string? tag)
    {
        if (tag is null) return null;
        var dash = tag.IndexOf('-', StringComparison.Ordinal);
        var primary = dash < 0 ? tag : tag[..dash];
        return All.FirstOrDefault(language => language.Code.Equals(primary, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The configured text in this language.</summary>
    public string Choose(LocalizedText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return this == English ? text.En : text.Zh;
    }
}
