using Aggregator.Core.Related;
using Xunit;

namespace Aggregator.Core.Tests.Related;

public sealed class RelatedQueryTests
{
    [Fact]
    public void Asks_for_terms_that_others_have_too_as_long_as_they_stand_in_few_articles_together()
    {
        var frequencies = Counted((1, 1), (2, 2), (3, 300), (4, 400), (5, 500), (6, 30_000));

        var query = RelatedQuery.Of(Weights(1, 2, 3, 4, 5, 6), frequencies);

        Assert.Equal([2, 3], query.Rare);
        Assert.True(query.Rare.Sum(frequencies.Of) <= RelatedQuery.MaxPostings);
    }

    [Fact]
    public void Asks_for_pairs_of_frequent_terms_where_few_are_rare_but_not_of_those_that_stand_everywhere()
    {
        var query = RelatedQuery.Of(Weights(1, 2, 3, 4), Counted((1, 2_000), (2, 3_000), (3, 4_000), (4, 25_000)));

        Assert.Empty(query.Rare);
        Assert.Equal([(1, 2), (1, 3), (2, 3)], query.Pairs);
        Assert.True(RelatedQuery.Of(Weights(4), Counted((4, 25_000))).IsEmpty);
    }

    [Fact]
    public void Is_bounded_whatever_an_article_says()
    {
        var many = Enumerable.Range(1, 1_000).ToArray();

        Assert.Equal(RelatedQuery.MaxRare, RelatedQuery.Of(Weights(many), Counted([.. many.Select(term => (term, 2))])).Rare.Count);
        Assert.True(RelatedQuery.Of(Weights(many), Counted([.. many.Select(term => (term, 900))])).Pairs.Count <= RelatedQuery.MaxPairs);
        Assert.True(RelatedQuery.Of(Weights(), Counted()).IsEmpty);
    }

    private static Dictionary<int, float> Weights(params int[] terms) => terms.ToDictionary(term => term, _ => 1f);

    private static TermFrequencies Counted(params (int Term, int Count)[] counts)
    {
        var frequencies = new TermFrequencies();
        for (var i = 0; i < counts.Select(count => count.Count).DefaultIfEmpty(0).Max(); i++)
            frequencies.Add(counts.Where(count => i < count.Count).Select(count => count.Term), before: null);
        return frequencies;
    }
}
