using System.Globalization;
using System.Text;
using Aggregator.Storage.Search;
using Xunit;

namespace Aggregator.Storage.Tests.Search;

public sealed class SegmentTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Finds_each_term_with_its_documents_and_no_other_term()
    {
        var rows = Rows(seed: 1, first: 10, count: 400);
        var segment = Open(7, Draft(rows), out var blocks);

        Assert.True(segment.Blocks > 3);
        Assert.Equal(rows.Select(row => row.Id), segment.Numbers);
        Assert.All(Enumerable.Range(0, segment.Documents), i => Assert.Equal(7, segment.GenerationOf(i)));
        AssertSame(rows, segment, blocks);
        foreach (var term in (string[])["", "a", "zzzz", "词", "词999999", "\uE000x", new string('界', 64)])
            Assert.Empty(Find(segment, blocks, term));
    }

    [Fact]
    public void Numbers_of_short_terms_stand_in_the_order_of_their_bytes_and_give_them_back()
    {
        List<string> terms = ["", "a", "ab", "abcd", "é", "词", "词语", "词语词", "词语词语", "豈", "\uD7FB", "\uE000", "\uE001词", "\uF8FF", "ｶ", "\uFFFC", "𠮷", "𠮷野", "野𠮷", "𠮷𠮷", "😀"];
        var utf8 = new byte[DocumentTerms.MaxShortBytes];

        Assert.Equal(terms, terms.Select(term => Encoding.UTF8.GetString(utf8.AsSpan(0, DocumentTerms.Write(DocumentTerms.NumberOf(term), utf8)))));
        var byBytes = terms.Order(Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))));
        Assert.Equal(byBytes, terms.OrderBy(term => DocumentTerms.NumberOf(term)));
        Assert.Equal(DocumentTerms.NumberOf("词语词语"), DocumentTerms.NumberOf("词语词语词"));
    }

    [Fact]
    public async Task Merging_keeps_what_is_current_in_the_order_of_numbers_whatever_it_stood_in()
    {
        // Two that overlap, and one that has documents of the others anew.
        var first = Rows(2, first: 100, count: 300);
        var second = Rows(3, first: 250, count: 300).Where(row => row.Id >= 400 || row.Id % 3 == 0).ToList();
        var again = Rows(4, first: 120, count: 20).Concat(Rows(5, first: 450, count: 9)).ToList();
        List<SearchSegment> segments = [];
        var blocks = new Dictionary<long, byte[]>();
        foreach (var rows in (List<Document>[])[first, second, again])
        {
            segments.Add(Open(segments.Count + 1, Draft(rows), out var own));
            foreach (var (id, block) in own) blocks.Add(id, block);
        }

        var current = first.ToDictionary(row => row.Id, _ => 1L);
        foreach (var row in second) current[row.Id] = 2;
        foreach (var row in again) current[row.Id] = 3;
        current.Remove(101);
        current.Remove(305);
        var reads = 0;
        var draft = await SegmentMerge.RunAsync(segments, (number, generation) => current.GetValueOrDefault(number) == generation, Bring, Ct);

        Assert.NotNull(draft);
        Assert.True(reads > segments.Count);
        var merged = Open(9, draft, out var own9);
        var expected = first.Where(row => current.GetValueOrDefault(row.Id) == 1).Concat(second.Where(row => current[row.Id] == 2)).Concat(again).OrderBy(row => row.Id).ToList();
        Assert.Equal(expected.Select(row => row.Id), merged.Numbers);
        Assert.Equal(expected.Select(row => current[row.Id]), Enumerable.Range(0, merged.Documents).Select(merged.GenerationOf));
        AssertSame(expected, merged, own9);

        // Only they had it.
        Assert.Contains("only101", first.Single(row => row.Id == 101).Terms);
        Assert.Empty(Find(merged, own9, "only101"));

        Task<List<byte[]>> Bring(SearchSegment segment, int from)
        {
            reads++;
            return Task.FromResult(Enumerable.Range(from, Math.Min(2, segment.Blocks - from)).Select(i => blocks[SearchSegment.BlockOf(segment.Id, i)]).ToList());
        }
    }

    [Fact]
    public async Task Nothing_is_made_of_segments_whose_blocks_are_gone()
    {
        var segment = Open(1, Draft(Rows(6, 1, 50)), out _);

        Assert.Null(await SegmentMerge.RunAsync([segment], (_, _) => true, (_, _) => Task.FromResult<List<byte[]>>([]), Ct));
    }

    private static List<Document> Rows(int seed, long first, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Document(first + i, Terms(random, first + i)))];
    }

    private static HashSet<string> Terms(Random random, long id)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal) { "\uE000", string.Create(CultureInfo.InvariantCulture, $"only{id}") };
        for (var i = 0; i < 120; i++)
        {
            var common = (int)Math.Pow(random.NextDouble() * 14, 3);
            terms.Add(i % 3 == 0 ? "词" + (char)(0x4E00 + common) + (char)(0x4E00 + i) : string.Create(CultureInfo.InvariantCulture, $"w{common}"));
        }

        terms.Add(new string((char)(0x5000 + random.Next(5)), 64));

        // Above and below the halves of pairs, beginnings of each other, and as long as a number takes and longer.
        foreach (var term in (string[])["\uE001词", "\uE004词语", "ｶ", "𠮷", "𠮷野", "𠮷野𠮷", "a𠮷𠮷", "词语", "词语词", "词语词语", "词语词语词", "词语𠮷", "w12345", "w123", "\uFA11"])
            if (random.Next(3) == 0)
                terms.Add(term);
        return terms;
    }

    private static SegmentDraft Draft(List<Document> documents) => SegmentDraft.Of(documents.ConvertAll(document =>
    {
        var terms = new DocumentTerms();
        foreach (var term in document.Terms.Concat(document.Terms.Take(7))) terms.Add(term);
        return new SearchIndexRow(document.Id, 1, terms);
    }));

    private static SearchSegment Open(long id, SegmentDraft draft, out Dictionary<long, byte[]> blocks)
    {
        blocks = draft.Blocks.Select((block, i) => (Id: SearchSegment.BlockOf(id, i), block)).ToDictionary(pair => pair.Id, pair => pair.block);
        Assert.Equal(draft.Bytes, blocks.Values.Sum(block => block.Length));
        return new SearchSegment(id, draft.Numbers, draft.Directory);
    }

    private static void AssertSame(List<Document> rows, SearchSegment segment, Dictionary<long, byte[]> blocks)
    {
        foreach (var term in rows.SelectMany(row => row.Terms).Distinct())
            Assert.Equal(rows.Where(row => row.Terms.Contains(term)).Select(row => row.Id), Find(segment, blocks, term));
    }

    private static List<long> Find(SearchSegment segment, Dictionary<long, byte[]> blocks, string term)
    {
        var bytes = Encoding.UTF8.GetBytes(term);
        if (segment.BlockWith(bytes) is not { } block) return [];
        var reader = new BlockReader(blocks[block]);
        if (!reader.Find(bytes)) return [];
        var set = new ulong[(segment.Documents + 63) / 64];
        reader.AddTo(set, segment.Documents);
        return [.. Enumerable.Range(0, segment.Documents).Where(i => (set[i >> 6] >> i & 1) != 0).Select(i => segment.Numbers[i])];
    }

    private sealed record Document(long Id, HashSet<string> Terms);
}
