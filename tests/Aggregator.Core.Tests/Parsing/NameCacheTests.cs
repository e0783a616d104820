using System.Globalization;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class NameCacheTests
{
    [Fact]
    public void Gives_the_same_object_for_the_same_name_however_many_there_are()
    {
        var cache = new NameCache();
        var names = Enumerable.Range(0, 2_000).Select(i => cache.Add(i.ToString(CultureInfo.InvariantCulture))).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            var characters = ("<" + i.ToString(CultureInfo.InvariantCulture) + ">").ToCharArray();
            Assert.Same(names[i], cache.Add(characters, 1, characters.Length - 2));
            Assert.Same(names[i], cache.Get(characters, 1, characters.Length - 2));
            Assert.Same(names[i], cache.Get(i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.Equal(2_000, cache.Count);
        Assert.Equal(10 + 90 * 2 + 900 * 3 + 1_000 * 4, cache.Characters);
        Assert.Null(cache.Get("other"));
        Assert.Same(string.Empty, cache.Add([], 0, 0));
    }

    [Fact]
    public void A_document_that_uses_a_namespace_under_another_prefix_is_read_by_its_own()
    {
        // Both are read on one thread, whose names the second one finds.
        var context = new ParseContext { FetchedAt = DateTimeOffset.UnixEpoch };
        var first = Entry("<rss xmlns:dc='urn:x'><channel><item><dc:creator>A</dc:creator></item></channel></rss>", context);
        var second = Entry("<rss xmlns:zz='urn:x'><channel><item><title>t</title><zz:creator>A</zz:creator></item></channel></rss>", context);
        Assert.Equal("A", Assert.Single(first.Authors).Name);
        Assert.Empty(second.Authors);
    }

    private static ParsedEntry Entry(string document, ParseContext context) =>
        Assert.Single(Assert.IsType<ParseResult.Parsed>(FeedParser.Parse(System.Text.Encoding.UTF8.GetBytes(document), context)).Feed.Entries);
}
