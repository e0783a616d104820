using System.Globalization;
using System.Text;

namespace Aggregator.Testing;

/// <summary>Sentences that mean little and are always the same for the same numbers.</summary>
internal static class LoopbackUpstreamText
{
    private static readonly string[] EnglishSubjects =
        ["The harbour office", "A retired teacher", "The town library", "Her younger brother", "The night train", "An old orchard",
         "The museum shop", "A small bakery", "The weather station", "Our neighbour", "The choir", "A travelling cinema"];

    private static readonly string[] EnglishVerbs =
        ["has repaired", "keeps", "wants to measure", "sold", "remembers", "is painting", "lent out", "counts", "described",
         "will open", "has lost", "plans"];

    private static readonly string[] EnglishObjects =
        ["forty paper maps", "the bridge over the canal", "a box of letters", "two brass clocks", "the winter timetable",
         "a garden of herbs", "the first ferry", "an unusual bell", "seven blue doors", "the long staircase", "a cheaper ticket",
         "the last tram"];

    private static readonly string[] EnglishEnds =
        ["before the snow comes", "without much noise", "for the third year", "as everybody expected", "in a single afternoon",
         "with help from the school", "against all advice", "near the market", "at a fair price", "until further notice"];

    private static readonly string[] ChineseSubjects =
        ["港口的值班员", "退休的语文老师", "镇上的图书馆", "北山气象站", "早班渡轮", "老街的钟表铺", "社区合唱队", "河边的苗圃",
         "流动放映队", "东门的邮局", "修桥的工人", "隔壁的木匠"];

    private static readonly string[] ChineseVerbs =
        ["修好了", "整理出", "打算更换", "记录了", "重新开放", "捐出", "测量了", "收藏着", "介绍了", "找回了", "画下", "准备了"];

    private static readonly string[] ChineseObjects =
        ["四十张手绘地图", "一座石拱桥", "两口铜钟", "冬季时刻表", "一箱旧信", "七扇蓝色的门", "新的步道", "一片药草园", "最后一班电车",
         "三百种种子", "老照片底片", "一台脚踏风琴"];

    private static readonly string[] ChineseEnds =
        ["，赶在第一场雪之前", "，没有惊动任何人", "，已经是第三年", "，只用了一个下午", "，学校也来帮忙", "，价钱很公道",
         "，就在集市旁边", "，等候进一步通知", "，大家都说好", "，雨一直没有停"];

    /// <summary>The same generator for the same entry in every process, unlike <see cref="HashCode"/>.</summary>
    internal static Random RandomFor(int seed, int source, int serial, int edits)
    {
        unchecked
        {
            return new Random((((((seed * 486_187_739) + source) * 486_187_739) + serial) * 486_187_739) + edits);
        }
    }

    internal static string Title(Random random, bool chinese, int source, int serial, int edits)
    {
        var words = Sentence(random, chinese).TrimEnd('.', '。');
        return string.Create(CultureInfo.InvariantCulture, $"[{source}/{serial}] {words}")
            + (edits == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({edits})"));
    }

    internal static string Html(Random random, bool chinese, int paragraphs)
    {
        var html = new StringBuilder();
        for (var paragraph = 0; paragraph < paragraphs; paragraph++)
        {
            html.Append("<p>");
            for (var sentence = 0; sentence < 4; sentence++)
            {
                if (sentence > 0 && !chinese) html.Append(' ');
                html.Append(Sentence(random, chinese));
            }

            html.Append("</p>\n");
        }

        return html.ToString();
    }

    private static string Sentence(Random random, bool chinese) => chinese
        ? Pick(random, ChineseSubjects) + Pick(random, ChineseVerbs) + Pick(random, ChineseObjects) + Pick(random, ChineseEnds) + "。"
        : $"{Pick(random, EnglishSubjects)} {Pick(random, EnglishVerbs)} {Pick(random, EnglishObjects)} {Pick(random, EnglishEnds)}.";

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}
