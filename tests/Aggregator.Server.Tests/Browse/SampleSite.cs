using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.Browse;

/// <summary>What the site of the tests shows: two categories of two languages, one that is empty, three sources, and every kind of entry.</summary>
internal static class SampleSite
{
    public const string ChineseTitle = "港口新城今起试运行“数字孪生”调度系统，集装箱平均候港时间缩短近三成";
    public const string ChineseAuthor = "陈港生";
    public const string EnglishTitle = "Harbour trials a digital twin of its quays, and ships wait a third less";
    public const string ArabicTitle = "الميناء الجديد يبدأ تشغيل نظام رقمي";
    public const string Original = "https://news.example.org/2026/01/harbour-twin.html";
    public const string SecretInAddress = "hunter2";

    /// <summary>How many entries the category <c>world</c> has: three pages and a half.</summary>
    public const int WorldEntries = 105;

    public const string Picture =
        """<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900" viewBox="0 0 16 9"><rect width="16" height="9" fill="#6b93ad"/><path d="M0 6h16v3H0z" fill="#33566b"/><path d="M3 5h6l-1 1.6H4z" fill="#d9763f"/></svg>""";

    private static readonly DateTimeOffset Day = new(2026, 1, 23, 0, 0, 0, TimeSpan.Zero);

    public static async Task FillAsync(IServiceProvider services, Uri site, DateTimeOffset now)
    {
        var categories = services.GetRequiredService<ICategoryStore>();
        var domestic = await categories.AddAsync(
            new Category { Id = 0, Slug = "domestic", Title = "国内", Description = "各地要闻与民生。", Language = "zh", Position = 1 }, default);
        var world = await categories.AddAsync(
            new Category { Id = 0, Slug = "world", Title = "World", Description = "News from everywhere.", Language = "en", Position = 2 }, default);
        await categories.AddAsync(new Category { Id = 0, Slug = "science", Title = "科学", Language = "zh", Position = 3 }, default);

        await AddAsync(services, now, "https://daily.example.cn/rss.xml", new FeedFacts
        {
            Title = "滨海日报",
            Description = "滨海日报社主办",
            SiteUrl = "https://daily.example.cn/",
            Language = "zh-CN",
        }, [domestic.Id],
        [
            Article(site),
            Plain("zh-2", "全市中小学本周起推行“课间十五分钟”，操场上又热闹起来了", "zh-CN", -2,
                "下课铃响过，孩子们跑出教室。记者在三所学校看到，跳绳、踢毽子、滚铁环等活动重新回到校园，老师也走出办公室一起玩。教育部门表示，延长的五分钟不会占用放学时间。"),
            Plain("zh-3", "图书馆夜间开放至零点", "zh-CN", -5, "读者说，终于有地方安安静静地看完一本书了。"),
            Plain("zh-4", "", "zh-CN", -6, "一条没有标题的短讯：今晚八点至十点，滨河路部分路段临时交通管制。"),
            new Entry
            {
                Key = "zh-5",
                Title = "早间新闻（音频）",
                Summary = "今天的要闻，九分钟听完。",
                Content = "<p>今天的要闻，九分钟听完。</p>",
                Language = "zh-CN",
                PublishedAt = Day.AddHours(-7),
                Enclosures = [new Enclosure(site + "media/morning.mp3", "audio/mpeg", 8_640_000), new Enclosure(site + "media/%E2%80%AE%E6%96%87%E7%A8%BF%E2%81%A6.pdf", "application/pdf", 21_000)],
                ContentHash = Hash("zh-5"),
            },
        ]);

        await AddAsync(services, now, $"https://reader:{SecretInAddress}@wire.example.org/atom", new FeedFacts
        {
            Title = "The Wire",
            SiteUrl = "https://wire.example.org/",
            Language = "en-GB",
            Rights = "© The Wire",
        }, [world.Id],
        [
            new Entry
            {
                Key = "en-1",
                Url = "https://wire.example.org/harbour",
                Title = EnglishTitle,
                Summary = "The port authority says that the model, fed by four thousand sensors, plans berths two days ahead. Dockers are less sure.",
                Content = "<p>The port authority says that the model, fed by four thousand sensors, plans berths two days ahead.</p><h2>What it costs</h2><p>About <em>two cranes</em>. A table of it:</p><table><thead><tr><th>Quay</th><th>Before, hours</th><th>After, hours</th></tr></thead><tbody><tr><td>North-western container terminal</td><td>31.5</td><td>22.0</td></tr></tbody></table><pre><code>curl https://wire.example.org/a/very/long/address/that/does/not/break/anywhere/because/it/is/code?really=yes</code></pre>",
                Language = "en-GB",
                PublishedAt = Day.AddHours(-1),
                Authors = [new Person("Ann Weaver"), new Person("Bo Lindqvist")],
                Tags = ["ports", "simulation"],
                Rights = "© 2026 The Wire",
                ContentHash = Hash("en-1"),
            },
            new Entry
            {
                Key = "en-script",
                Title = "<script>alert('title')</script> & other <b>markup</b>",
                Summary = "<img src=x onerror=alert(1)>",
                Language = "en",
                PublishedAt = Day.AddHours(-2),
                ContentHash = Hash("en-script"),
            },
            .. Enumerable.Range(3, WorldEntries - 3).Select(number => Plain(
                string.Create(CultureInfo.InvariantCulture, $"en-{number}"),
                string.Create(CultureInfo.InvariantCulture, $"Dispatch number {number}"),
                "en-GB", -number,
                "A dispatch that says little, and says it in a sentence that goes on for a while. Another sentence follows it, so that there is something to cut.")),
        ]);

        await AddAsync(services, now, "https://arabic.example.com/feed", new FeedFacts { Title = "أخبار الميناء", Language = "ar" }, [world.Id],
            [Plain("ar-1", ArabicTitle, "ar", -1.5, "قالت سلطة الميناء إن النظام الجديد يخطط للأرصفة قبل يومين.")]);
    }

    /// <summary>One article with that body, in a category of its own.</summary>
    public static async Task AddArticleAsync(IServiceProvider services, DateTimeOffset now, string content)
    {
        var category = await services.GetRequiredService<ICategoryStore>().AddAsync(
            new Category { Id = 0, Slug = "other", Title = "Other", Language = "en" }, default);
        await AddAsync(services, now, "https://other.example.org/feed", new FeedFacts { Title = "Other" }, [category.Id],
            [new Entry { Key = "1", Title = "An article", Content = content, Language = "en", ContentHash = Hash(content) }]);
    }

    /// <summary>Entries of those times, in a category <c>dated</c> of their own.</summary>
    public static async Task AddDatedAsync(IServiceProvider services, DateTimeOffset now, params (string Key, DateTimeOffset At)[] entries)
    {
        var category = await services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = "dated", Title = "Dated", Language = "en" }, default);
        await AddAsync(services, now, "https://dated.example.org/feed", new FeedFacts { Title = "Dated" }, [category.Id], Dated(entries));
    }

    /// <summary>So many entries whose titles and texts have nothing in common, in a category <c>varied</c> of their own.</summary>
    public static async Task AddVariedAsync(IServiceProvider services, DateTimeOffset now, int count)
    {
        var category = await services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = "varied", Title = "Varied", Language = "zh" }, default);
        var (corpus, random) = (SearchCorpus.Open(), new Random(1));
        await AddAsync(services, now, "https://varied.example.org/feed", new FeedFacts { Title = "Varied" }, [category.Id], [.. Enumerable.Range(0, count).Select(number =>
        {
            var (title, body) = corpus.Text(random, 400);
            return Plain(string.Create(CultureInfo.InvariantCulture, $"varied-{number}"), title, "zh", -number, body) with { ImageUrl = $"https://pictures.example.org/{Convert.ToHexStringLower(Hash(title).Span)}.jpg" };
        })]);
    }

    /// <summary>More entries of a source that is there.</summary>
    public static Task AddMoreAsync(IServiceProvider services, DateTimeOffset now, string url, params (string Key, DateTimeOffset At)[] entries) =>
        AddAsync(services, now, url, new FeedFacts { Title = "Dated" }, [], Dated(entries));

    private static IReadOnlyList<Entry> Dated((string Key, DateTimeOffset At)[] entries) =>
        [.. entries.Select(entry => new Entry { Key = entry.Key, Title = entry.Key, Language = "en", PublishedAt = entry.At, ContentHash = Hash(entry.Key) })];

    private static Entry Article(Uri site) => new()
    {
        Key = "zh-1",
        Url = Original,
        Title = ChineseTitle,
        Summary = "记者从滨海市港航局获悉，位于港口新城的“数字孪生”调度系统今天起试运行。系统接入四千多个传感器，可提前两天排定泊位。首日靠泊的七艘集装箱船平均候港二十二小时，比上月同期缩短近三成。",
        Content = $"""
            <p>记者从滨海市港航局获悉，位于港口新城的“数字孪生”调度系统今天起试运行。系统接入四千多个传感器，可提前两天排定泊位。</p>
            <figure><img src="{site}pictures/harbour.svg" alt="港口新城三号泊位" width="1600" height="900"><figcaption>港口新城三号泊位。本报记者 摄</figcaption></figure>
            <p>首日靠泊的七艘集装箱船平均候港二十二小时，比上月同期缩短近三成。“以前靠电话、靠经验，现在看一眼屏幕就知道哪条船该先动。”在港口工作了二十六年的调度员老周说。</p>
            <blockquote><p>系统不会替人拍板，只是把两天后的码头先画给你看。</p></blockquote>
            <p>据介绍，系统由本地三家企业与 Harbour Institute 共同研发，全部代码将于明年开放。<a href="https://www.example.org/a-very-long-address-without-any-opportunity-for-a-line-break-in-it-so-that-phones-must-cope/index.html">https://www.example.org/a-very-long-address-without-any-opportunity-for-a-line-break-in-it-so-that-phones-must-cope/index.html</a></p>
            <p>责任编辑：李明　审核：王芳</p>
            """,
        Language = "zh-CN",
        PublishedAt = Day.AddHours(-0.5),
        Authors = [new Person(ChineseAuthor)],
        Tags = ["港口", "数字孪生", "交通"],
        ImageUrl = site + "pictures/harbour.svg",
        ContentHash = Hash("zh-1"),
    };

    private static Entry Plain(string key, string title, string language, double hours, string text) => new()
    {
        Key = key,
        Url = $"https://news.example.org/{key}",
        Title = title,
        Summary = text,
        Content = $"<p>{text}</p>",
        Language = language,
        PublishedAt = Day.AddHours(hours),
        ContentHash = Hash(key),
    };

    private static async Task AddAsync(
        IServiceProvider services, DateTimeOffset now, string url, FeedFacts facts, IReadOnlyList<long> categoryIds, IReadOnlyList<Entry> entries)
    {
        var sources = services.GetRequiredService<ISourceStore>();
        var added = await sources.AddAsync(new NewSource { Url = url, CategoryIds = categoryIds }, now, default);
        var claimed = await sources.ClaimAsync(added.Id, "tests", now, now.AddMinutes(5), default);
        var saved = await services.GetRequiredService<IRefreshStore>().SaveAsync(
            new RefreshWrite { Source = claimed! with { Feed = facts, LastFetchAt = now, LastSuccessAt = now, LastDocumentAt = now, NextFetchAt = now.AddHours(1) }, LeaseOwner = "tests", At = now, Added = entries }, default);
        if (!saved) throw new InvalidOperationException($"{url} was not stored.");
    }

    private static ReadOnlyMemory<byte> Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
