using System.Globalization;
using Aggregator.Core.Stories;
using Xunit;

namespace Aggregator.Core.Tests.Stories;

public sealed class StoryComparisonTests(ITestOutputHelper output)
{
    private const int Repeats = 2;

    [Fact]
    public void Tells_reprints_from_articles_that_look_alike()
    {
        var generator = new ReprintGenerator(20_260_301);
        var pairs = new List<StoryPair>();
        foreach (var article in StoryCorpus.All())
            foreach (var kind in ReprintGenerator.Kinds)
                if (generator.Reprint(article, kind) is { } reprint)
                    pairs.Add(new StoryPair(kind, true, article, reprint));
        for (var i = 0; i < 1_500; i++)
        {
            var (kind, a, b) = generator.Template();
            pairs.Add(new StoryPair("template: " + kind, false, a, b));
        }

        pairs.AddRange(Others(new Random(1)));
        Check(pairs);
    }

    [Fact]
    public void Holds_the_same_figures_with_a_generator_that_works_on_sentences()
    {
        var desk = new WireDesk(4_711);
        var pairs = new List<StoryPair>();
        foreach (var article in StoryCorpus.All())
            for (var repeat = 0; repeat < Repeats; repeat++)
                foreach (var kind in WireDesk.Desks)
                    if (desk.Print(article, kind) is var (a, b))
                        pairs.Add(new StoryPair(kind, true, a, b));
        for (var i = 0; i < 1_500; i++)
        {
            var (kind, a, b) = desk.Bulletins();
            pairs.Add(new StoryPair("bulletin: " + kind, false, a, b));
        }

        pairs.AddRange(Others(new Random(2)));
        Check(pairs);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(97)]
    public void Holds_them_for_what_sites_do_to_a_text_and_for_series_with_much_boilerplate(int seed)
    {
        var desk = new CopyDesk(seed);
        var pairs = new List<StoryPair>();
        foreach (var (place, article) in StoryCorpus.All().Index())
            foreach (var (turn, kind) in CopyDesk.Kinds.Index())
                if ((place + turn) % 2 == 0 && desk.Print(article, kind) is { } printed)
                    pairs.Add(new StoryPair(kind, true, article, printed));
        for (var i = 0; i < 1_500; i++)
        {
            var (kind, a, b) = desk.Series();
            pairs.Add(new StoryPair("series: " + kind, false, a, b));
        }

        pairs.AddRange(Others(new Random(seed)));
        Check(pairs);
    }

    /// <summary>The same event written twice, and articles that have nothing to do with each other.</summary>
    private static IEnumerable<StoryPair> Others(Random random)
    {
        foreach (var (a, b) in SameEvent.Pairs) yield return new StoryPair("same event", false, a, b);
        var related = StoryCorpus.Related();
        for (var i = 0; i < related.Count; i++)
            for (var j = 0; j < i; j++)
                yield return new StoryPair("related", false, related[i], related[j]);
        var all = StoryCorpus.All();
        for (var i = 0; i < 1_000; i++)
        {
            var (a, b) = (all[random.Next(all.Count)], all[random.Next(all.Count)]);
            if (a.Origin != b.Origin) yield return new StoryPair("unrelated", false, a, b);
        }
    }

    private void Check(List<StoryPair> pairs)
    {
        var judged = pairs.ConvertAll(pair =>
        {
            var (a, b) = (Text(pair.A), Text(pair.B));
            var (one, other) = (StorySketch.Of(a).Take(StorySketch.Size).ToList(), StorySketch.Of(b).Take(StorySketch.Size).ToList());
            var isCandidate = one.Intersect(other).Count() >= StorySketch.Needed(Math.Min(one.Count, other.Count));
            var likeness = StoryComparison.Compare(a, b);
            return (Pair: pair, IsCandidate: isCandidate, Likeness: likeness, Says: isCandidate && likeness.IsSame);
        });
        output.WriteLine($"{"kind",-24}{"pairs",7}{"found",7}{"right",9}");
        foreach (var kind in judged.GroupBy(item => item.Pair.Kind))
        {
            var right = kind.Count(item => item.Says == item.Pair.IsSame);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Key,-24}{kind.Count(),7}{kind.Count(item => item.Says),7}{100.0 * right / kind.Count(),8:0.0} %"));
        }

        var (positives, found) = (judged.Count(item => item.Pair.IsSame), judged.Count(item => item.Says));
        var both = judged.Count(item => item.Says && item.Pair.IsSame);
        var (precision, recall) = (both / (double)found, both / (double)positives);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"precision {precision:0.0000}, recall {recall:0.0000}, {positives} reprints, {judged.Count - positives} others"));
        foreach (var wrong in judged.Where(item => item.Says != item.Pair.IsSame).GroupBy(item => item.Pair.Kind).SelectMany(kind => kind.Take(4)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wrong.Pair.Kind}: same {wrong.Pair.IsSame}, candidate {wrong.IsCandidate}, lower {wrong.Likeness.Lower:0.00}, higher {wrong.Likeness.Higher:0.00}, conflicts {wrong.Likeness.Conflicts:0.00} of {wrong.Likeness.Allowed:0.00}, length {wrong.Pair.A.Length}/{wrong.Pair.B.Length}: {wrong.Pair.A.Title} | {wrong.Pair.B.Title} | {wrong.Pair.A.Origin}"));
        Assert.True(precision >= 0.99, string.Create(CultureInfo.InvariantCulture, $"Precision is {precision:0.0000}."));
        Assert.True(recall >= 0.95, string.Create(CultureInfo.InvariantCulture, $"Recall is {recall:0.0000}."));
    }

    private static StoryText Text(StoryArticle article) => StoryText.Of(article.Title, null, article.Html);
}
