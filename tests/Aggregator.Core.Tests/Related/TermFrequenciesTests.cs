using Aggregator.Core.Related;
using Xunit;

namespace Aggregator.Core.Tests.Related;

public sealed class TermFrequenciesTests
{
    [Fact]
    public void A_term_is_the_rarer_the_fewer_articles_have_it()
    {
        var frequencies = new TermFrequencies();
        for (var i = 0; i < 100; i++) frequencies.Add(i < 10 ? [1, 2] : [1], before: null);

        Assert.Equal((100, 10, 0), (frequencies.Of(1), frequencies.Of(2), frequencies.Of(3)));
        Assert.True(frequencies.RarityOf(3) > frequencies.RarityOf(2) && frequencies.RarityOf(2) > frequencies.RarityOf(1));
        Assert.True(frequencies.RarityOf(1) >= 0);
    }

    [Fact]
    public void A_revised_article_is_not_counted_again()
    {
        var frequencies = new TermFrequencies();
        frequencies.Add([1, 2], before: null);

        frequencies.Add([2, 3], before: new Dictionary<int, float> { [1] = 1, [2] = 1 });

        Assert.Equal((1, 1, 1, 1), (frequencies.Of(1), frequencies.Of(2), frequencies.Of(3), frequencies.Documents));
    }

    [Fact]
    public void Packed_counts_are_exact_when_small_and_near_when_large()
    {
        var frequencies = new TermFrequencies();
        for (var i = 0; i < 50_000; i++) frequencies.Add(i < 60 ? [1, 2] : i < 3_000 ? [1, 3] : [1], before: null);

        var packed = frequencies.Pack();
        var read = TermFrequencies.Unpack(frequencies.Documents, packed);

        Assert.Equal(TermFrequencies.Size, packed.Length);
        Assert.Equal((50_000, 60, 0), (read.Documents, read.Of(2), read.Of(4)));
        Assert.InRange(read.Of(3), 2_940 * 0.95, 2_940 * 1.05);
        Assert.InRange(read.Of(1), 50_000 * 0.95, 50_000 * 1.05);
    }

    [Fact]
    public void What_two_counted_is_added_and_what_is_of_another_size_begins_anew()
    {
        var one = new TermFrequencies();
        var other = new TermFrequencies();
        one.Add([1], before: null);
        other.Add([1, 2], before: null);

        one.Add(other);

        Assert.Equal((2, 2, 1), (one.Documents, one.Of(1), one.Of(2)));
        Assert.Equal(0, TermFrequencies.Unpack(9, new byte[3]).Documents);
    }

    [Fact]
    public void Follows_the_times_by_halving()
    {
        var much = TermFrequencies.Unpack(TermFrequencies.MaxDocuments - 1, new byte[TermFrequencies.Size]);
        for (var i = 0; i < 4; i++) much.Add([7], before: null);

        Assert.InRange(much.Documents, TermFrequencies.MaxDocuments / 2, TermFrequencies.MaxDocuments / 2 + 4);
        Assert.InRange(much.Of(7), 1, 4);
    }
}
