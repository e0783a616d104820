using System.Text;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class Utf8TextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Reads_the_whole_text_whatever_room_it_is_given(int room)
    {
        const string Text = "a新😀b𠮷😀😀é";
        using var reader = new Utf8Text(Encoding.UTF8.GetBytes(Text));
        var read = new StringBuilder();
        var buffer = new char[room];
        while (reader.Read(buffer, 0, room) is > 0 and var count) read.Append(buffer, 0, count);
        Assert.Equal(Text, read.ToString());
        Assert.Equal(-1, reader.Read());
    }

    [Fact]
    public void Reads_a_pair_that_falls_between_two_buffers_of_the_XML_reader()
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var title = new string('x', shift) + string.Concat(Enumerable.Repeat("😀", 20_000));
            var document = Encoding.UTF8.GetBytes($"<rss><channel><item><title>{title}</title></item></channel></rss>");
            var feed = Assert.IsType<ParseResult.Parsed>(FeedParser.Parse(document, new ParseContext { FetchedAt = DateTimeOffset.UnixEpoch })).Feed;
            Assert.Equal(title, feed.Entries[0].Title!.Value);
        }
    }
}
