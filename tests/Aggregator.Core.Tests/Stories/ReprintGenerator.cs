using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Aggregator.Core.Tests.Stories;

/// <summary>
/// Makes reprints of real articles, one kind of change after the other and all together, and articles that only look alike. What decides about
/// stories was tuned with this one first.
/// </summary>
internal sealed partial class ReprintGenerator(int seed)
{
    private static readonly string[] Outlets = ["新华网", "人民日报", "澎湃新闻", "央视新闻", "南方都市报", "中国新闻网"];
    private static readonly string[] Papers = ["Reuters", "The Guardian", "Associated Press", "Ars Technica", "The Evening Post"];
    private static readonly string[] ZhHeads = ["重磅！事情有了新进展", "刚刚公布，网友热议", "一文读懂这件大事", "记者现场直击：究竟发生了什么", "最新消息来了"];
    private static readonly string[] EnHeads = ["What you need to know today", "Here is why everybody is talking about it", "A closer look at the week's big question", "Five things we learned", "Breaking overnight"];

    private static readonly string[] ZhEnds =
    [
        "免责声明：本文来自网络，版权归原作者所有，如有侵权请联系删除。", "更多精彩内容，请关注本站公众号，每天为您推送最新资讯。",
        "本站所有文章均由网友上传，仅供学习交流之用，不代表本站立场。如果您喜欢这篇文章，请点赞并分享给您的朋友们。",
    ];

    private static readonly string[] EnEnds =
    [
        "Subscribe to our newsletter and never miss a story again.", "This article was republished with permission. All rights reserved.",
        "Enjoyed this piece? Our newsroom depends on readers like you. Consider a small donation so that we can keep reporting on what matters to our community.",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The kinds of changes.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["headline", "source line", "credits", "dropped", "shortened", "reordered", "quotes", "numbers", "merged", "punctuation", "site's own words", "several"];

    /// <summary>A reprint of an article with one kind of change; null when the article has nothing to change.</summary>
    public StoryArticle? Reprint(StoryArticle article, string kind) => kind switch
    {
        "headline" => article with { Title = Headline(article) },
        "source line" => SourceLine(article),
        "credits" => Credits(article),
        "dropped" => Dropped(article),
        "shortened" => Shortened(article),
        "reordered" => Reordered(article),
        "quotes" => Quotes(article),
        "numbers" => Numbers(article),
        "merged" => Merged(article),
        "punctuation" => Punctuation(article),
        "site's own words" => OwnWords(article),
        "several" => Several(article),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Two fillings of a template with other facts, from one changed fact to all of them.</summary>
    public (string Kind, StoryArticle A, StoryArticle B) Template()
    {
        var template = Templates[_random.Next(Templates.Length)];
        var slots = Slot().Matches(template.Title + "\n" + template.Text).Select(match => match.Value).Distinct().ToList();
        var first = slots.ToDictionary(slot => slot, slot => Value(slot, null), StringComparer.Ordinal);
        var second = new Dictionary<string, string>(first, StringComparer.Ordinal);
        var count = Math.Min(slots.Count, _random.Next(1, 11));
        foreach (var slot in slots.OrderBy(_ => _random.Next()).Take(count)) second[slot] = Value(slot, first[slot]);
        return (template.Kind, Fill(template, first), Fill(template, second));
    }

    private static StoryArticle Fill((string Kind, string Title, string Text) template, Dictionary<string, string> values)
    {
        string With(string text) => Slot().Replace(text, match => values[match.Value]);
        return new StoryArticle(With(template.Title), With(template.Text).Split('\n'), "template");
    }

    private string Headline(StoryArticle article) => article.IsUnspaced
        ? ZhHeads[_random.Next(ZhHeads.Length)]
        : EnHeads[_random.Next(EnHeads.Length)];

    private StoryArticle SourceLine(StoryArticle article)
    {
        var line = article.IsUnspaced
            ? string.Format(CultureInfo.InvariantCulture, _random.Next(3) switch { 0 => "转自 {0}", 1 => "来源：{0}", _ => "（本文转载自{0}）" }, Outlets[_random.Next(Outlets.Length)])
            : string.Format(CultureInfo.InvariantCulture, _random.Next(3) switch { 0 => "Source: {0}", 1 => "via {0}", _ => "Originally published by {0}." }, Papers[_random.Next(Papers.Length)]);
        var paragraphs = article.Paragraphs.ToList();
        if (_random.Next(2) == 0) paragraphs.Insert(0, line);
        else paragraphs.Add(line);
        return article with { Paragraphs = paragraphs };
    }

    private static StoryArticle Credits(StoryArticle article) => article with
    {
        Paragraphs = article.IsUnspaced
            ? ["记者：赵明 通讯员：孙丽", .. article.Paragraphs, "责任编辑：钱进 校对：周宁"]
            : ["By Jane Doe", .. article.Paragraphs, "Reporting by John Roe; Editing by Mary Major"],
    };

    private StoryArticle? Dropped(StoryArticle article)
    {
        var paragraphs = article.Paragraphs.ToList();
        var budget = article.Length * 0.3;
        foreach (var paragraph in article.Paragraphs.OrderBy(_ => _random.Next()))
        {
            if (paragraph.Length > budget) continue;
            budget -= paragraph.Length;
            paragraphs.Remove(paragraph);
        }

        return paragraphs.Count == article.Paragraphs.Count || paragraphs.Count == 0 ? null : article with { Paragraphs = paragraphs };
    }

    private StoryArticle? Shortened(StoryArticle article)
    {
        var budget = article.Length * 0.3;
        var changed = false;
        var paragraphs = article.Paragraphs.Select(paragraph =>
        {
            var sentences = StoryCorpus.Sentences(paragraph);
            for (var i = sentences.Count - 1; i > 0; i--)
            {
                if (_random.Next(3) > 0 || sentences[i].Length > budget) continue;
                budget -= sentences[i].Length;
                sentences.RemoveAt(i);
                changed = true;
            }

            return string.Concat(sentences);
        }).ToList();
        return changed ? article with { Paragraphs = paragraphs } : null;
    }

    private StoryArticle? Reordered(StoryArticle article)
    {
        if (article.Paragraphs.Count < 4) return null;
        var paragraphs = article.Paragraphs.ToList();
        for (var n = Math.Max(1, paragraphs.Count * 3 / 10); n > 0; n--)
        {
            var from = _random.Next(1, paragraphs.Count);
            var moved = paragraphs[from];
            paragraphs.RemoveAt(from);
            paragraphs.Insert(_random.Next(1, paragraphs.Count + 1), moved);
        }

        return paragraphs.SequenceEqual(article.Paragraphs) ? null : article with { Paragraphs = paragraphs };
    }

    private StoryArticle? Quotes(StoryArticle article)
    {
        var changed = false;
        var count = 0;
        var paragraphs = article.Paragraphs.Select(paragraph => Quotation().Replace(paragraph, match =>
        {
            if (count++ % 3 == 2 || match.Length > article.Length / 5) return match.Value;
            changed = true;
            var inside = match.Value[1..^1];
            return _random.Next(3) switch
            {
                0 when article.IsUnspaced => $"「{inside}」",
                0 => $"“{inside}”",
                1 when article.IsUnspaced => "“我们会认真研究各方意见”",
                1 => "“We are looking into it and will report in due time,”",
                _ => match.Value[..1] + inside[..(inside.Length / 2)] + match.Value[^1..],
            };
        })).ToList();
        return changed ? article with { Paragraphs = paragraphs } : null;
    }

    // A number for each hundred words at the most: a rounding, a later count.
    private StoryArticle? Numbers(StoryArticle article)
    {
        var left = Math.Max(1, article.Length / (article.IsUnspaced ? 250 : 800));
        if (article.Length < (article.IsUnspaced ? 250 : 800)) return null;
        var changed = false;
        var paragraphs = article.Paragraphs.Select(paragraph => PlainNumber().Replace(paragraph, match =>
        {
            if (left == 0 || _random.Next(3) > 0) return match.Value;
            left--;
            changed = true;
            return (int.Parse(match.Value, CultureInfo.InvariantCulture) + _random.Next(1, 9)).ToString(CultureInfo.InvariantCulture);
        })).ToList();
        return changed ? article with { Paragraphs = paragraphs, Title = Headline(article) } : null;
    }

    private StoryArticle? Merged(StoryArticle article)
    {
        if (article.Paragraphs.Count < 2) return null;
        var paragraphs = new List<string>();
        foreach (var paragraph in article.Paragraphs)
        {
            if (paragraphs.Count > 0 && _random.Next(2) == 0) paragraphs[^1] += (article.IsUnspaced ? "" : " ") + paragraph;
            else paragraphs.Add(paragraph);
        }

        return paragraphs.Count == article.Paragraphs.Count ? null : article with { Paragraphs = paragraphs };
    }

    private static StoryArticle Punctuation(StoryArticle article)
    {
        static string Changed(string text)
        {
            var changed = new StringBuilder(text.Length);
            foreach (var c in text)
                changed.Append(c switch
                {
                    '，' => ',',
                    '：' => ':',
                    '；' => ';',
                    '（' => '(',
                    '）' => ')',
                    '“' or '”' => '"',
                    ',' => '，',
                    '(' => '（',
                    ')' => '）',
                    '"' => '”',
                    >= '0' and <= '9' => (char)(c + 0xFEE0),
                    >= '０' and <= '９' => (char)(c - 0xFEE0),
                    _ => c,
                });
            return changed.ToString();
        }

        return article with { Title = Changed(article.Title), Paragraphs = [.. article.Paragraphs.Select(Changed)] };
    }

    private StoryArticle OwnWords(StoryArticle article)
    {
        var ends = article.IsUnspaced ? ZhEnds : EnEnds;
        var end = ends[_random.Next(ends.Length)];
        return article with { Paragraphs = [.. article.Paragraphs, end.Length * 3 > article.Length ? ends.MinBy(text => text.Length)! : end] };
    }

    private StoryArticle Several(StoryArticle article)
    {
        var reprint = (_random.Next(2) == 0 ? Dropped(article) : Shortened(article)) ?? article;
        reprint = Reordered(reprint) ?? reprint;
        if (_random.Next(2) == 0) reprint = Quotes(reprint) ?? reprint;
        if (_random.Next(2) == 0) reprint = Merged(reprint) ?? reprint;
        reprint = SourceLine(reprint);
        if (_random.Next(2) == 0) reprint = OwnWords(reprint);
        return reprint with { Title = Headline(article) };
    }

    private string Value(string slot, string? not)
    {
        while (true)
        {
            var value = slot.Trim('{', '}').TrimEnd('1', '2', '3', '4', '5', '6', '7', '8', '9') switch
            {
                "n" => _random.Next(2, 90).ToString(CultureInfo.InvariantCulture),
                "big" => _random.Next(200, 90_000).ToString(CultureInfo.InvariantCulture),
                "p" => string.Create(CultureInfo.InvariantCulture, $"{_random.Next(0, 9)}.{_random.Next(10, 99)}"),
                "zday" => $"{_random.Next(1, 13)}月{_random.Next(1, 29)}日",
                "day" => $"{OneOf("January", "March", "May", "June", "August", "October")} {_random.Next(1, 29)}",
                "zcity" => OneOf("北京", "上海", "广州", "成都", "武汉", "西安", "杭州", "南京"),
                "city" => OneOf("Boston", "Leeds", "Oslo", "Denver", "Cork", "Lyon", "Turin"),
                "zsky" => OneOf("晴", "多云", "小雨", "阴转晴", "雷阵雨"),
                "sky" => OneOf("sunny", "cloudy", "rainy", "foggy"),
                "zup" => OneOf("涨", "跌"),
                "up" => OneOf("rose", "fell"),
                "zname" => OneOf("王建国", "李秀英", "张伟", "刘洋", "陈静", "赵敏", "孙磊"),
                "name" => OneOf("John Smith", "Mary Brown", "Peter Jones", "Alice Green", "Tom Baker", "Ruth Olsen"),
                "zteam" => OneOf("山东泰山", "上海海港", "北京国安", "浙江队", "成都蓉城"),
                "team" => OneOf("Rovers", "United", "Athletic", "Wanderers", "Albion"),
                "zjob" => OneOf("会计", "前台文员", "软件工程师", "仓库管理员", "销售经理"),
                "job" => OneOf("nurse", "bookkeeper", "warehouse clerk", "software engineer", "sales manager"),
                "jday" => $"{_random.Next(1, 13)}月{_random.Next(1, 29)}日",
                "jcity" => OneOf("札幌", "仙台", "名古屋", "福岡", "那覇"),
                "jsky" => OneOf("晴れ", "くもり", "雨", "雪"),
                _ => throw new InvalidOperationException(slot),
            };
            if (value != not) return value;
        }
    }

    private string OneOf(params string[] values) => values[_random.Next(values.Length)];

    private static readonly (string Kind, string Title, string Text)[] Templates =
    [
        ("weather", "{zcity}{zday}天气预报", "{zcity}气象台{zday}发布：今天白天{zsky}，最高气温{n1}℃，夜间{zsky2}，最低气温{n2}℃。\n空气质量指数{n3}，相对湿度{n4}%，东南风{n5}级。出行请注意防晒补水，早晚温差较大，注意及时增减衣物。\n未来三天天气以{zsky3}为主，气温变化不大，请市民合理安排户外活动。"),
        ("weather", "Weather for {city}, {day}", "{city} will be {sky} on {day} with a high of {n1} and a low of {n2} degrees. Winds from the west at {n3} miles an hour.\nHumidity {n4} per cent. The chance of rain is {n5} per cent before noon. Drivers should allow for extra time on the bridges, and walkers are advised to bring a coat for the evening hours."),
        ("weather", "{jcity}の天気 {jday}", "{jday}の{jcity}は{jsky}、最高気温は{n1}度、最低気温は{n2}度の見込みです。降水確率は{n3}パーセント。\n夕方からは風が強まるところがありますので、外出の際は十分に注意してください。明日は{jsky2}となるでしょう。"),
        ("stocks", "沪指{zday}收{zup}{p}%", "{zday}收盘，沪指{zup}{p}%，报{big1}点；深成指{zup2}{p2}%，报{big2}点；创业板指{zup3}{p3}%。\n两市成交额{big3}亿元，个股{n1}家涨停，{n2}家跌停。板块方面，银行、券商、有色金属居前。分析人士认为，短期市场仍以震荡为主，投资者应控制仓位，注意风险。"),
        ("stocks", "Stocks at the close, {day}", "The index {up} {p1} per cent to {big1} points on {day}. Volume was {big2} million shares.\nAdvancing issues outnumbered declining ones by {n1} to {n2}. Crude oil {up2} {p2} per cent to {n3} dollars a barrel, while gold {up3} to {big3}. Traders await the central bank's minutes and the figures of the labour office later this week."),
        ("sports", "中超：{zteam}{n1}比{n2}战胜{zteam2}", "{zday}晚，中超联赛第{n3}轮，{zteam}坐镇主场以{n1}比{n2}战胜{zteam2}。第{n4}分钟，{zname}头球破门；第{n5}分钟，{zname2}远射扩大比分。\n现场观众{big1}人。此役过后，双方将在下周末继续各自的联赛征程，主教练在赛后发布会上对球员的表现表示满意。"),
        ("sports", "{team} {n1}, {team2} {n2}", "{team} beat {team2} {n1}-{n2} in front of {big1} spectators on {day}. {name} opened the scoring in minute {n3}, and {name2} added another in minute {n4}.\nThe visitors had their chances after the break but could not find a way past a tidy defence. Both sides return to action next weekend."),
        ("obituary", "{name}, {n1}", "{name} of {city} died peacefully on {day} at the age of {n1}. Beloved spouse, devoted parent and friend to many, the departed worked for {n2} years at the county hospital.\nThe family will receive visitors at the chapel on {day2}. In lieu of flowers, donations may be made to the hospice. The family wishes to thank the nurses for their kindness in the last weeks."),
        ("obituary", "讣告", "{zname}同志因病医治无效，于{zday}在{zcity}逝世，享年{n1}岁。遵照其生前遗愿，丧事从简，不举行遗体告别仪式。\n{zname}同志参加工作{n2}年来，勤勤恳恳，任劳任怨，为单位的发展作出了贡献。谨此讣告。"),
        ("legal", "Notice to creditors: estate of {name}", "Notice is hereby given that letters testamentary for the estate of {name}, deceased, were granted to {name2} on {day} by the probate court of {city} under docket number {big1}.\nAll persons having claims against this estate are required to present them to the executor at the address given below within {n1} days from the date of the first publication of this notice, or be barred as by law provided. All persons indebted to the estate are requested to make immediate payment. Claims shall be in writing, shall state the basis of the claim and the amount, and shall be sworn to before an officer authorised to administer oaths. A copy of the claim shall be filed with the clerk of the court, who keeps the register of claims open to inspection by any interested person during office hours."),
        ("legal", "法院公告", "{zname}：本院受理原告{zname2}诉你民间借贷纠纷一案，案号（2026）民初{big1}号，现依法向你公告送达起诉状副本、应诉通知书、举证通知书及开庭传票。自公告之日起经过{n1}日即视为送达。\n提出答辩状和举证的期限分别为公告期满后{n2}日内。定于{zday}上午9时在本院第{n3}审判庭公开开庭审理，逾期将依法缺席裁判。"),
        ("job", "{job} wanted in {city}", "We are looking for a {job} to join our friendly team in {city}. The position is full time, {n1} hours a week, and starts on {day}. Pay is {big1} a year depending on experience.\nYou bring at least {n2} years of experience, a valid driving licence and a sense of humour. We offer a pension plan, free parking, {n3} days of leave, and a modern place of work close to the station. Applicants should send a letter and references by {day2} to our office. We welcome applications from all parts of the community and do not discriminate on any ground."),
        ("job", "{zcity}招聘{zjob}", "我公司因业务发展需要，现面向{zcity}招聘{zjob}{n1}名。要求：年龄{n2}岁以下，身体健康，责任心强，有{n3}年以上相关工作经验者优先。\n待遇：月薪{big1}元，五险一金，包食宿，每月休息{n4}天，节日福利丰厚。有意者请于{zday}前携带身份证、学历证书原件及复印件到公司人事部面试，联系人{zname}。"),
        ("covid", "{zday}疫情通报", "{zday}0—24时，全市新增确诊病例{n1}例，其中本土病例{n2}例，境外输入{n3}例；新增无症状感染者{big1}例。\n当日解除医学观察{big2}人，治愈出院{n4}例。截至{zday}24时，累计报告确诊病例{big3}例。请广大市民继续做好个人防护，勤洗手、常通风、少聚集，如有不适请及时就医。"),
        ("covid", "Covid-19: figures for {day}", "Health officials reported {big1} new cases of Covid-19 on {day}, and {n1} deaths. {big2} people are in hospital, {n2} of them in intensive care.\nThe seven-day average stands at {big3}. So far {p1} million doses have been given. Officials urge everybody who is eligible to get a booster and to stay at home when feeling ill."),
    ];

    [GeneratedRegex(@"\{[a-z]+[0-9]?\}", RegexOptions.None, 1000)]
    private static partial Regex Slot();

    [GeneratedRegex(@"“[^”]{6,200}”|""[^""]{12,200}""|「[^」]{6,200}」", RegexOptions.None, 1000)]
    private static partial Regex Quotation();

    [GeneratedRegex(@"(?<![0-9.,年月/:-])[1-9][0-9]{0,4}(?![0-9.,年月日/:-])", RegexOptions.None, 1000)]
    private static partial Regex PlainNumber();
}
