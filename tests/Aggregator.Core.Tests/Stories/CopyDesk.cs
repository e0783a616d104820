using System.Globalization;
using System.Text.RegularExpressions;
using Aggregator.Testing;

namespace Aggregator.Core.Tests.Stories;

/// <summary>
/// A third way to make pairs: what agencies, aggregators and mobile sites do to a text on its way (another script, another width, date lines, bylines,
/// advertisements, subheads, cut at seventy per cent, house style), and series whose boilerplate is longer than their facts.
/// </summary>
internal sealed partial class CopyDesk(int seed)
{
    private static readonly Dictionary<char, char> Traditional = File.ReadLines(Path.Combine(Repository.Root, "src", "Aggregator.Core", "Searching", "TraditionalToSimplified.txt"))
        .Where(line => !line.StartsWith('#')).SelectMany(line => line.Chunk(2)).Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[1], pair => pair[0]).ToDictionary(group => group.Key, group => group.First());

    private static readonly string[] ZhAds =
    [
        "双十一大促进行中，全场满三百减五十，爆款家电低至五折，点击下方链接立即抢购，数量有限，先到先得。", "想了解更多财经资讯？加入我们的会员社群，每天早上八点为您送上独家解读，首月仅需九块九。",
        "【推广】专业留学机构二十年品牌，名校录取率领先，现在预约免费获得一对一咨询和语言测试。", "打开手机客户端，听新闻、看直播、领红包，邀请好友还可获得现金奖励，多邀多得，上不封顶。",
    ];

    private static readonly string[] EnAds =
    [
        "Looking for a new mattress? Readers of this site save up to 40 percent this week only with our exclusive partner code at checkout.",
        "Our morning briefing brings you the stories that matter before breakfast. Join 250,000 readers and get it in your inbox every day for free.",
        "SPONSORED: The five best credit cards for travellers this year, compared by experts. Some cards come with a welcome bonus of 60,000 points.",
    ];

    private readonly Random _random = new(seed);

    /// <summary>What happens to a text.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "traditional", "width", "date line", "bylines", "advertisements", "truncated", "one paragraph", "sentences", "numbers in quotes", "subheads",
        "captions", "house style", "editor's note", "on a mobile site",
    ];

    /// <summary>The article as another site has it; null when there is nothing to do.</summary>
    public StoryArticle? Print(StoryArticle article, string kind) => kind switch
    {
        "traditional" => article.IsUnspaced && article.Paragraphs.Sum(text => text.Count(c => c is >= '\u3040' and <= '\u30FF')) * 10 < article.Length ? Written(article, c => Traditional.GetValueOrDefault(c, c)) : null,
        "width" => Written(article, c => c is >= '0' and <= '9' or >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '%' ? (char)(c + 0xFEE0) : c is >= '！' and <= '～' ? (char)(c - 0xFEE0) : c),
        "date line" => DateLine(article),
        "bylines" => Bylines(article),
        "advertisements" => Advertisements(article),
        "truncated" => Truncated(article),
        "one paragraph" => article.Paragraphs.Count < 2 ? null : article with { Paragraphs = [string.Join(article.IsUnspaced ? "" : " ", article.Paragraphs)] },
        "sentences" => article with { Paragraphs = [.. article.Paragraphs.SelectMany(StoryCorpus.Sentences).Select(text => text.Trim()).Where(text => text.Length > 0)] },
        "numbers in quotes" => NumbersInQuotes(article),
        "subheads" => Subheads(article),
        "captions" => Captions(article),
        "house style" => HouseStyle(article),
        "editor's note" => Note(article),
        "on a mobile site" => OnAMobileSite(article),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Two issues of a series: the second has some of its facts, or all of them, of another day.</summary>
    public (string Kind, StoryArticle A, StoryArticle B) Series()
    {
        var series = AllSeries[_random.Next(AllSeries.Length)];
        var text = series.Title + "\n" + string.Join('\n', series.Lines);
        var slots = Slot().Matches(text).Select(match => match.Value).Distinct().ToList();
        var one = slots.ToDictionary(slot => slot, slot => Value(slot, null), StringComparer.Ordinal);
        var two = new Dictionary<string, string>(one, StringComparer.Ordinal);

        // A correction apart, a series changes its day and something else.
        var count = Math.Max(Math.Min(2, slots.Count), (int)Math.Ceiling(slots.Count * _random.NextDouble()));
        foreach (var slot in slots.OrderBy(_ => _random.Next()).Take(count)) two[slot] = Value(slot, one[slot]);
        return (series.Kind, Fill(series, one), Fill(series, two));
    }

    private static StoryArticle Fill((string Kind, string Title, string[] Lines) series, Dictionary<string, string> values)
    {
        string With(string text) => Slot().Replace(text, match => values[match.Value]);
        return new StoryArticle(With(series.Title), [.. series.Lines.Select(With)], "series");
    }

    private static StoryArticle Written(StoryArticle article, Func<char, char> write) => article with
    {
        Title = string.Concat(article.Title.Select(write)),
        Paragraphs = [.. article.Paragraphs.Select(text => string.Concat(text.Select(write)))],
    };

    private StoryArticle DateLine(StoryArticle article)
    {
        var paragraphs = article.Paragraphs.ToList();
        paragraphs[0] = (article.IsUnspaced
            ? Pick($"新华社{Pick("北京", "上海", "东京")}{Number(1, 13)}月{Number(1, 29)}日电（记者{Pick("李峥", "王小鹏", "吴晶晶")}）", $"中新网{Number(1, 13)}月{Number(1, 29)}日电 ", $"【环球网报道 记者 {Pick("张江平", "赵友平")}】", $"（央视财经《{Pick("天下财经", "经济信息联播")}》）", $"本报{Pick("北京", "广州")}{Number(1, 13)}月{Number(1, 29)}日讯 ")
            : Pick($"{Pick("BEIJING", "LONDON", "NEW YORK")}, {Pick("Nov.", "March", "Jan.")} {Number(1, 29)} ({Pick("Reuters", "AP", "Xinhua")}) -- ", $"{Pick("PARIS", "WASHINGTON")} (AFP) – ", $"{Pick("TOKYO", "BERLIN")}—")) + paragraphs[0];
        if (_random.Next(2) == 0) paragraphs.Add(article.IsUnspaced ? Pick("（完）", "【编辑:陈海峰】", "［责任编辑：丁玉冰］") : Pick("(Reporting by Tom Hals in Wilmington; Editing by Lisa Shumaker)", "— ENDS —", "© 2026 The Associated Press. All rights reserved."));
        return article with { Paragraphs = paragraphs };
    }

    private StoryArticle Bylines(StoryArticle article)
    {
        var paragraphs = article.Paragraphs.ToList();
        string[] before = article.IsUnspaced
            ? [$"2026-{Number(10, 13)}-{Number(10, 29)} {Number(10, 24)}:{Number(10, 60)}", $"来源：{Pick("界面新闻", "第一财经", "北京日报")}", $"文 | {Pick("王晓", "李一凡")}", $"作者 {Pick("钱伯彦", "牛其昌")}", $"阅读量 {Number(100, 9000)}", "字号：大 中 小"]
            : [$"By {Pick("Maria Lopez", "David Chen")}, Staff Writer", $"Published {Pick("March", "June")} {Number(1, 29)}, 2026 at {Number(1, 12)}:{Number(10, 60)} p.m.", $"{Number(2, 9)} min read", $"Updated {Number(2, 20)} hours ago", $"{Pick("Maria Lopez", "David Chen")} is a senior correspondent."];
        foreach (var line in before.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4))) paragraphs.Insert(0, line);
        string[] behind = article.IsUnspaced ? ["责编：马晓晴 主编：程凯", $"校对 {Pick("赵琳", "陈荻雁")}", "（图片来源：视觉中国）", "返回搜狐，查看更多"] : [$"Follow {Pick("Maria Lopez", "David Chen")} on X.", "Contact the newsroom: tips@example.org", "Comments (12)"];
        foreach (var line in behind.OrderBy(_ => _random.Next()).Take(_random.Next(1, 3))) paragraphs.Add(line);
        return article with { Paragraphs = paragraphs };
    }

    private StoryArticle Advertisements(StoryArticle article)
    {
        var paragraphs = article.Paragraphs.ToList();
        var left = article.Length * 0.3;
        foreach (var ad in (article.IsUnspaced ? ZhAds : EnAds).OrderBy(_ => _random.Next()))
        {
            if (ad.Length > left) break;
            left -= ad.Length;
            paragraphs.Insert(_random.Next(3) == 0 ? _random.Next(1, paragraphs.Count + 1) : paragraphs.Count, ad);
        }

        return article with { Paragraphs = paragraphs };
    }

    private StoryArticle? Truncated(StoryArticle article)
    {
        var kept = new List<string>();
        var left = (int)(article.Length * 0.7);
        foreach (var paragraph in article.Paragraphs)
        {
            if (left < 20) break;
            kept.Add(paragraph.Length <= left ? paragraph : paragraph[..left] + "…");
            left -= paragraph.Length;
        }

        if (kept.Count == 0) return null;
        kept.Add(article.IsUnspaced ? Pick("[阅读全文]", "……未完待续，点击查看全文", "展开全文") : Pick("[Read more…]", "Continue reading at the source", "The rest of this article is for subscribers."));
        return article with { Paragraphs = kept };
    }

    // What somebody said is corrected: no more than one number in a hundred words.
    private StoryArticle? NumbersInQuotes(StoryArticle article)
    {
        var left = article.Length / (article.IsUnspaced ? 250 : 800);
        var changed = false;
        var paragraphs = article.Paragraphs.Select(paragraph => Quotation().Replace(paragraph, quotation => Digits().Replace(quotation.Value, digits =>
        {
            if (left <= 0) return digits.Value;
            left--;
            changed = true;
            return (int.Parse(digits.Value, CultureInfo.InvariantCulture) + _random.Next(1, 9)).ToString(CultureInfo.InvariantCulture);
        }))).ToList();
        return changed ? article with { Paragraphs = paragraphs } : null;
    }

    private StoryArticle? Subheads(StoryArticle article)
    {
        if (article.Paragraphs.Count < 4) return null;
        var paragraphs = new List<string>();
        for (var i = 0; i < article.Paragraphs.Count; i++)
        {
            if (i > 0 && i % 3 == 0) paragraphs.Add(article.IsUnspaced ? Pick("01", "“一石激起千层浪”", "多方回应", "专家怎么看", "二、影响几何？") : Pick("What happens next", "Mixed reactions", "The bigger picture", "* * *"));
            paragraphs.Add(article.Paragraphs[i]);
        }

        return article with { Paragraphs = paragraphs };
    }

    private StoryArticle Captions(StoryArticle article)
    {
        var paragraphs = article.Paragraphs.ToList();
        for (var n = _random.Next(1, 3); n > 0; n--)
            paragraphs.Insert(_random.Next(paragraphs.Count + 1), article.IsUnspaced ? Pick("▲资料图。图源：视觉中国", $"图为活动现场。{Pick("王刚", "李明")} 摄", "截图自网络", "（图片由受访者提供）") : Pick($"A file photo taken in {Number(2010, 2026)}. Photo: Getty Images", "Image: Courtesy of the organisers", "Credit...Jane Roe for this paper"));
        return article with { Paragraphs = paragraphs };
    }

    private static StoryArticle HouseStyle(StoryArticle article) => article with
    {
        Paragraphs = [.. article.Paragraphs.Select(text => article.IsUnspaced
            ? text.Replace("“", "「", StringComparison.Ordinal).Replace("”", "」", StringComparison.Ordinal).Replace("——", "—", StringComparison.Ordinal).Replace("公里", "千米", StringComparison.Ordinal).Replace("表示", "说", StringComparison.Ordinal).Replace("目前", "当前", StringComparison.Ordinal)
            : Style(text))],
    };

    private static string Style(string text)
    {
        foreach (var (from, to) in ((string, string)[])[(" per cent", " percent"), ("colour", "color"), ("centre", "center"), ("programme", "program"), (" said", " told reporters"), ("ise ", "ize "), (" and ", " & "), ("—", " - "), ("’", "'"), ("“", "\""), ("”", "\""), (" on Monday", " Monday"), (" on Friday", " Friday")])
            text = text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }

    private StoryArticle Note(StoryArticle article)
    {
        var sentence = StoryCorpus.Sentences(article.Paragraphs[_random.Next(article.Paragraphs.Count)])[0].Trim();
        var note = article.IsUnspaced
            ? Pick("编者按：本文为系列报道之一，转载时略有删节，观点不代表本站立场，欢迎读者来信讨论。", "核心提示：" + sentence, "摘要：" + sentence)
            : Pick("Editor's note: This story first ran in our sister publication and has been lightly edited for length and clarity.", "Key points: " + sentence, "TL;DR " + sentence);
        return article with { Paragraphs = note.Length * 3 > article.Length ? [article.IsUnspaced ? "编者按：略有删节。" : "Editor's note: lightly edited.", .. article.Paragraphs] : [note, .. article.Paragraphs], Title = Retitled(article) };
    }

    private StoryArticle OnAMobileSite(StoryArticle article)
    {
        var printed = _random.Next(2) == 0 ? Truncated(article) ?? article : article;
        printed = DateLine(printed);
        if (_random.Next(2) == 0) printed = Bylines(printed);
        if (_random.Next(2) == 0) printed = Captions(printed);
        if (_random.Next(3) == 0) printed = HouseStyle(printed);
        if (_random.Next(3) == 0) printed = Print(printed, "sentences")!;
        return printed with { Title = Retitled(article) };
    }

    private string Retitled(StoryArticle article) => article.IsUnspaced
        ? Pick("突发！", "重磅｜", "独家：", "") + article.Title[..Math.Min(article.Title.Length, 12)] + Pick("，官方回应了", "！最新进展", "")
        : Pick("WATCH: ", "Exclusive: ", "Report: ", "") + string.Join(' ', article.Title.Split(' ').Take(6)) + Pick("", " - report", ", explained");

    private string Value(string slot, string? not)
    {
        while (true)
        {
            var value = slot.Trim('{', '}').TrimEnd('1', '2', '3', '4', '5', '6', '7', '8', '9') switch
            {
                "n" => Number(2, 98),
                "big" => Number(120, 98_000),
                "p" => string.Create(CultureInfo.InvariantCulture, $"{_random.Next(0, 30)}.{_random.Next(10, 99)}"),
                "zday" => $"{Number(1, 13)}月{Number(1, 29)}日",
                "day" => $"{Pick("January", "March", "May", "June", "August", "October")} {Number(1, 29)}",
                "zcity" => Pick("昆明", "沈阳", "长沙", "厦门", "兰州", "合肥", "太原", "贵阳"),
                "city" => Pick("Madrid", "Austin", "Perth", "Ghent", "Tampa", "Bergen", "Porto"),
                "zname" => Pick("周文斌", "何晓燕", "吴志强", "郑丽华", "冯涛", "许静", "邓伟"),
                "name" => Pick("Harold Finch", "Joan Carter", "Luis Ortega", "Emma Stone", "Ian Wright", "Nora Quinn"),
                "zfirm" => Pick("华星", "东方海洋", "万通", "金龙鱼业", "恒泰机电", "博远", "天合新材"),
                "firm" => Pick("Acme", "Globex", "Initech", "Umbrella", "Hooli", "Vandelay", "Wonka"),
                "zteam" => Pick("广东宏远", "辽宁本钢", "北京首钢", "新疆伊力特", "浙江稠州"),
                "team" => Pick("Hawks", "Bulls", "Kings", "Suns", "Jazz", "Nets"),
                "zsign" => Pick("白羊座", "金牛座", "双子座", "巨蟹座", "狮子座", "处女座"),
                "zword" => Pick("港口扩建", "高校招生", "医保改革", "地铁延长线", "老旧小区改造", "夜间经济", "粮食收购", "航班恢复"),
                "word" => Pick("harbour deal", "school budget", "rail strike", "water shortage", "tax reform", "museum theft", "bridge repair"),
                _ => throw new InvalidOperationException(slot),
            };
            if (value != not) return value;
        }
    }

    private string Number(int from, int to) => _random.Next(from, to).ToString(CultureInfo.InvariantCulture);

    private string Pick(params string[] values) => values[_random.Next(values.Length)];

    private static readonly (string Kind, string Title, string[] Lines)[] AllSeries =
    [
        ("weather table", "{zcity}未来三天天气", ["{zcity}{zday}：晴转多云，{n1}℃～{n2}℃，北风{n3}级", "次日：多云，{n4}℃～{n5}℃，微风", "第三日：小雨，{n6}℃～{n7}℃，东风3级", "温馨提示：天气多变，请关注最新预报，合理安排出行。老人儿童注意防寒保暖，驾车出行请减速慢行，注意行车安全。"]),
        ("weather table", "Forecast for {city}", ["Today: partly sunny, high {n1}, low {n2}. Tonight: clear, wind northwest {n3} mph.", "Tomorrow: mostly cloudy with a {n4} percent chance of showers, high {n5}.", "Extended outlook: seasonable temperatures through the weekend. For the latest watches and warnings, visit the website of the weather service. Drivers are reminded to turn around when roads are flooded."]),
        ("stock table", "收盘播报", ["{zday}收盘行情", "{zfirm1}：{p1}元，涨{n1}%", "{zfirm2}：{p2}元，跌{n2}%", "成交额：{big1}万元", "北向资金净流入{p3}亿元", "以上数据由交易所提供，仅供参考，不构成任何投资建议。股市有风险，入市需谨慎。"]),
        ("exchange rates", "人民币汇率中间价", ["中国外汇交易中心公布，{zday}银行间外汇市场人民币汇率中间价为：1美元对人民币{p1}元，1欧元对人民币{p2}元，100日元对人民币{p3}元，1港元对人民币{p4}元，1英镑对人民币{p5}元。", "中国人民银行授权中国外汇交易中心公布，前一交易日有关报价行的报价经加权平均得出当日中间价，具体计算方式以公告为准。"]),
        ("sports table", "{team1} {n1}, {team2} {n2}", ["{team1} {n3} {n4} {n5} {n6} -- {n1}", "{team2} {n7} {n8} {n9} {n3} -- {n2}", "Leading scorers: {name1} {n4}, {name2} {n5}. Rebounds: {name3} {n6}. Attendance: {big1}.", "Officials reviewed two plays in the fourth quarter. The series continues on {day}; tickets are available at the box office and online."]),
        ("sports table", "CBA战报：{zteam1}{big1}比{big2}{zteam2}", ["{zday}，CBA常规赛第{n1}轮，{zteam1}以{big1}比{big2}击败{zteam2}。", "四节比分：{n2}比{n3}、{n4}比{n5}、{n6}比{n7}、{n8}比{n9}。", "{zname1}得到{n2}分{n3}个篮板，{zname2}贡献{n4}分{n5}次助攻。双方首发五人出场时间均超过三十分钟，替补席得分基本持平。", "赛后主教练表示，球队防守端的表现值得肯定，但失误仍然偏多，接下来会继续磨合阵容，准备下一场比赛。"]),
        ("daily brief", "早报｜{zday}", ["{zday}，星期{n1}，早上好。以下是今天值得关注的新闻：", "1、{zword1}：相关部门公布最新方案。", "2、{zword2}：业内人士表示影响有限。", "3、{zword3}：{zcity}率先试点。", "4、{zname1}当选新一届会长。", "以上就是今天的早报，我们明天同一时间再见。如果您喜欢我们的栏目，欢迎分享给身边的朋友，也欢迎在评论区留下您的看法。"]),
        ("daily brief", "Morning briefing: {day}", ["Good morning. Here is what you need to know on {day}.", "1. {word1}: talks resume in {city1} after {n1} days.", "2. {word2}: {name1} calls for an inquiry.", "3. {word3}: costs rise by {n2} percent.", "That is all for now. Thank you for reading; see you tomorrow. If you enjoyed this briefing, forward it to a friend, and tell us what you would like to see more of."]),
        ("earnings", "{zfirm}发布第{n1}季度财报", ["{zday}，{zfirm}发布财报。报告期内公司实现营业收入{p1}亿元，同比增长{n2}%；归属于上市公司股东的净利润{p2}亿元，同比增长{n3}%；基本每股收益{p3}元。", "公司表示，业绩增长主要得益于产品结构优化和市场份额提升。公司将继续加大研发投入，推进降本增效，努力为股东创造更大价值。", "风险提示：本文所载信息仅供参考，不构成投资建议。投资者据此操作，风险自担。"]),
        ("earnings", "{firm} reports quarterly results", ["{firm} on {day} reported net income of ${p1} million for the quarter, or {n1} cents a share. Revenue was ${big1} million, compared with ${big2} million a year earlier.", "\"We delivered a solid quarter thanks to the hard work of our teams,\" said {name}, chief executive. \"We remain confident in our strategy.\"", "This release contains forward-looking statements within the meaning of the Private Securities Litigation Reform Act. Such statements involve known and unknown risks, uncertainties and other factors that may cause actual results to differ materially from those expressed or implied. The company undertakes no obligation to update any forward-looking statement, whether as a result of new information, future events or otherwise, except as required by law."]),
        ("announcement", "{zfirm}：关于召开股东大会的公告", ["证券代码：{big1} 证券简称：{zfirm} 公告编号：2026-{n1}", "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述或者重大遗漏，并对其内容的真实性、准确性和完整性承担个别及连带责任。", "一、会议召开时间：{zday}下午{n2}时；二、会议地点：{zcity}公司会议室；三、股权登记日：{zday2}；四、联系人：{zname}。", "特此公告。公司董事会敬请广大投资者注意投资风险，相关信息以公司在指定信息披露媒体刊登的公告为准。"]),
        ("correction", "Correction", ["An article on {day1} about a {word} misstated the age of {name1}. It is {n1}, not {n2}. The online version has been corrected. We strive for accuracy and regret the error; readers who notice mistakes are invited to write to the editors."]),
        ("correction", "更正", ["本报{zday}第{n1}版《{zword}》一文中，“{zname1}”应为“{zname2}”，特此更正，并向读者致歉。本报欢迎读者继续监督指正，联系电话见报头。"]),
        ("obituary", "{name}, {n1}, of {city}", ["{name}, {n1}, of {city}, passed away peacefully surrounded by family on {day}. Born to the late parents, the deceased graduated from high school and worked for {n2} years for the county.", "Visitation will be held from {n3} until the time of the service. Interment will follow at the memorial park. In lieu of flowers, memorial contributions may be made to the hospice. The family wishes to thank the nurses for their loving care. Online condolences may be left on the website of the funeral home."]),
        ("live blog", "Live: {word1} updates", ["Follow our live coverage of the {word1}. This page refreshes automatically; the newest posts are at the top.", "{n1}:{n2} — {name1} says talks are going on in {city1}.", "{n3}:{n4} — {big1} people have been affected, officials say.", "{n5}:{n6} — {name2} is expected to speak on {day}.", "Thanks for joining us. Get in touch with our reporters by e-mail, and read our guide to how we cover breaking news. Comments are moderated."]),
        ("earthquake", "{zcity}发生{p1}级地震", ["中国地震台网正式测定：{zday}{n1}时{n2}分在{zcity}（北纬{p2}度，东经{p3}度）发生{p1}级地震，震源深度{n3}千米。", "地震台网工作人员提示，地震发生时应就近躲避，震后迅速撤离到安全地带，不要乘坐电梯，注意防范余震。"]),
        ("horoscope", "{zsign}今日运势 {zday}", ["{zsign}{zday}综合运势{n1}分，幸运数字{n2}，速配星座见下文。", "今天的你精力充沛，工作上容易得到同事的支持，适合推进搁置已久的计划。感情方面多一些耐心倾听，会有意想不到的收获。健康方面注意肠胃，少吃生冷食物。理财宜稳不宜急。"]),
        ("release notes", "Version {n1}.{n2}.{n3}", ["Version {n1}.{n2}.{n3} is available. This release fixes {n4} issues and contains improvements to stability.", "To upgrade, download the package for your platform or run the updater. Please read the upgrade guide before you begin, and back up your data. Binaries are signed; the checksums are listed below. Report problems in the issue tracker. Thank you to all contributors, translators and testers who made this release possible."]),
        ("podcast", "Episode {n1}: {word1}", ["This week {name1} talks with {name2} about the {word1}.", "Subscribe wherever you get your podcasts, and leave us a review: it helps other listeners find the show. Our theme music is by the house band. This episode is brought to you by our sponsors; use the code in the show notes for ten percent off your first order. Support the show on our membership page and get bonus episodes, early access and a sticker. Transcripts are available on our website a few days after each episode is published. The views of the guests are their own."]),
        ("lottery", "双色球第2026{n1}期开奖", ["双色球第2026{n1}期于{zday}开奖，红球号码{n2}、{n3}、{n4}、{n5}、{n6}、{n7}，蓝球号码{n8}。", "本期一等奖{n9}注，单注奖金{big1}万元。全国销量{big2}万元，奖池滚存至下期。彩民可凭有效彩票在开奖之日起六十个自然日内到指定地点兑奖，逾期未兑视为弃奖。购彩有节制，请理性投注。"]),
        ("traffic", "{zcity}{zday}限行尾号", ["{zday}，{zcity}机动车限行尾号为{n1}和{n2}，限行时间为七时至二十时。", "请广大驾驶员提前规划出行路线，错峰出行，文明驾驶，礼让行人。雨雪天气请减速慢行，保持车距。交管部门将加大路面巡查力度，对违反限行规定的行为依法予以处罚。"]),
        ("listing", "{zcity}两居室出租", ["{zcity}市中心精装两居室出租，建筑面积{n1}平方米，位于{n2}层，月租{big1}元，押一付三，联系人{zname}。", "家具家电齐全，拎包入住，楼下就是超市和菜市场，周边配套成熟，交通便利，步行可达地铁站。非诚勿扰，中介勿扰，看房请提前预约。"]),
    ];

    [GeneratedRegex(@"\{[a-z]+[0-9]?\}", RegexOptions.None, 1000)]
    private static partial Regex Slot();

    [GeneratedRegex(@"“[^”]{4,300}”|""[^""]{8,300}""|「[^」]{4,300}」", RegexOptions.None, 1000)]
    private static partial Regex Quotation();

    [GeneratedRegex("(?<![0-9.,])[1-9][0-9]{0,4}(?![0-9.,])", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}
