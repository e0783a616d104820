using System.Text;
using Aggregator.Testing;

namespace Aggregator.Benchmarks;

/// <summary>
/// Articles as they come in by the million: sentences of the corpus, about subjects. A subject is a few names that its articles share, as news
/// shares the names of places, people and firms; some subjects are written of ten thousand times, most a few times, and every article has
/// names that stand nowhere else.
/// </summary>
internal sealed class RelatedArticleGenerator(SearchCorpus corpus, Random random)
{
    private const string Syllables = "ba be bi bo da de di do fa fe fi fo ga go ha he ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi za zo";
    private const string Characters = "安柏辰德恩芳国海嘉凯兰明宁鹏琪瑞生泰伟曦雅泽宝川东峰港广湖江京岭南平青山石天文新兴阳云中州金木水火土林森华强富康永长春秋冬夏北西";
    private const int Subjects = 2_000_000;

    private static readonly string[] Parts = Syllables.Split(' ');

    /// <summary>The next article: a title, and a body of 200 to 600 characters.</summary>
    public (string Title, string Body) Next()
    {
        // The power makes a few subjects frequent: one in a hundred articles is about one of the first two hundred.
        var subject = (int)(Subjects * Math.Pow(random.NextDouble(), 2.2));
        var names = new Random(subject);
        var (one, two, three) = (Name(names), Name(names), Name(names));
        var (title, body) = corpus.Text(random, random.Next(150, 500));
        var text = new StringBuilder(body.Length + 100);
        text.Append(one).Append(random.Next(2) == 0 ? " met " : "会见").Append(two).Append(". ").Append(body);
        if (random.Next(2) == 0) text.Append(three).Append('。');
        text.Append(Name(random)).Append(' ').Append(Name(random)).Append('。');
        return ((random.Next(3) > 0 ? one + "：" : "") + title, text.ToString());
    }

    private static string Name(Random random)
    {
        if (random.Next(2) == 0) return string.Concat(Enumerable.Range(0, random.Next(3, 5)).Select(_ => Parts[random.Next(Parts.Length)]));
        return string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => Characters[random.Next(Characters.Length)]));
    }
}
