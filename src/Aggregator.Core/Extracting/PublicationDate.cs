using System.Globalization;
using System.Text.RegularExpressions;
using Aggregator.Core.Parsing;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>
/// When an article was published. Chinese publishers show the minute beside the headline and declare less, or something else:
/// there the shown time wins, and what is declared adds the seconds or the year. Elsewhere what is declared wins.
/// </summary>
internal static partial class PublicationDate
{
    /// <summary>How far below the headline the date is looked for, in lines.</summary>
    private const int LinesBelow = 25;

    private static readonly string[] Declared =
    [
        "article:published_time", "og:published_time", "og:article:published_time", "datePublished", "publishdate", "publish-date", "publish_date", "published_time", "publish_time", "pubdate", "PubDate", "publishtime", "publishedtime",
        "published_at", "date", "DC.date.issued", "dcterms.date", "dcterms.created", "DC.date", "sailthru.date", "parsely-pub-date", "article.published", "og:time", "og:release_date", "weibo: article:create_at", "weibo:article:create_at",
        "apub:time", "firstpublishedtime", "bytedance:published_time", "releaseDate", "dateCreated", "dateUpdate",
    ];

    /// <summary>A date as shown on a line.</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Start">Where it begins in <see cref="PageLine.Spaced"/>.</param>
    /// <param name="End">Where it ends there.</param>
    /// <param name="Moment">The moment.</param>
    /// <param name="HasTime">Whether a time of day was shown.</param>
    /// <param name="HasYear">Whether a year was shown.</param>
    internal sealed record Shown(PageLine Line, int Start, int End, DateTimeOffset Moment, bool HasTime, bool HasYear);

    /// <summary>Whether a line is there for its date: a full one, and no sentence around it.</summary>
    internal static bool IsDateLine(PageLine line) =>
        line.Spaced.Length <= 120 && Full().Match(line.Spaced) is { Success: true } && !line.IsProse && (line.Spaced.Length <= 40 || Label().IsMatch(line.Spaced));

    /// <summary>The date beside the headline, or null.</summary>
    internal static Shown? FindShown(IReadOnlyList<PageLine> lines, int headline, int bodyStart, DateTimeOffset fetchedAt, TimeSpan zone)
    {
        Shown? weak = null;
        if (headline >= 0)
        {
            for (var i = headline; i < Math.Min(lines.Count, headline + LinesBelow + 1); i++)
            {
                if (Read(lines[i], fetchedAt, zone) is not { } shown || UpdateLabel().IsMatch(lines[i].Spaced)) continue;
                if (i <= bodyStart || Label().IsMatch(lines[i].Spaced)) return shown;
                weak ??= shown;
            }

            for (var i = headline - 1; i >= Math.Max(0, headline - 5); i--)
                if (Read(lines[i], fetchedAt, zone) is { HasYear: true } above && !lines[i].IsLinks)
                    return above;
        }

        foreach (var line in lines)
            if (Label().IsMatch(line.Spaced) && !UpdateLabel().IsMatch(line.Spaced) && Read(line, fetchedAt, zone) is { HasYear: true } labelled)
                return labelled;
        return weak;
    }

    /// <summary>The date that the page declares for machines, or null.</summary>
    internal static DateTimeOffset? FindDeclared(PageMetadata metadata, IDocument document, DateContext context)
    {
        if (Read(metadata.LinkedData.Published, context) is { } linked) return linked;
        foreach (var name in Declared)
            if (Read(metadata[name], context) is { } declared)
                return declared;
        foreach (var element in document.QuerySelectorAll("[itemprop~=datePublished], time[pubdate], time.published, time.entry-date, abbr.published, time[datetime]").Take(20))
        {
            if (element.Closest("aside, footer, nav, [class*=comment], [class*=related]") is not null) continue;
            if (Read(element.GetAttribute("datetime") ?? element.GetAttribute("content") ?? element.GetAttribute("title") ?? element.TextContent, context) is { } shown) return shown;
        }

        return null;
    }

    /// <summary>A date that means a moment between 1990 and the day after tomorrow.</summary>
    internal static DateTimeOffset? Read(string? text, DateContext context) =>
        text is { Length: >= 8 and <= 60 } && DateParser.Parse(PageLines.Collapse(text), context) is { } date && date.Year >= 1990 && date <= context.FetchedAt.AddDays(2) ? date : null;

    /// <summary>What both say together.</summary>
    internal static DateTimeOffset? Choose(Shown? shown, DateTimeOffset? declared, bool shownWins, TimeSpan zone)
    {
        if (shown is null) return declared;
        if (declared is not { } said) return shown.Moment;
        var local = said.ToOffset(zone);
        var seen = shown.Moment.ToOffset(zone);
        if (!shown.HasYear) return local.Month == seen.Month && local.Day == seen.Day ? Finer(seen, local, shown.HasTime) : said;
        if (!shownWins) return said;
        return local.Date == seen.Date ? Finer(seen, local, shown.HasTime) : shown.Moment;
    }

    private static DateTimeOffset Finer(DateTimeOffset seen, DateTimeOffset said, bool hasTime) =>
        !hasTime || (said.Hour == seen.Hour && said.Minute == seen.Minute) ? said : seen.Year == said.Year ? seen : new DateTimeOffset(said.Year, seen.Month, seen.Day, seen.Hour, seen.Minute, seen.Second, seen.Offset);

    private static Shown? Read(PageLine line, DateTimeOffset fetchedAt, TimeSpan zone)
    {
        var text = line.Spaced;
        if (text.Length > ExtractionLimits.MaxLineLength || line.IsProse) return null;
        var match = Full().Match(text);
        var hasYear = match.Success;
        if (!hasYear)
        {
            match = Short().Match(text);
            if (!match.Success) return null;
        }

        var year = fetchedAt.Year;
        if (match.Groups["y"] is { Success: true } written)
        {
            year = Number(written);
            if (year < 100) year += 2000;
            hasYear = true;
        }

        var hasTime = match.Groups["h"].Success;
        int month = Number(match.Groups["m"]), day = Number(match.Groups["d"]), hour = Number(match.Groups["h"]), minute = Number(match.Groups["i"]), second = Number(match.Groups["s"]);
        if (match.Groups["p"].Value is "下午" or "晚上" or "傍晚" && hour < 12) hour += 12;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(Math.Clamp(year, 1, 9999), month) || hour > 23 || minute > 59 || second > 59) return null;
        var moment = new DateTimeOffset(year, month, day, hour, minute, second, zone);
        if (!hasYear && moment > fetchedAt.AddDays(1)) moment = month == 2 && day == 29 ? moment.AddDays(-366) : moment.AddYears(-1);
        return moment.Year < 1990 || moment > fetchedAt.AddDays(2) ? null : new Shown(line, match.Index, match.Index + match.Length, moment, hasTime, hasYear);
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private const string Time = @"(?:\s*(?:星期|周)[一二三四五六日天])?[\sT,，]*(?<p>凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*(?<h>[0-9]{1,2})\s*[:：时時点點]\s*(?<i>[0-9]{2})(?:\s*[:：分]\s*(?<s>[0-9]{2}))?";

    [GeneratedRegex(@"(?<![0-9./-])(?<y>(?:19|20)[0-9]{2})(?:\s*[-/.年]\s*|\s+(?=[0-9]{2}\s*/))(?<m>[0-9]{1,2})\s*[-/.月]\s*(?<d>[0-9]{1,2})(?:\s*[日号號])?(?:" + Time + ")?", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Full();

    // 18-03-08 23:16, 09-30 22:46, 06月24日 11時30分: only with the time of day, or a score would be a date.
    [GeneratedRegex(@"(?<![0-9./-])(?:(?<y>[0-9]{2})[-/.])?(?<m>[01]?[0-9])\s*[-/月]\s*(?<d>[0-3]?[0-9])(?:\s*[日号號])?" + Time, RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Short();

    [GeneratedRegex(@"发布|发表|刊发|时间|日期|来源|來源|發布|發表|時間|作者|记者|编辑|浏览|点击|阅读|字号", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Label();

    [GeneratedRegex(@"更新|修改|更新時間", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex UpdateLabel();
}
