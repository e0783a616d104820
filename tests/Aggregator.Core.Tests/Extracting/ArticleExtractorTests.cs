using System.Diagnostics;
using System.Text;
using Aggregator.Core.Extracting;
using Aggregator.Core.Normalizing;
using Xunit;
using static Aggregator.Core.Tests.Extracting.PageSamples;

namespace Aggregator.Core.Tests.Extracting;

public sealed class ArticleExtractorTests
{
    [Theory]
    [InlineData("<div class=info>2023年07月12日 11:45　来源：桥城日报</div>", "2023-07-12T03:45:00Z")]
    [InlineData("<div class=info>发布时间：2023-07-12 11:45:19</div>", "2023-07-12T03:45:19Z")]
    [InlineData("<div class=info><span>2023/7/12</span> <span>11:45</span></div>", "2023-07-12T03:45:00Z")]
    [InlineData("<div class=info>2023.07.12 下午3:05</div>", "2023-07-12T07:05:00Z")]
    [InlineData("<div class=info>2023年7月12日 星期三 11时45分</div>", "2023-07-12T03:45:00Z")]
    [InlineData("<div class=info>发布日期：2023-07-12</div>", "2023-07-11T16:00:00Z")]
    [InlineData("<div class=info>发布时间：23-07-12 11:45</div>", "2023-07-12T03:45:00Z")]
    [InlineData("<div class=info>发布时间：07-12 11:45</div>", "2026-07-12T03:45:00Z")]
    [InlineData("<div class=info>发布时间：12-30 11:45</div>", "2025-12-30T03:45:00Z")]
    public void Reads_the_time_beside_a_Chinese_headline_as_that_of_Beijing(string below, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Extract(ChinesePage(below)).PublishedAt);

    [Theory]
    [InlineData("2023-07-12T11:45:19+08:00", "2023-07-12T03:45:19Z")]
    [InlineData("2023-07-12T14:00:00+08:00", "2023-07-12T03:45:00Z")]
    [InlineData("2023-07-13T14:00:00+08:00", "2023-07-12T03:45:00Z")]
    public void A_shown_time_wins_over_a_declared_one_that_adds_only_seconds(string declared, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Extract(ChinesePage("<div>2023-07-12 11:45 桥城日报</div>", head: $"<meta property='article:published_time' content='{declared}'>")).PublishedAt);

    [Fact]
    public void A_declared_time_adds_the_hour_to_a_shown_day() =>
        Assert.Equal(new DateTimeOffset(2023, 7, 12, 1, 53, 0, TimeSpan.Zero), Extract(ChinesePage("<div>发布日期：2023-07-12</div>", head: "<meta name=PubDate content='2023-07-12 09:53'>")).PublishedAt);

    [Theory]
    [InlineData("<div>2023-07-12 11:45 来源：桥城日报 作者：王建国</div>", "桥城日报")]
    [InlineData("<div>2023-07-12 11:45 <span>信息来源：</span><a>桥城日报</a></div>", "桥城日报")]
    [InlineData("<div>2023年07月12日 11:45 来源于 <a>桥城周刊</a></div>", "桥城周刊")]
    [InlineData("<div>2023-07-12 11:45 桥城晚报 我有话说(12人参与)</div>", "桥城晚报")]
    [InlineData("<div>原创 桥边散步 2023-07-12 11:45</div>", "桥边散步")]
    [InlineData("<p>桥城社</p><p>2023-07-12 11:45</p>", "桥城社")]
    [InlineData("<div>2023-07-12 11:45 来源：The Bridge Times 分享</div>", "The Bridge Times")]
    [InlineData("<div>2023-07-12 11:45 转自：桥城发布</div>", "桥城发布")]
    public void Reads_the_source_however_it_stands_beside_the_time(string below, string expected) => Assert.Equal(expected, Extract(ChinesePage(below)).Source);

    [Theory]
    [InlineData("（责任编辑：张晓明）", "责任编辑=张晓明")]
    [InlineData("责编：张晓明、李 娜", "责编=张晓明,责编=李娜")]
    [InlineData("编辑|罗兰 校对|冯梅 审核|梁志", "编辑=罗兰,校对=冯梅,审核=梁志")]
    [InlineData("【编辑:唐伟】", "编辑=唐伟")]
    [InlineData("责任编辑：何平 | 版面编辑：许静", "责任编辑=何平,版面编辑=许静")]
    [InlineData("监制：马超 统筹：钱宇 摄影：吴丽 郑强", "监制=马超,统筹=钱宇,摄影=吴丽,摄影=郑强")]
    [InlineData("责任编辑：biaoffeng", "责任编辑=biaoffeng")]
    [InlineData("本文来源：桥城日报 责任编辑：陈思_NB12345", "责任编辑=陈思_NB12345")]
    public void Reads_credits_with_their_roles(string line, string expected) =>
        Assert.Equal(expected, string.Join(',', Extract(ChinesePage("<div>2023-07-12 11:45</div>", behind: $"<div class=edit>{line}</div>")).Credits.Select(static credit => credit.Role + "=" + credit.Name)));

    [Theory]
    [InlineData("<div>2023-07-12 11:45 来源：桥城日报 作者：王建国</div>", "", "王建国")]
    [InlineData("<div>2023-07-12 11:45</div>", "<p>【文/桥城网专栏作者 王文】</p>", "王文")]
    [InlineData("<div>2023-07-12 11:45</div>", "<p>桥城新闻记者 王建国 刘洋</p>", "王建国,刘洋")]
    [InlineData("<div>2023-07-12 11:45</div>", "<p>执笔/叨叨姐、胡一刀&amp;李小飞刀</p>", "叨叨姐,胡一刀,李小飞刀")]
    public void Reads_the_byline_near_the_headline(string below, string before, string expected) =>
        Assert.Equal(expected, string.Join(',', Extract(ChinesePage(below, before: before)).Authors));

    [Theory]
    [InlineData("（评论员 罗博 萧海川）", "罗博,萧海川")]
    [InlineData("（张巨峰）", "张巨峰")]
    [InlineData("(文/图 刘玺东 易赛楠)", "刘玺东,易赛楠")]
    [InlineData("（德清县发改局）", "")]
    [InlineData("（完）", "")]
    [InlineData("（节选）", "")]
    public void Reads_a_signature_at_the_end_only_when_it_is_people(string signature, string expected) =>
        Assert.Equal(expected, string.Join(',', Extract(ChinesePage("<div>2023-07-12 11:45</div>", inside: $"<p>市交通部门表示，下一步将在桥头增设自行车停放点，方便市民换乘。{signature}</p>")).Authors));

    [Fact]
    public void The_meta_author_of_a_site_is_nobody() =>
        Assert.Empty(Extract(ChinesePage("<div>2023-07-12 11:45</div>", head: "<meta name=author content='样例网'>")).Authors);

    [Theory]
    [InlineData("<h1>第三座步行桥昨日开放</h1>", "第三座步行桥昨日开放", "第三座步行桥昨日开放")]
    [InlineData("<h1>样例网</h1><h2>第三座步行桥昨日开放</h2>", "第三座步行桥昨日开放", "第三座步行桥昨日开放")]
    [InlineData("<h1>第三座步行桥昨日开放<span>原创</span></h1>", "第三座步行桥昨日开放", "第三座步行桥昨日开放")]
    [InlineData("<div class=title>第三座步行桥昨日开放</div>", "第三座步行桥昨日开放", "第三座步行桥昨日开放")]
    [InlineData("<h3>首页 &gt; 动态</h3><div>第三座步行桥昨日开放</div><div>发布时间：2023-07-12 来源：桥城</div>", "新闻动态", "第三座步行桥昨日开放")]
    [InlineData("", "第三座步行桥昨日开放", "第三座步行桥昨日开放")]
    public void The_headline_is_what_a_reader_sees(string heading, string title, string expected) =>
        Assert.Equal(expected, Extract(ChinesePage(title: title, heading: heading, head: title == "新闻动态" ? "" : $"<meta property='og:title' content='{title}'>")).Title);

    [Fact]
    public void A_heading_completes_a_title_that_a_quote_cut_off() =>
        Assert.Equal(
            "奖金711万元！\"桥梁奖\"首位获奖女性是谁",
            Extract(ChinesePage(title: "奖金711万元！\"桥梁奖\"首位获奖女性是谁", heading: "<h1>奖金711万元！\"桥梁奖\"首位获奖女性是谁</h1>", head: "<meta property='og:title' content='奖金711万元！'>")).Title);

    [Theory]
    [InlineData("<p>免责声明：以上内容来自网络，不代表本站观点。</p>")]
    [InlineData("<p>扫描下方二维码关注我们</p><p>1、回复【桥】查看最新消息</p>")]
    [InlineData("<p><strong>相关阅读：</strong></p><p><a href=/2>老城区停车位增加三百个</a></p><p><a href=/3>大学城地铁站今年开工</a></p>")]
    [InlineData("<p>责任编辑：张晓明</p><p>分享到：</p>")]
    [InlineData("<p>点击进入专题：</p><p><a href=/4>聚焦步行桥</a></p>")]
    [InlineData("<p>版权声明：本文为原创，转载请注明出处。</p>")]
    [InlineData("<p>上一篇：<a href=/5>老城区停车位</a></p>")]
    public void Boilerplate_behind_the_text_is_no_part_of_it(string inside)
    {
        var article = Extract(ChinesePage("<div>2023-07-12 11:45</div>", inside: inside));
        Assert.Equal(string.Join('\n', Chinese), article.Text);
    }

    [Fact]
    public void A_picture_credit_in_the_middle_ends_nothing()
    {
        var article = Extract(ChinesePage("<div>2023-07-12 11:45</div>", inside: "<p>图片来源：桥城图库</p><p>相关阅读：</p><p><a href=/2>停车位增加三百个</a></p><p>" + Chinese[0].Replace("第三座", "第四座", StringComparison.Ordinal) + "城市规划专家认为，步行桥把两岸的公共空间连成一体。</p>"));
        Assert.Contains("第四座", article.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("停车位", article.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src='/p/20230712.jpg'>", "https://news.example.com/p/20230712.jpg")]
    [InlineData("<img src='/static/loading.gif' data-original='//img.example.com/20230712.jpg'>", "https://img.example.com/20230712.jpg")]
    [InlineData("<img data-lazy-src='2.jpg'>", "https://news.example.com/a/2.jpg")]
    [InlineData("<img srcset='/s.jpg 300w, /l.jpg 900w'>", "https://news.example.com/l.jpg")]
    [InlineData("<img src='/upload/1.jpg' original='1.jpg'>", "https://news.example.com/upload/1.jpg")]
    [InlineData("<img src='/css/end.png'>", null)]
    [InlineData("<img src='/img/next_page.jpg'>", null)]
    [InlineData("<img src='/p/x.jpg' width=16 height=16>", null)]
    [InlineData("<img src='/files/qrcode_258.jpg'>", null)]
    public void Pictures_are_those_of_the_article_at_their_own_addresses(string image, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], Extract(ChinesePage(inside: $"<p>{image}</p><p>市交通部门表示，将在桥头增设自行车停放点。</p>")).Images);

    [Fact]
    public void Captions_stay_with_their_pictures()
    {
        var article = Extract(ChinesePage(inside: "<figure><img src=/p/20230712.jpg><figcaption>步行桥夜景</figcaption></figure><p>市交通部门表示，将在桥头增设自行车停放点。</p>"));
        Assert.Contains("<figcaption>步行桥夜景</figcaption>", article.Content, StringComparison.Ordinal);
        Assert.Equal("https://news.example.com/p/20230712.jpg", article.LeadImageUrl);
    }

    [Fact]
    public void Readings_of_characters_are_no_part_of_the_words()
    {
        var article = Extract("<html lang=ja><title>子どもへの法律ができる</title><body><h1><ruby>子<rt>こ</rt></ruby>どもへの<ruby>法律<rp>(</rp><rt>ほうりつ</rt><rp>)</rp></ruby>ができる</h1><div><p><ruby>親<rt>おや</rt></ruby>が子どもを教育するために、たたいたりすることを禁止することになりました。</p><p>新しい法律では、国が会を作って話し合うことも決めています。</p></div></body></html>");
        Assert.Equal("子どもへの法律ができる", article.Title);
        Assert.StartsWith("親が子どもを", article.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_script_would_have_shown_is_read() =>
        Assert.Contains(Chinese[2], Extract(ChinesePage().Replace("<div class=content>", "<div class=content style='visibility: hidden; opacity: 0;'>", StringComparison.Ordinal)).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("<meta name=byl content='By Ann Lee and Bo Chen'>", "", "By Ann Lee and Bo Chen", "Ann Lee,Bo Chen")]
    [InlineData("", "<p class=byline>By <span>Ann Lee</span></p>", "By Ann Lee", "Ann Lee")]
    [InlineData("<script type='application/ld+json'>{\"@graph\":[{\"@type\":[\"NewsArticle\"],\"author\":[{\"name\":\"Ann Lee\"},{\"name\":\"Bo Chen\"}]}]}</script>", "", "Ann Lee, Bo Chen", "Ann Lee,Bo Chen")]
    [InlineData("<meta name=author content='Ann Lee'>", "", "Ann Lee", "Ann Lee")]
    public void Reads_bylines_in_words(string head, string below, string byline, string authors)
    {
        var article = Extract(EnglishPage(head, below));
        Assert.Equal(byline, article.Byline);
        Assert.Equal(authors, string.Join(',', article.Authors));
    }

    [Theory]
    [InlineData("<meta property='article:published_time' content='2023-07-12T03:45:19Z'>", "")]
    [InlineData("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-07-11T23:45:19-04:00\",\"description\":\"two\nlines\"}</script>", "")]
    [InlineData("", "<time datetime='2023-07-12T03:45:19Z'>yesterday</time>")]
    [InlineData("<meta name=parsely-pub-date content='2023-07-12T03:45:19Z'>", "<p>Updated 14 July 2023</p>")]
    public void Reads_the_time_that_a_page_declares(string head, string below) =>
        Assert.Equal(new DateTimeOffset(2023, 7, 12, 3, 45, 19, TimeSpan.Zero), Extract(EnglishPage(head, below)).PublishedAt);

    [Fact]
    public void Broken_linked_data_is_noted_and_costs_nothing_else()
    {
        var article = Extract(EnglishPage("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",</script>"));
        Assert.Contains(article.Notes, static note => note.Contains("linked data", StringComparison.Ordinal));
        Assert.Equal("Third footbridge opens in the city", article.Title);
    }

    [Fact]
    public void No_script_handler_or_javascript_address_survives()
    {
        var article = Extract(EnglishPage(inside: "<p onclick=alert(1)>A <a href='java&#10;script:alert(1)'>link</a> and <a href='javascript&colon;alert(1)'>another</a>.</p><script>alert(1)</script><img src=x onerror=alert(1)><iframe src='javascript:alert(1)'></iframe><svg onload=alert(1)></svg><a href='https://ok.example/'>ok</a>"));
        Assert.DoesNotContain("script", article.Content, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alert", article.Content, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" on", article.Content.Replace(" on Wednesday", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("https://ok.example/", article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_UTF_8_are_read_as_such_whatever_the_page_says_and_others_by_what_they_are()
    {
        var page = ChinesePage(head: "<meta charset=gb2312>");
        var extractor = new ArticleExtractor(new ContentSanitizer());
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.GetEncoding(54936)])
        {
            var article = Assert.IsType<ExtractResult.Extracted>(extractor.Extract(encoding.GetBytes(page), new ExtractContext { FetchedAt = Now }, TestContext.Current.CancellationToken)).Article;
            Assert.Equal("第三座步行桥昨日开放", article.Title);
        }
    }

    [Fact]
    public void The_admins_selectors_choose_the_body_and_what_goes()
    {
        var selectors = ContentSelectors.Create(["div.content"], ["p.ad", ""], out var error);
        Assert.Null(error);
        var article = Extract("<html><title>x</title><body><div class=content><p>Short.</p><p class=ad>Buy now!</p><p>免责声明：留下</p></div><div><p>" + string.Concat(English) + "</p></div></body></html>", selectors: selectors);
        Assert.Equal("Short.\n免责声明：留下", article.Text);
        var refused = Assert.IsType<ExtractResult.Refused>(Run(EnglishPage(), selectors: ContentSelectors.Create(["#nowhere"], [], out _)));
        Assert.Equal(ExtractFailureKind.SelectorMatchesNothing, refused.Kind);
    }

    [Theory]
    [InlineData("div[")]
    [InlineData("p >")]
    [InlineData("::")]
    [InlineData("<div>")]
    public void A_selector_that_is_none_is_named_in_a_sentence(string selector)
    {
        Assert.Null(ContentSelectors.Create([selector], [], out var error));
        Assert.Contains($"'{selector}' is no CSS selector", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Selectors_have_limits()
    {
        Assert.Null(ContentSelectors.Create(Enumerable.Repeat("p", ExtractionLimits.MaxSelectors + 1), [], out var many));
        Assert.Contains("more than 20", many, StringComparison.Ordinal);
        Assert.Null(ContentSelectors.Create([], [new string('a', ExtractionLimits.MaxSelectorLength + 1)], out var longer));
        Assert.Contains("longer than 300", longer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://www.example.com/a/1", "https://m.example.com/a/1?from=x", true)]
    [InlineData("/a/1", "https://www.example.com/a/1?page=1", true)]
    [InlineData("https://other.example.org/a/1", "https://www.example.com/a/1", false)]
    [InlineData("https://www.example.com.evil.org/a/1", "https://www.example.com/a/1", false)]
    [InlineData("https://victim.github.io/a", "https://attacker.github.io/a", false)]
    [InlineData("https://www.example.com/", "https://www.example.com/a/1", false)]
    public void A_canonical_address_counts_only_on_the_same_site(string canonical, string url, bool counts)
    {
        var article = Extract(EnglishPage($"<link rel=canonical href='{canonical}'>"), url);
        Assert.Equal(counts, article.CanonicalUrl is not null);
        Assert.Equal(!counts && new Uri(new Uri(url), canonical).Host != new Uri(url).Host, article.ClaimedOriginalUrl is not null);
    }

    [Fact]
    public void Without_an_address_the_declared_one_stands_in()
    {
        var article = Extract(EnglishPage("<meta property='og:url' content='https://news.example.com/b/2.html'>", inside: "<img src=c.jpg>"), url: null);
        Assert.Equal("https://news.example.com/b/c.jpg", Assert.Single(article.Images));
    }

    [Fact]
    public void Robots_directives_come_from_the_page_and_its_headers()
    {
        var robots = Extract(EnglishPage("<meta name=ROBOTS content='NOINDEX, nofollow'><meta name=googlebot content=noarchive>"), robotsTags: ["otherbot: noarchive", "aggregator: nosnippet"]).Robots;
        Assert.True(robots.NoIndex);
        Assert.True(robots.NoSnippet);
        Assert.False(robots.NoArchive);
        Assert.True(robots.MayBeKept(Now));
        Assert.False(Extract(EnglishPage("<meta name=aggregator content=noarchive>")).Robots.MayBeKept(Now));
    }

    [Theory]
    [InlineData("", ExtractFailureKind.EmptyPage)]
    [InlineData("<html><body><script>app()</script><div id=root></div></body></html>", ExtractFailureKind.NoArticle)]
    [InlineData("%PDF-1.7 …", ExtractFailureKind.NotAPage)]
    public void A_page_without_an_article_says_why(string page, ExtractFailureKind kind) => Assert.Equal(kind, Assert.IsType<ExtractResult.Refused>(Run(page)).Kind);

    [Fact]
    public void A_picture_is_no_page()
    {
        var result = new ArticleExtractor(new ContentSanitizer()).Extract("x"u8.ToArray(), new ExtractContext { FetchedAt = Now, ContentType = "image/png" }, TestContext.Current.CancellationToken);
        Assert.Contains("image/png", Assert.IsType<ExtractResult.Refused>(result).Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string> Hostile => ["nesting", "formatting", "attribute", "attributes", "elements", "entities", "large", "unclosed", "comments", "tables", "metas", "links", "data", "text"];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_page_ends_in_a_result_or_a_named_refusal_in_bounded_time(string kind)
    {
        var body = string.Concat(English.Select(static text => $"<p>{text}</p>"));
        var html = kind switch
        {
            "nesting" => string.Concat(Enumerable.Repeat("<div>", 100_000)) + body,
            "formatting" => string.Concat(Enumerable.Repeat("<b><i>", 20_000)) + body,
            "attribute" => $"<div title=\"{new string('a', 9_000_000)}\">{body}</div>",
            "attributes" => "<div " + string.Concat(Enumerable.Range(0, 200_000).Select(static i => $"a{i}=1 ")) + $">{body}</div>",
            "elements" => body + string.Concat(Enumerable.Repeat("<i>x</i>", 1_000_000)),
            "entities" => "<!DOCTYPE html [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&a;&a;\">]>" + body + string.Concat(Enumerable.Repeat("&a;&lt;", 500_000)),
            "large" => body + new string(' ', ExtractionLimits.MaxPageBytes),
            "unclosed" => body + string.Concat(Enumerable.Repeat("<a href='", 100_000)),
            "comments" => body + string.Concat(Enumerable.Repeat("<!-", 500_000)) + string.Concat(Enumerable.Repeat("<!--", 200_000)),
            "tables" => string.Concat(Enumerable.Repeat("<table><tr><td>", 30_000)) + body,
            "metas" => string.Concat(Enumerable.Repeat("<meta name=author content=x>", 100_000)) + body,
            "links" => body + string.Concat(Enumerable.Range(0, 50_000).Select(static i => $"<a href='/a/1_{i}.html'>{i}</a>")),
            "data" => "<script type='application/ld+json'>" + new string('[', 400_000) + "</script>" + body,
            _ => "<p>" + string.Concat(Enumerable.Repeat("来源：（记者 2023-", 300_000)) + "</p>" + body,
        };
        var watch = Stopwatch.StartNew();
        var result = Run(html);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{kind} took {watch.Elapsed}");
        if (result is ExtractResult.Refused refused) Assert.Matches("^The (?:page|article) .*\\.$", refused.Reason);
        else Assert.NotEmpty(((ExtractResult.Extracted)result).Article.Content);
    }
}
