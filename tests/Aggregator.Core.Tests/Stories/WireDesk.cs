using System.Globalization;
using System.Text;

namespace Aggregator.Core.Tests.Stories;

/// <summary>
/// Another generator, made without a look at the first. It works on sentences as an editor does, draws how much it changes, mixes its changes, and fills
/// bulletins from records, where <see cref="ReprintGenerator"/> fills slots.
/// </summary>
internal sealed class WireDesk(int seed)
{
    private static readonly string[] ZhSites = ["光明网", "凤凰资讯", "每日经济新闻", "北青网", "环球时报"];
    private static readonly string[] EnSites = ["BBC News", "Bloomberg", "The Morning Call", "Wired", "ProPublica"];
    private readonly Random _random = new(seed);

    /// <summary>What a desk does.</summary>
    public static IReadOnlyList<string> Desks { get; } = ["short wire", "tabloid", "portal", "second edition", "magazine", "typesetter", "two reprints"];

    /// <summary>Two printings of one article.</summary>
    public (StoryArticle A, StoryArticle B)? Print(StoryArticle article, string desk)
    {
        if (desk == "two reprints")
        {
            var (one, other) = (Cut(article, 0.25), Cut(article, 0.25));
            return one is null || other is null ? null : (Framed(one), other with { Title = Retitled(other) });
        }

        var printed = desk switch
        {
            "short wire" => Cut(article, 0.3),
            "tabloid" => Cut(article, 0.15) is { } cut ? Framed(cut) with { Title = Retitled(cut) } : null,
            "portal" => Framed(article with { Paragraphs = Regrouped(article) }),
            "second edition" => SecondEdition(article),
            "magazine" => article.Paragraphs.Count < 5 ? null : Rotated(article) with { Title = Retitled(article) },
            "typesetter" => Reset(article),
            _ => throw new ArgumentOutOfRangeException(nameof(desk), desk, null),
        };
        return printed is null ? null : (article, printed);
    }

    /// <summary>Two bulletins of one series: the second with <c>1..10</c> of its fields another day's.</summary>
    public (string Kind, StoryArticle A, StoryArticle B) Bulletins()
    {
        var kind = _random.Next(9);
        var one = Record();
        var two = (string[])one.Clone();
        var other = Record();
        var used = Bulletin(kind, one).Used;
        foreach (var field in used.OrderBy(_ => _random.Next()).Take(_random.Next(1, 11))) two[field] = other[field];
        if (one.SequenceEqual(two)) two[used[0]] = other[used[0]] + "1";
        var (a, b) = (Bulletin(kind, one), Bulletin(kind, two));
        return (a.Kind, new StoryArticle(a.Title, a.Lines, "bulletin"), new StoryArticle(b.Title, b.Lines, "bulletin"));
    }

    private string[] Record() =>
    [
        Number(1, 31), Number(100, 9000), Number(1, 99), Number(10, 40), Number(1000, 80000), Number(2, 60),
        Pick("昆明", "沈阳", "长沙", "厦门", "兰州", "合肥"), Pick("Madrid", "Austin", "Perth", "Ghent", "Tampa", "Bergen"),
        Pick("周文斌", "何晓燕", "吴志强", "郑丽华", "冯涛"), Pick("Harold Finch", "Joan Carter", "Luis Ortega", "Emma Stone", "Ian Wright"),
        Pick("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), Number(1, 12), Pick("高", "低"), Pick("higher", "lower"), Number(101, 999),
    ];

    private static (string Kind, string Title, string[] Lines, int[] Used) Bulletin(int kind, string[] r) => kind switch
    {
        0 => ("weather", $"{r[6]}今日天气", [$"{r[6]}市气象台{r[11]}月{r[0]}日6时发布天气预报：今天白天到夜间，气温比昨天略{r[12]}，最高{r[3]}摄氏度，能见度{r[2]}公里，偏北风{r[5]}公里每小时。", "明后两天维持多云间晴的天气，空气质量良好，适宜晨练和户外活动。气象部门提醒，近期昼夜温差大，老人和儿童要注意保暖。"], [6, 11, 0, 12, 3, 2, 5]),
        1 => ("stocks", "Closing prices", [$"{r[10]}, {r[11]}/{r[0]}. Shares closed {r[13]} in thin trading. The benchmark finished at {r[4]}, after touching {r[1]} in the session; {r[2]} stocks advanced and {r[5]} declined.", "Dealers said that nobody wanted to take large positions ahead of the holiday. Bonds were little changed, and the currency stayed within its recent range against the dollar and the euro."], [10, 11, 0, 13, 4, 1, 2, 5]),
        2 => ("stocks", "黄金早报", [$"{r[11]}月{r[0]}日，现货黄金开盘报{r[1]}美元，较前一交易日走{r[12]}{r[3]}美元；白银报{r[2]}美元，原油报{r[5]}美元。", "市场关注本周公布的通胀数据与央行官员讲话。技术面上，短期均线呈多头排列，建议投资者轻仓操作，设好止损。以上观点仅供参考，不构成投资建议。"], [11, 0, 1, 12, 3, 2, 5]),
        3 => ("sports", $"{r[7]} wins again", [$"{r[7]} won by {r[2]} points to {r[5]} on {r[10]} night, its {r[0]}th victory of the season. {r[9]} led all scorers with {r[3]} and took {r[11]} rebounds before a crowd of {r[4]}.", "The coach praised the bench and the patience of the crowd. The team travels next week for three games away from home and hopes to have its captain back."], [7, 2, 5, 10, 0, 9, 3, 11, 4]),
        4 => ("obituary", "In memoriam", [$"{r[9]}, {r[2]}, of {r[7]}, passed away {r[10]} after a long illness. A graduate of the state college, the deceased taught mathematics for {r[5]} years and sang in the choir.", $"Survivors include {r[11]} grandchildren. A service will be held in the chapel of the cemetery at noon on the {r[0]}th. Friends may call beforehand at the funeral home, which is handling the arrangements."], [9, 2, 7, 10, 5, 11, 0]),
        5 => ("legal", "遗失声明", [$"{r[8]}不慎遗失居民身份证，证件编号尾数{r[14]}，声明作废。{r[6]}某某商贸有限公司遗失公章一枚，编号{r[4]}，自{r[11]}月{r[0]}日起声明作废，由此产生的一切法律责任与本公司无关。", "特此声明。如有拾到者请与公司办公室联系，必有重谢。"], [8, 14, 6, 4, 11, 0]),
        6 => ("legal", "Public auction", [$"By order of the sheriff of {r[7]}, the property described in case {r[14]}-{r[4]}, {r[9]} against the estate, will be sold at public auction on {r[10]}, the {r[0]}th, to the highest bidder for cash.", "The premises will be sold subject to any state of facts that an accurate survey may show, to zoning regulations and to covenants, easements and agreements of record, if any. The purchaser shall pay ten per cent of the bid at the sale and the balance within thirty days. The successful bidder takes the property as it is and bears all transfer taxes and the fees of the sale. The referee may adjourn the sale from time to time without further notice."], [7, 14, 4, 9, 10, 0]),
        7 => ("job", $"诚聘（{r[6]}）", [$"本店位于{r[6]}市中心，现诚聘服务员{r[11]}名、厨师{r[5]}名，月薪{r[4]}元起，工作满{r[0]}个月可享受带薪年假，联系人{r[8]}。", "要求品行端正，吃苦耐劳，有健康证者优先录用。本店提供免费工作餐和集体宿舍，入职即签劳动合同，工资按月足额发放，从不拖欠。"], [6, 11, 5, 4, 0, 8]),
        _ => ("covid", "Daily bulletin", [$"The department of health announced {r[1]} additional infections and {r[5]} deaths as of {r[10]}. Of the new cases, {r[2]} were found in {r[7]}.", $"A total of {r[4]} tests were carried out, and {r[3]} per cent of beds are occupied. The department repeats its advice to keep a distance, to air rooms and to wash hands, and reminds all residents that vaccination is free of charge at every pharmacy."], [1, 5, 10, 2, 7, 4, 3]),
    };

    private StoryArticle? Cut(StoryArticle article, double share)
    {
        var sentences = article.Paragraphs.Select(StoryCorpus.Sentences).ToList();
        var total = sentences.Sum(paragraph => paragraph.Count);
        var toCut = (int)(total * share);
        if (toCut == 0) return null;
        var length = article.Length * share;
        while (toCut-- > 0)
        {
            var paragraph = sentences[_random.Next(sentences.Count)];
            if (paragraph.Count == 0) continue;
            var at = _random.Next(paragraph.Count);
            if (paragraph[at].Length > length) continue;
            length -= paragraph[at].Length;
            paragraph.RemoveAt(at);
        }

        var left = sentences.Where(paragraph => paragraph.Count > 0).Select(paragraph => string.Concat(paragraph).Trim()).ToList();
        return left.Count == 0 ? null : article with { Paragraphs = left };
    }

    private string Retitled(StoryArticle article)
    {
        // A desk writes its headline out of the text.
        var sentence = StoryCorpus.Sentences(article.Paragraphs[_random.Next(article.Paragraphs.Count)])[0];
        return article.IsUnspaced ? sentence[..Math.Min(18, sentence.Length)] : string.Join(' ', sentence.Split(' ').Take(8));
    }

    private StoryArticle Framed(StoryArticle article)
    {
        var paragraphs = article.Paragraphs.ToList();
        if (article.IsUnspaced)
        {
            paragraphs[0] = Pick($"据{Pick(ZhSites)}报道，", $"【{Pick(ZhSites)}讯】", "") + paragraphs[0];
            paragraphs.Add(Pick($"（来源：{Pick(ZhSites)}）", "本文系作者授权发布，未经许可不得转载。", "您对此有什么看法？欢迎在评论区留言讨论。"));
        }
        else
        {
            paragraphs[0] = Pick($"({Pick(EnSites)}) - ", "", "") + paragraphs[0];
            paragraphs.Add(Pick($"Source: {Pick(EnSites)}", $"The post {article.Title} appeared first on {Pick(EnSites)}.", "What do you think? Tell us in the comments below."));
        }

        return article with { Paragraphs = paragraphs };
    }

    private List<string> Regrouped(StoryArticle article)
    {
        var groups = new List<string>();
        foreach (var sentence in article.Paragraphs.SelectMany(StoryCorpus.Sentences))
        {
            if (groups.Count == 0 || groups[^1].Length > _random.Next(60, 600)) groups.Add(sentence.Trim());
            else groups[^1] += (article.IsUnspaced ? "" : " ") + sentence.Trim();
        }

        return groups;
    }

    // A later count, another wording of what somebody said; a new headline, as the desk has news.
    private StoryArticle? SecondEdition(StoryArticle article)
    {
        if (article.Length < (article.IsUnspaced ? 300 : 1000)) return null;
        var budget = article.Length / (article.IsUnspaced ? 300 : 1000);
        var paragraphs = article.Paragraphs.ToList();
        var changed = false;
        for (var tries = 0; tries < 30 && budget > 0; tries++)
        {
            var at = _random.Next(paragraphs.Count);
            var text = paragraphs[at];
            var digit = text.IndexOfAny(['2', '3', '4', '5', '6', '7', '8']);
            if (digit >= 0 && (digit + 1 >= text.Length || !char.IsLetterOrDigit(text[digit + 1])) && (digit == 0 || text[digit - 1] is ' ' or > '\u4E00'))
            {
                paragraphs[at] = text[..digit] + (char)(text[digit] + 1) + text[(digit + 1)..];
                budget--;
                changed = true;
            }
            else if (text.IndexOfAny(['“', '「']) is >= 0 and var from && text.IndexOfAny(['”', '」'], from) is var to && to - from is > 8 and < 120)
            {
                paragraphs[at] = text[..(from + 1)] + (article.IsUnspaced ? "相关情况我们正在核实，会尽快公布" : "We take this seriously and will say more soon") + text[to..];
                budget--;
                changed = true;
            }
        }

        return changed ? article with { Title = Retitled(article), Paragraphs = paragraphs } : null;
    }

    private StoryArticle Rotated(StoryArticle article)
    {
        var some = Math.Max(1, (int)(article.Paragraphs.Count * 0.3 * _random.NextDouble()));
        var from = _random.Next(0, article.Paragraphs.Count - some);
        var moved = article.Paragraphs.Skip(from).Take(some).ToList();
        var rest = article.Paragraphs.Take(from).Concat(article.Paragraphs.Skip(from + some)).ToList();
        rest.InsertRange(_random.Next(rest.Count + 1), moved);
        return article with { Paragraphs = rest };
    }

    private static StoryArticle Reset(StoryArticle article)
    {
        static string Set(string text)
        {
            var set = new StringBuilder();
            foreach (var c in text.Normalize(NormalizationForm.FormC))
                set.Append(c switch { '。' => "．", '“' => "『", '”' => "』", '—' => "-", '’' => "'", '…' => "...", ' ' => "\u00A0", >= 'A' and <= 'Z' when c % 2 == 0 => ((char)(c + 0xFEE0)).ToString(), _ => c.ToString() });
            return set.ToString();
        }

        return article with { Paragraphs = [.. article.Paragraphs.Select(Set)] };
    }

    private string Number(int from, int to) => _random.Next(from, to).ToString(CultureInfo.InvariantCulture);

    private string Pick(params string[] values) => values[_random.Next(values.Length)];
}
