using System.Text.Json;
using Aggregator.Core.Extracting;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stories;
using Aggregator.Testing;

namespace Aggregator.Core.Tests.Stories;

/// <summary>Real articles: of the field's shared corpus where it is there, and a few of our own writing in any case.</summary>
internal static class StoryCorpus
{
    private const int MaxOfOneFile = 3;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Whether the shared corpus is there.</summary>
    public static bool IsShared => Directory.Exists(Shared);

    private static string Shared => Path.Combine(Repository.Root, "..", "shared", "corpus");

    /// <summary>Our own articles.</summary>
    public static IReadOnlyList<StoryArticle> Own { get; } =
    [
        new("港口新城试运行数字调度系统",
        [
            "港口新城今起试运行数字孪生调度系统，集装箱平均候港时间有望缩短近三成。市交通局负责人李文在启动仪式上说：“系统把泊位计划提前到两天之前，船公司终于可以放心排班。”",
            "据介绍，该系统接入了全港四十二个泊位的实时数据，能够模拟潮汐、风浪与作业效率之间的关系。技术人员花了十八个月采集历史作业记录，并与三家船公司联合测试。",
            "码头工人王师傅告诉记者，过去每逢大雾天气，调度室的电话就响个不停，如今屏幕上的颜色一变，大家就知道该先卸哪一条船。也有工人担心岗位减少，港务集团表示不会因此裁员。",
            "专家认为，数字化调度只是第一步，真正的难题在于与铁路、公路的衔接。目前从码头到货运站的短驳运输仍靠人工派单，高峰时段车辆排队超过两个小时。",
            "按照计划，二期工程将在明年春天动工，重点建设港区内的无人集卡车道。届时候港时间还将进一步压缩，预计每年为货主节省费用约一亿二千万元。",
        ], "own"),
        new("Old mill becomes a library",
        [
            "The disused paper mill on the east bank of the river will reopen in spring as a public library with room for eighty thousand books, the town council said on Monday.",
            "Anna Wells, who has led the campaign to save the building since its roof collapsed nine years ago, called the vote a relief. \"We were told again and again that it could not be done,\" she said. \"Now the children who drew pictures of it are students.\"",
            "The conversion cost eleven million, a third of which came from donations. Engineers kept the great wheel and the brick chimney; the drying lofts became reading rooms with windows towards the water.",
            "Not everyone is pleased. Shop owners in the old centre fear that the closing of the present library, which draws hundreds of visitors every day, will empty their streets. The council wants to turn that building into flats for the elderly.",
            "Opening hours will be longer than before: until ten in the evening on weekdays, and for the first time on Sundays. Volunteers will run the cafe.",
        ], "own"),
        new("山あいの町で無人バスの実験始まる",
        [
            "山あいの町で来月から無人の小型バスを走らせる実験が始まる。住民の足を守るため、町と大学が共同で準備を進めてきた。",
            "町長の田中さんは「運転手の高齢化が進み、このままでは路線を維持できない。実験を通じて安全を確かめたい」と話す。利用者の多くは病院へ通うお年寄りで、停留所は十二か所に設けられる。",
            "車両は最大で九人乗り、時速二十キロほどで走る。雪の多い季節にも対応できるよう、道路脇に磁石の目印を埋め込んだ。緊急時には係員が遠隔操作で停止させる仕組みだ。",
            "大学の研究チームは半年間の運行データを集め、乗り心地や待ち時間の変化を調べる。結果がよければ、隣の町とも結ぶ計画がある。",
        ], "own"),
        new("老城区夜校一座难求",
        [
            "晚上七点，老城区文化馆的灯准时亮起。陶艺、古琴、手机摄影，每学期五百元的夜校课程开放报名不到三分钟便被抢光。",
            "二十八岁的程序员小周连续三个学期选了木工课。“下班以后不想再看屏幕，刨一块木头反而静得下来。”他说，同桌是一位退休教师，两人约好一起做一把椅子。",
            "文化馆馆长介绍，夜校开办之初只有四个班，如今已增加到三十六个班，授课老师多是本地手艺人。为了让更多人有机会，下学期将试行抽签，并在社区设立分校。",
        ], "own"),
        new("Ferry line to the islands stops for the winter",
        [
            "The last ferry to the outer islands leaves on Friday; the line then rests until the ice has gone, the operator announced.",
            "Islanders will depend on the mail plane, which carries six passengers twice a week when the weather allows. Supplies for the school and the shop were shipped early this year.",
            "\"You get used to planning,\" said the headmistress, Ruth Olsen, whose school has four pupils. \"But every winter somebody forgets the flour.\"",
        ], "own"),
        new("短讯：图书馆延长开放", ["市图书馆今起延长开放时间至晚上十点，周末不休，读者可凭身份证直接入馆。"], "own"),
        new("Bridge closed", ["The iron bridge by the station is closed to lorries until engineers have replaced two cracked beams, the county said."], "own"),
    ];

    /// <summary>All of them, in the same order at every call, each once.</summary>
    public static IReadOnlyList<StoryArticle> All()
    {
        var articles = new List<StoryArticle>(Own);
        if (IsShared)
        {
            articles.AddRange(Pages());
            articles.AddRange(Related());
            articles.AddRange(Feeds());
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. articles.Where(article => article.Length > 40 && seen.Add(article.Title) && seen.Add(article.Paragraphs[0][..Math.Min(60, article.Paragraphs[0].Length)]))];
    }

    /// <summary>What a portal showed as related: other articles on the same or a neighbouring event.</summary>
    public static IReadOnlyList<StoryArticle> Related()
    {
        var path = Path.Combine(Shared, "related", "seed.jsonl");
        if (!File.Exists(path)) return [];
        return [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(item => new StoryArticle(
            item.GetProperty("title").GetString() ?? "",
            Sentences(item.GetProperty("text").GetString() ?? "").Chunk(3).Select(some => string.Concat(some)).ToList(),
            "related"))];
    }

    /// <summary>A text's sentences, with their marks.</summary>
    public static List<string> Sentences(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var ends = text[i] is '。' or '！' or '？' || (text[i] is '.' or '!' or '?' && i + 1 < text.Length && text[i + 1] == ' ');
            if (!ends) continue;
            while (i + 1 < text.Length && text[i + 1] is '”' or '"' or '」' or ' ') i++;
            sentences.Add(text[start..(i + 1)]);
            start = i + 1;
        }

        if (start < text.Length) sentences.Add(text[start..]);
        return sentences;
    }

    private static IEnumerable<StoryArticle> Pages()
    {
        var extractor = new ArticleExtractor(new ContentSanitizer());
        var folder = Path.Combine(Shared, "pages-zh");
        foreach (var line in File.ReadLines(Path.Combine(folder, "expect.jsonl")))
        {
            var page = JsonSerializer.Deserialize<JsonElement>(line);
            var file = page.GetProperty("file").GetString()!;
            var url = page.GetProperty("url").GetString() ?? "https://example.org/a";
            if (Extract(extractor, Path.Combine(folder, file), url) is { } article) yield return article with { Origin = file };
        }

        foreach (var page in Directory.EnumerateDirectories(Path.Combine(Shared, "pages")).Order(StringComparer.Ordinal))
            if (Extract(extractor, Path.Combine(page, "source.html"), "https://example.org/a") is { } article)
                yield return article with { Origin = page };
    }

    private static StoryArticle? Extract(ArticleExtractor extractor, string path, string url) =>
        File.Exists(path)
        && extractor.Extract(File.ReadAllBytes(path), new ExtractContext { Url = new Uri(url), FetchedAt = Now }) is ExtractResult.Extracted { Article: { Content: { } content } article }
        && StoryLines.Of(content) is { Count: > 1 } lines
            ? new StoryArticle(article.Title ?? "", lines, path)
            : null;

    private static IEnumerable<StoryArticle> Feeds()
    {
        var normalizer = new FeedNormalizer(new ContentSanitizer());
        foreach (var line in File.ReadLines(Path.Combine(Shared, "expect.jsonl")))
        {
            var expected = JsonSerializer.Deserialize<JsonElement>(line);
            if (!expected.GetProperty("real").GetBoolean() || expected.GetProperty("must").GetString() != "parse") continue;
            var file = expected.GetProperty("file").GetString()!;
            if (FeedParser.Parse(File.ReadAllBytes(Path.Combine(Shared, file)), new ParseContext { FetchedAt = Now }) is not ParseResult.Parsed parsed) continue;
            var entries = normalizer.Normalize(parsed.Feed, new NormalizeContext { BaseUrl = new Uri("https://example.org/"), FetchedAt = Now }).Entries;
            foreach (var entry in entries.Where(entry => entry.Content is { Length: > 300 }).Take(MaxOfOneFile))
                if (StoryLines.Of(entry.Content!) is { Count: > 0 } lines && lines.Sum(part => part.Length) > 150)
                    yield return new StoryArticle(entry.Title, lines, file);
        }
    }
}
