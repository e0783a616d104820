using System.Buffers;
using Aggregator.Storage.Search;
using Xunit;

namespace Aggregator.Storage.Tests.Search;

public sealed class PostingListTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 2)]
    [InlineData(63, 13)]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    [InlineData(1_000, 2)]
    [InlineData(1_000, 249)]
    [InlineData(1_000, 250)]
    [InlineData(1_000, 251)]
    [InlineData(1_000, 999)]
    [InlineData(SearchSegment.MaxDocuments, 2)]
    [InlineData(SearchSegment.MaxDocuments, 700)]
    [InlineData(SearchSegment.MaxDocuments, 40_000)]
    [InlineData(SearchSegment.MaxDocuments, SearchSegment.MaxDocuments)]
    public void Reads_what_was_written(int documents, int count)
    {
        var random = new Random(documents + count);
        for (var round = 0; round < 20; round++)
        {
            var all = Enumerable.Range(0, documents).ToArray();
            random.Shuffle(all);
            AssertSame([.. all.Take(count).Order()], documents);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SearchSegment.MaxDocuments - 400)]
    [InlineData(77_777)]
    public void Reads_lists_that_stand_close_together_and_far_from_the_rest(int start) =>
        AssertSame([.. Enumerable.Range(start, 399).Append(SearchSegment.MaxDocuments - 1)], SearchSegment.MaxDocuments);

    [Fact]
    public void Takes_little_more_than_it_has_to()
    {
        var random = new Random(1);
        foreach (var wanted in (double[])[0.2, 0.05, 0.01, 0.003, 0.0005])
        {
            var list = Enumerable.Range(0, 100_000).Where(_ => random.NextDouble() < wanted).ToArray();
            var share = list.Length / 100_000.0;
            var needed = -100_000 * (share * Math.Log2(share) + (1 - share) * Math.Log2(1 - share)) / 8;
            Assert.InRange(Write(list, 100_000).Length, 0.9 * needed, 1.07 * needed);
        }
    }

    [Fact]
    public void A_list_that_ends_too_early_is_an_error()
    {
        var list = Write([5, 900, 70_000], SearchSegment.MaxDocuments);

        Assert.Throws<InvalidDataException>(() => PostingList.Read(list.AsSpan(0, 2), new int[3], SearchSegment.MaxDocuments));
    }

    private static void AssertSame(int[] ordinals, int documents)
    {
        var list = Write(ordinals, documents);
        var read = new int[ordinals.Length];
        PostingList.Read(list, read, documents);
        Assert.Equal(ordinals, read);

        var set = new ulong[(documents + 63) / 64];
        PostingList.AddTo(set, list, ordinals.Length, documents);
        Assert.Equal(ordinals, Enumerable.Range(0, documents).Where(i => (set[i >> 6] >> i & 1) != 0));
    }

    private static byte[] Write(int[] ordinals, int documents)
    {
        var output = new ArrayBufferWriter<byte>();
        PostingList.Write(output, ordinals, documents);
        return output.WrittenSpan.ToArray();
    }
}
