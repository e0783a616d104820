using System.Buffers;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>Reads who a Chinese page says the text is from: 来源, the account beside the date, the byline, and the credits under it.</summary>
internal static partial class Attribution
{
    /// <summary>How many lines around the headline and behind the body may say it.</summary>
    private const int Reach = 25;

    private static readonly SearchValues<char> NoWord = SearchValues.Create("：:>＞()（）");

    private static readonly string[] SourceMetadata = ["ContentSource", "contentSource", "article:source", "source", "og:source", "mediaid", "copyright-source"];

    /// <summary>来源.</summary>
    internal static string? Source(PageMetadata metadata, IReadOnlyList<PageLine> lines, PagePlaces where, PublicationDate.Shown? date)
    {
        for (var i = Math.Max(0, where.Headline - 3); i < Math.Min(lines.Count, Math.Max(where.BodyStart, where.Headline) + 1); i++)
            if (Labelled(lines, i) is { } labelled)
                return labelled;
        foreach (var name in SourceMetadata)
            if (metadata[name] is { } declared && Value(SourceLabel().Match(declared) is { Success: true } label ? declared[(label.Index + label.Length)..] : declared) is { } value)
                return value;
        if (where.Headline >= 0 && Marked(lines, where) is { } marked) return marked;
        if (Below(lines, where) is { } below && below is not ("网络" or "互联网" or "综合")) return below;
        if (date is not null)
        {
            // The words beside the date: 2019年09月07日 04:04 北京日报.
            if (Word(date.Line.Spaced[date.End..], last: false) is { } after) return after;
            if (Word(date.Line.Spaced[..date.Start], last: true) is { } before) return before;
            if (date.Line.Index > 0 && date.Line.Index - 1 != where.Headline && date.Line.Index - where.Headline is > 0 and <= 4 && Short(lines[date.Line.Index - 1]) is { } above) return above;
        }

        return Below(lines, where);
    }

    /// <summary>来源 at the ends of the body or a little below it.</summary>
    private static string? Below(IReadOnlyList<PageLine> lines, PagePlaces where)
    {
        for (var i = Math.Max(0, where.BodyStart); i < Math.Min(lines.Count, where.BodyEnd + Reach); i++)
        {
            if (i > where.BodyEnd && BodyEdges.IsRelatedHeading(lines[i].Text)) break;
            if (Labelled(lines, i) is { } labelled && (i >= where.BodyEnd - 8 || i - where.BodyStart < 3)) return labelled;
        }

        return null;
    }

    /// <summary>The people who wrote it.</summary>
    internal static List<string> Authors(PageMetadata metadata, IReadOnlyList<PageLine> lines, PagePlaces where, string? source, string? site, string? marked)
    {
        List<string> authors = [];
        void Add(IEnumerable<string> names)
        {
            foreach (var name in names)
                if (authors.Count < ExtractionLimits.MaxAuthors && name != source && name != site && !authors.Contains(name))
                    authors.Add(name);
        }

        foreach (var i in Candidates(lines.Count, where))
        {
            var text = lines[i].Spaced;
            if (text.Length > 160) text = i <= where.BodyStart + 3 ? text[..160] : text[^160..];
            foreach (Match match in AuthorLabel().Matches(text))
                Add(PersonNames.Split(UntilPeople(text[(match.Index + match.Length)..])).Where(static name => !Noise().IsMatch(name)));
            if (authors.Count > 0) return authors;
            if (text.Length <= 40 && Reporter().Match(text) is { Success: true } reporter) Add(PersonNames.Split(UntilPeople(text[(reporter.Index + reporter.Length)..])).Where(PersonNames.IsChinese));
            if (authors.Count > 0) return authors;
        }

        for (var i = where.BodyStart; i < Math.Min(lines.Count, Math.Min(where.BodyStart + 3, where.BodyEnd + 1)); i++)
            if (Dateline().Match(lines[i].Text[..Math.Min(lines[i].Text.Length, 120)]) is { Success: true } dateline)
                Add(PersonNames.Split(dateline.Groups["v"].Value).Where(PersonNames.IsChinese));
        if (authors.Count > 0) return authors;

        for (var i = Math.Min(where.BodyEnd, lines.Count - 1); i >= Math.Max(where.BodyStart, where.BodyEnd - 4) && i >= 0; i--)
        {
            var tail = lines[i].Text[Math.Max(0, lines[i].Text.Length - 60)..];
            if (Signature().Match(tail) is not { Success: true } signature) continue;
            var names = PersonNames.Split(signature.Groups["v"].Value);
            if (names.Count > 0 && names.TrueForAll(PersonNames.IsChinese)) Add(names);
            if (authors.Count > 0) return authors;
        }

        Add(metadata.LinkedData.Authors.Where(name => PersonNames.MayBeName(name) && name != metadata.LinkedData.Publisher && !Outlet().IsMatch(name)));
        if (authors.Count == 0 && marked is not null) Add(PersonNames.Split(marked));
        if (authors.Count == 0 && metadata["author", "article:author"] is { } declared) Add(PersonNames.Split(declared).Where(PersonNames.IsChinese));
        return authors;
    }

    /// <summary>责任编辑：张三 and its kin, from the headline to a little below the body.</summary>
    internal static List<ArticleCredit> Credits(IReadOnlyList<PageLine> lines, PagePlaces where)
    {
        List<ArticleCredit> credits = [];
        for (var i = Math.Max(0, where.Headline); i < Math.Min(lines.Count, where.BodyEnd + Reach); i++)
        {
            var text = lines[i].Spaced;
            if (text.Length > 600) text = text[^300..];
            var matches = CreditLabel().Matches(text);
            for (var m = 0; m < matches.Count; m++)
            {
                var match = matches[m];
                var end = m + 1 < matches.Count ? matches[m + 1].Index : text.Length;
                var value = Until(text[(match.Index + match.Length)..end]);
                // The name may stand in a block of its own.
                if (value.Length == 0 && m + 1 == matches.Count && i + 1 < lines.Count && lines[i + 1].Text.Length <= 20) value = Until(lines[i + 1].Spaced);
                foreach (var name in CreditNames(value))
                    if (credits.Count < ExtractionLimits.MaxCredits && !credits.Exists(credit => credit.Name == name && credit.Role == match.Groups["r"].Value))
                        credits.Add(new ArticleCredit(match.Groups["r"].Value, name));
            }
        }

        return credits;
    }

    /// <summary>Whether a line is nothing but credits or a source.</summary>
    internal static bool IsCreditLine(string text) =>
        text.Length <= 120 && (CreditLabel().Match(text) is { Success: true, Index: <= 3 } || SourceLabel().Match(text) is { Success: true, Index: <= 3 });

    private static IEnumerable<string> CreditNames(string value)
    {
        var names = PersonNames.Split(value);
        // A login stands where a name should.
        if (names.Count == 0 && Login().Match(value) is { Success: true } login) names.Add(login.Value);
        return names.Where(static name => name.Length <= 24).Take(8);
    }

    /// <summary>The lines where a byline may stand: around the headline, at the ends of the body, a little below it.</summary>
    private static IEnumerable<int> Candidates(int count, PagePlaces where)
    {
        for (var i = Math.Max(0, where.Headline); i < Math.Min(count, where.BodyStart + 8); i++) yield return i;
        for (var i = Math.Max(where.BodyStart + 8, where.BodyEnd - 5); i < Math.Min(count, where.BodyEnd + 12); i++) yield return i;
    }

    private static string? Labelled(IReadOnlyList<PageLine> lines, int i)
    {
        var text = lines[i].Spaced;
        if (text.Length > 200 || SourceLabel().Match(text) is not { Success: true } label) return null;
        var rest = text[(label.Index + label.Length)..];
        if (rest.Trim().Length == 0 && i + 1 < lines.Count && lines[i + 1].Text.Length <= 30) rest = lines[i + 1].Spaced;
        return Value(rest);
    }

    /// <summary>An element near the headline whose class says that it names the source or account.</summary>
    private static string? Marked(IReadOnlyList<PageLine> lines, PagePlaces where)
    {
        string? account = null;
        for (var i = where.Headline + 1; i < Math.Min(lines.Count, Math.Max(where.BodyStart, where.Headline + 8)); i++)
            foreach (var element in (IEnumerable<IElement>)[lines[i].Block, .. lines[i].Block.QuerySelectorAll("span, a, em, strong").Take(20)])
            {
                var mark = (element.ClassName ?? "") + " " + (element.Id ?? "");
                if (mark.Length > 200) continue;
                var isSource = SourceMark().IsMatch(mark);
                if (!isSource && !AccountMark().IsMatch(mark)) continue;
                var text = PageLines.Collapse(element.TextContent);
                if (text.Length is < 2 or > 24 || text.AsSpan().ContainsAnyInRange('0', '9') || Noise().IsMatch(text) || PersonNames.IsChinese(text)) continue;
                if (isSource) return Value(text);
                account ??= Value(text);
            }

        return account;
    }

    private static string? Word(string text, bool last)
    {
        string? found = null;
        foreach (var word in text.Split([' ', '\u3000', '·', '|', '｜', '丨', '/', '-'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // 所属分类：头条 is another matter.
            if (text.IndexOf(word, StringComparison.Ordinal) is var at && text[..at].TrimEnd() is [.., '：' or ':']) continue;
            if (Noise().IsMatch(word) || word.Length < 2 || word.Length > 24 || !word.Any(char.IsLetter) || word.AsSpan().ContainsAny(NoWord)) continue;
            // 新浪财经-自媒体综合 is one.
            found = Around(text, word);
            if (!last) break;
        }

        return found is null ? null : Value(found);
    }

    private static string Around(string text, string word)
    {
        var start = text.IndexOf(word, StringComparison.Ordinal);
        var end = start + word.Length;
        while (end + 1 < text.Length && text[end] is '-' or '·' && !char.IsWhiteSpace(text[end + 1]))
        {
            end++;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('-' or '·')) end++;
        }

        return text[start..end];
    }

    private static string? Short(PageLine line) =>
        line.Text.Length is >= 2 and <= 20 && line.HeadingLevel == 0 && !line.Text.AsSpan().ContainsAnyInRange('0', '9') && line.Text.AsSpan().IndexOfAny(">＞：:/") < 0 && !Noise().IsMatch(line.Text) ? Value(line.Text) : null;

    private static string? Value(string text)
    {
        var value = Until(text.TrimStart(' ', '：', ':', '|', '\u3000'));
        // A space ends it, but for one between Latin words.
        for (var space = value.IndexOf(' ', StringComparison.Ordinal); space > 0; space = value.IndexOf(' ', space + 1))
            if (!char.IsAsciiLetterOrDigit(value[space - 1]) || space + 1 >= value.Length || !char.IsAsciiLetterOrDigit(value[space + 1]))
            {
                value = value[..space];
                break;
            }

        value = value.Trim(' ', '"', '“', '”', '《', '》', '，', '。', '、', '-', '/');
        return value.Length is < 2 or > 40 || !value.Any(char.IsLetter) || value.Contains("://", StringComparison.Ordinal) ? null : value;
    }

    /// <summary>A value up to what cannot be part of it.</summary>
    private static string Until(string text)
    {
        text = text.TrimStart(' ', '\u3000');
        if (ValueEnd().Match(text) is { Success: true } end) text = text[..end.Index];
        return text.Trim();
    }

    /// <summary>The same for people, before whom their titles stand: 观察者网专栏作者 王文.</summary>
    private static string UntilPeople(string text)
    {
        text = text.TrimStart(' ', '\u3000');
        if (PeopleEnd().Match(text) is { Success: true } end) text = text[..end.Index];
        return text.Trim();
    }

    [GeneratedRegex(@"[)）\]】〕(（\[【<>＞，。；]|编辑|责编|发布|发表|时间|日期|字号|浏览|点击|阅读|评论|来源|https?:|(?:19|20)[0-9]{2}[-/年.]|分享|举报|打印|摄影|图片|审核|校对|实习生|通讯员", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex PeopleEnd();

    [GeneratedRegex(@"(?<!图片?|视频|数据|素材|封面|供图|题图)(?:信息来源|文章来源|新闻来源|稿件来源|内容来源|资料来源|本文来源|来源于|来源|來源|稿源|文章出处|出处|转载自|转自)\s*[:：|｜丨]\s*", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex SourceLabel();

    [GeneratedRegex(@"(?<![\u4e00-\u9fff])(?:本文作者|作者|撰文|执笔|撰稿|采写|文字|记者|文)\s*[:：/／|｜丨]\s*(?:图\s*)?|(?<=[（(【\[])文/?图?[/／\s]", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex AuthorLabel();

    [GeneratedRegex(@"^[\u4e00-\u9fff《》“”A-Za-z]{0,14}(?:记者|评论员|作者|撰稿人|特约撰稿)[\s:：/|]+", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Reporter();

    [GeneratedRegex(@"[（(][^（）()]{0,12}(?:记者|评论员)[\s:：]*(?<v>[^（）()]{2,40})[)）]", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Dateline();

    [GeneratedRegex(@"[（(](?:[\u4e00-\u9fff]{0,8}(?:评论员|记者|作者)|文/图|文图|图文|文|撰文)?[\s/／:：]*(?<v>[^（）()]{2,30})[)）]\s*$", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Signature();

    [GeneratedRegex(
        @"(?<r>责任编辑|责任编审|责编|執行編輯|责任校对|执行主编|执行编辑|文字编辑|图片编辑|视频编辑|新媒体编辑|值班编辑|值班编委|值班主任|值班主编|流程编辑|栏目编辑|微信编辑|实习编辑|见习编辑|主编|副主编|总编辑|编辑|編輯|审核|审校|审签|审读|初审|复审|终审|一审|二审|三审|编审|签发|核校|校审|校对|校對|监制|總監制|总监制|监审|出品人?|总?策划|统筹|制作|制图|美编|版式|摄影|摄像|剪辑|视觉|设计|海报|通讯员|实习生|供图|翻译|编译|播音|配音|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{1,4}编辑)\s*[:：|｜丨/／]\s*", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex CreditLabel();

    [GeneratedRegex(
        @"[)）\]】〕]|作者|记者[:：]|责任编辑|责编|编辑[:：]|编辑\s*$|(?:^|\s)(?:发布|发表|更新|时间|日期|字号|字体|浏览|点击|阅读|评论|参与|分享|举报|打印|关闭|收藏|纠错)|(?:发布|发表|更新|浏览|点击|阅读|评论|字号|字体|时间|日期)(?:时间|日期|次数|于|量|数)?\s*[:：(（\d]|人参与|原创稿|来源|https?:|(?:19|20)[0-9]{2}[-/年.]|[(（\[【<>＞]|[A-Z][-+] |，|。|；|\s\d+\s*$|大 中 小|我要|我有话说|扫码|关注|审核[:：]|校对[:：]", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex ValueEnd();

    [GeneratedRegex(@"^(?:来自|IP属地|举报|收藏|分享|评论|阅读|打印|字号|字体|原创|关注|\+关注|订阅|登录|注册|参与|浏览|点击|首页|正文|编辑|发布|发表|时间|日期|更新|来源|作者|记者|缩小|放大|大字|小字|微博|微信|QQ|Qzone|跟贴|下载|客户端|APP|昨天|星期|周[一二三四五六日])|有话说|人参与|小时前|分钟前|官方账号|[:：]", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Noise();

    [GeneratedRegex(@"[网報报社台刊频道]$|中心|公司|编辑部|集团|周刊|杂志|\d{3}", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Outlet();

    [GeneratedRegex(@"(?:^|[\s_-])(?:a_|art-?|news-?|article-?|post-?)?(?:source|origin|media-?name|laiyuan|copyfrom)(?:[\s_-]|$)", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex SourceMark();

    [GeneratedRegex(@"(?:^|[\s_-])(?:author-?name|account-?name|js_name|media-?info|nickname|user-?name|profile_nickname)(?:[\s_-]|$)", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex AccountMark();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.-]{1,19}|^[\u4e00-\u9fff]{2,6}", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Login();
}
