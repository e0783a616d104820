using System.Buffers;
using System.Text.RegularExpressions;
using Aggregator.Core.Searching;

namespace Aggregator.Core.Stories;

/// <summary>Reads the lines in which a reprint says where it has its text from (转自, 来源, via, Source:), and those that a site sets around every article.</summary>
public static partial class NamedSource
{
    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaxLength = 60;

    // Lines are short, so that no match takes long; a machine that is busy with other things may stand still for a while.
    private const int MatchMilliseconds = 5_000;

    /// <summary>The longest line that is nothing but such words, in UTF-16 code units.</summary>
    private const int MaxLineLength = 160;

    /// <summary>Of what <see cref="Label"/> matches something of this is a part.</summary>
    private static readonly SearchValues<string> Labels = SearchValues.Create(
        ["转自", "转载自", "转载于", "转发自", "摘自", "轉自", "轉載自", "本文来自", "来源", "來源", "稿源", "出处", "出典", "引用元", "転載元", "提供元", "via", "source", "originally ", "first ", "republished", "reprinted", "reposted"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>The name that a line gives as the text's source, or null.</summary>
    public static string? In(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Length < 4) return null;

        // A short line may say it anywhere; a paragraph only where it begins or ends.
        var value = Of(line.Length <= MaxLineLength ? line : line.AsSpan(0, 60)) ?? (line.Length > MaxLineLength ? Of(line.AsSpan(line.Length - 60)) : null);
        return value;
    }

    /// <summary>Whether a line belongs to the page and not to the article: a source line, credits, an invitation to read on.</summary>
    public static bool IsAround(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Length <= MaxLineLength && Around().IsMatch(line);
    }

    /// <summary>Whether a name means this source, by what the source is called or where it lives.</summary>
    /// <param name="name">What a line gave.</param>
    /// <param name="title">The source's title.</param>
    /// <param name="host">The host of its site or feed, or null.</param>
    public static bool Means(string name, string title, string? host)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(title);
        var (named, called) = (FoldedText.Fold(name), FoldedText.Fold(title));
        if (named.Length < 2) return false;
        if (host is not null && FoldedText.Fold(host).Replace("www ", "", StringComparison.Ordinal) is { Length: > 3 } folded && FoldedText.IndexOf(named, folded) >= 0) return true;
        if (called.Length < 2) return false;

        // 新华社 says 新华网's paper as well as its wire: the shorter name has to be most of the longer one.
        return called == named
            || (FoldedText.IndexOf(called, named) >= 0 && named.Length * 2 >= called.Length)
            || (FoldedText.IndexOf(named, called) >= 0 && called.Length * 3 >= named.Length);
    }

    private static string? Of(ReadOnlySpan<char> line)
    {
        // Of nearly every line this says at once that it names nothing.
        if (!line.ContainsAny(Labels)) return null;
        var text = line.ToString();
        var match = Label().Match(text);
        if (!match.Success) return null;
        var value = text[(match.Index + match.Length)..].TrimStart(' ', '\u3000', ':', '：', '@', '《', '“', '"', '「', '[');
        if (ValueEnd().Match(value) is { Success: true } end) value = value[..end.Index];
        value = value.Trim().TrimEnd('.', '》', '”', '"', '」');
        return value.Length is < 2 or > MaxLength || !value.Any(char.IsLetter) ? null : value;
    }

    [GeneratedRegex(
        @"(?<!图片?|视频|数据|素材|封面|题图|收入|资金)(?:转自|转载自|转载于|转发自|摘自|轉自|轉載自|本文来自|(?:信息|文章|新闻|稿件|内容|资料|本文|消息)?(?:来源|來源)(?:于|自|為|为)?\s*[:：|｜丨]|稿源\s*[:：]?|出处\s*[:：]|出典\s*[:：]|引用元\s*[:：]|転載元\s*[:：]|提供元\s*[:：])"
        + @"|(?:^|[\s(（\[—–-])(?:[Vv]ia|VIA)[:\s]+(?=[\p{Lu}@\p{IsCJKUnifiedIdeographs}])|(?:^|[\s(（\[])(?:[Ss]ource|SOURCE)\s*[:：]\s*|[Oo]riginally (?:published|appeared|posted) (?:on|at|in|by)\s+|[Ff]irst (?:published|appeared) (?:on|at|in|by)\s+|(?:[Rr]epublished|[Rr]eprinted|[Rr]eposted)(?: with permission)? from\s+|appeared first on\s+",
        RegexOptions.CultureInvariant, MatchMilliseconds)]
    private static partial Regex Label();

    [GeneratedRegex(@"[)）\]】〕》”""」，。；;！|｜丨<>\r\n]|[,.](?:\s|$)|\s(?:作者|记者|编辑|责编|责任编辑|时间|日期|发布|on|by|under|and)\b|\s(?:作者|记者|编辑|责编|责任编辑|时间|日期|发布)|\s*(?:19|20)[0-9]{2}[-/年.]|https?:|\s[-–—]\s|\s{2,}", RegexOptions.CultureInvariant, MatchMilliseconds)]
    private static partial Regex ValueEnd();

    [GeneratedRegex(
        @"^[\s(（\[【〔*※·•\-—–=]*(?:"
        + @"(?:本文|文章|稿件|新闻|消息|信息|内容|资料|图片|原文)?(?:转自|转载自|转载于|转发自|摘自|轉自|轉載自|来源于|来自[:：]|来源|來源|稿源|出处|出處|链接|鏈接)|原标题|原題|原题|责任编辑|責任編輯|责编|编辑|編輯|编审|校对|校對|审核|监制|作者[:：]|记者[:：]|文[:：/]|供稿|通讯员"
        + @"|免责声明|免責聲明|版权声明|版權聲明|特别声明|声明[:：]|本文(?:仅|僅|不)?代表|未经(?:授权|许可|允许)|未經|转载请|轉載請|如有侵权|欢迎(?:关注|转发|订阅)|关注我们|扫描|扫码|长按|点击(?:阅读|查看|下载|关注|上方|下方)|阅读原文|查看原文|更多(?:精彩|内容|新闻|资讯)|相关(?:阅读|新闻|推荐|报道)|延伸阅读|返回搜狐|分享到|热门推荐|推荐阅读|下载.{0,12}(?:客户端|APP)"
        + @"|出典|引用元|転載元|提供元|関連記事|続きを読む|この記事は|無断転載|シェア|ツイート"
        + @"|(?:source|via)\s*[:：]|via\s+\S+\s*$|(?:this|the) (?:article|story|post|piece|report).{0,80}(?:originally|first|appeared|published|republished)|originally (?:published|appeared|posted)|first (?:published|appeared)|(?:republished|reprinted|reposted)\b|read (?:more|the (?:full|rest|original))|continue reading|(?:more|also) (?:from|on|at) |follow us|subscribe (?:to|now|here)|sign up|share this|like this|copyright|©|\(c\)|all rights reserved|edited by|editing by|reporting by|editor\s*[:：]|photo(?:s|graph)?(?: credit)?\s*[:：]|image(?: credit)?\s*[:：]|tags?\s*[:：]|filed under|related (?:articles|posts|stories)|related\s*[:：]|disclaimer\s*[:：]|advertisement\b|click here|download (?:our|the) app)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchMilliseconds)]
    private static partial Regex Around();
}
