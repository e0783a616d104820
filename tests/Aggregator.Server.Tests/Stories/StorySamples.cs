using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.Stories;

/// <summary>One article that three sources tell, and one that only one of them does.</summary>
internal static class StorySamples
{
    public const string Slug = "harbour";
    public const string First = "港口新城试运行数字调度系统";
    public const string Hostile = "<script>alert(1)</script> 重磅！港口有大动作";
    public const string Late = "候港时间有望缩短近三成";
    public const string Other = "老城区夜校一座难求";

    private static readonly string[] Text =
    [
        "港口新城今起试运行数字孪生调度系统，集装箱平均候港时间有望缩短近三成，市交通局在启动仪式上作了介绍。",
        "据介绍，该系统接入了全港泊位的实时数据，能够模拟潮汐、风浪与作业效率之间的关系，技术人员为此采集了历年作业记录。",
        "码头工人王师傅告诉记者，过去每逢大雾天气，调度室的电话就响个不停，如今屏幕上的颜色一变，大家就知道该先卸哪一条船。",
        "专家认为，数字化调度只是第一步，真正的难题在于与铁路、公路的衔接，目前从码头到货运站的短驳运输仍靠人工派单。",
    ];

    /// <summary>Stores them and compares them with each other; the entries' numbers by key: first, hostile, late, other.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> FillAsync(IServiceProvider services, DateTimeOffset now)
    {
        var category = await services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = Slug, Title = "港口", Language = "zh", Position = 0 }, default);
        await AddAsync(services, now, category.Id, "滨海日报", "first", First, now.AddHours(-2), Text);
        await AddAsync(services, now, category.Id, "早报网", "hostile", Hostile, now.AddHours(-3), ["转自 滨海日报", .. Text[..3]]);
        await AddAsync(services, now, category.Id, "The Wire", "late", Late, now.AddHours(-1), [Text[0], Text[2], Text[1], "欢迎关注本站公众号"]);
        await AddAsync(services, now, category.Id, "晚报", "other", Other, now.AddHours(-4), ["晚上七点，老城区文化馆的灯准时亮起。陶艺、古琴、手机摄影，每学期的夜校课程开放报名不到三分钟便被抢光。"]);
        await CompareAsync(services, now);
        var all = await services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Category(category.Id) }, default);
        return all.ToDictionary(entry => entry.Entry.Key, entry => entry.Id, StringComparer.Ordinal);
    }

    public static async Task CompareAsync(IServiceProvider services, DateTimeOffset now)
    {
        while (await services.GetRequiredService<IStoryStore>().CompareAsync(IStoryStore.MaxBatch, now, default) > 0)
        {
        }
    }

    private static async Task AddAsync(
        IServiceProvider services, DateTimeOffset now, long category, string source, string key, string title, DateTimeOffset published, string[] paragraphs)
    {
        var sources = services.GetRequiredService<ISourceStore>();
        var added = await sources.AddAsync(new NewSource { Url = $"https://{key}.example.org/feed", CategoryIds = [category] }, now, default);
        var claimed = await sources.ClaimAsync(added.Id, "tests", now, now.AddMinutes(5), default);
        var entry = new Entry
        {
            Key = key,
            Url = $"https://{key}.example.org/article",
            Title = title,
            Summary = paragraphs[^1],
            Content = string.Concat(paragraphs.Select(paragraph => $"<p>{WebUtility.HtmlEncode(paragraph)}</p>")),
            Language = "zh-CN",
            PublishedAt = published,
            ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
        };
        var write = new RefreshWrite
        {
            Source = claimed! with { Feed = new FeedFacts { Title = source, SiteUrl = $"https://{key}.example.org/", Language = "zh-CN" }, LastFetchAt = now, LastSuccessAt = now, LastDocumentAt = now, NextFetchAt = now.AddHours(1) },
            LeaseOwner = "tests",
            At = now,
            Added = [entry],
        };
        if (!await services.GetRequiredService<IRefreshStore>().SaveAsync(write, default)) throw new InvalidOperationException("The lease was lost.");
    }
}
