using Aggregator.Core.Related;
using Xunit;

namespace Aggregator.Core.Tests.Related;

public sealed class TermVectorTests
{
    [Fact]
    public void Keeps_the_heaviest_terms_and_the_length_of_all()
    {
        var weights = Enumerable.Range(1, 200).ToDictionary(i => i, i => i / 10f);

        var vector = TermVector.Of(weights);

        Assert.Equal(Enumerable.Range(200 - TermVector.MaxTerms + 1, TermVector.MaxTerms).Reverse(), vector.Terms.Select(term => term.Key));
        Assert.Equal(TermVector.LengthOf(weights), vector.Length);
        Assert.Equal(vector.Terms.Select(term => term.Key).Order(), TermVector.Unpack(vector.Pack()).Keys.Order());
    }

    [Fact]
    public void An_article_is_as_like_itself_as_can_be_and_another_not_at_all()
    {
        var weights = Enumerable.Range(1, 30).ToDictionary(i => i, i => 2f + i);
        var packed = TermVector.Of(weights).Pack();

        var (cosine, shared) = TermVector.Compare(weights, TermVector.LengthOf(weights), packed);

        Assert.Equal((30, true), (shared, cosine > 0.99));
        Assert.Equal((0, 0), TermVector.Compare(new() { [99] = 1 }, 1, packed));
        Assert.Equal((0, 0), TermVector.Compare(weights, 1, []));
        Assert.Equal((0, 0), TermVector.Compare([], 0, TermVector.Of(new Dictionary<int, float>()).Pack()));
    }

    [Theory]
    [InlineData("手机发布", "手機 發布", true)]
    [InlineData("Café", "ＣＡＦＥ\u0301", true)]
    [InlineData("bridge", "bridges", false)]
    [InlineData("手机", "机手", false)]
    public void Terms_are_those_of_searches(string one, string other, bool expected) =>
        Assert.Equal(expected, RelatedTerms.Of(one, "").Keys.Intersect(RelatedTerms.Of("", other).Keys).Any());

    [Fact]
    public void A_term_keeps_its_number_for_ever()
    {
        // They stand in stores.
        Assert.Equal(Expected, RelatedTerms.Of("harbour 港口 a", "").Keys.Order());
    }

    private static readonly int[] Expected = [-1846945241, -1360051106, 1795964894];
}
