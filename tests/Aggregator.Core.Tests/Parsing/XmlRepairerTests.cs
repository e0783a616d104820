using System.Text;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class XmlRepairerTests
{
    private static readonly ParseContext Context = new() { FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero) };

    [Theory]
    [InlineData("undefined HTML entities", "<rss><channel><item><title>a&nbsp;b&hellip;</title></item></channel></rss>", "a\u00A0b…")]
    [InlineData("bare ampersand", "<rss><channel><item><title>Q&A & more &copy=1</title></item></channel></rss>", "Q&A & more &copy=1")]
    [InlineData("bare <", "<rss><channel><item><title>1 < 2</title></item></channel></rss>", "1 < 2")]
    [InlineData("control characters", "<rss><channel><item><title>a\u0001b\u000Cc</title></item></channel></rss>", "abc")]
    [InlineData("invalid references", "<rss><channel><item><title>a&#1;b&#x92;c&#xD800;</title></item></channel></rss>", "ab’c")]
    [InlineData("unquoted attributes", "<rss version=2.0><channel><item a=b/c d><title>t</title></item></channel></rss>", "t")]
    [InlineData("duplicate attributes", "<rss><channel><item a='1' a='2'><title>t</title></item></channel></rss>", "t")]
    [InlineData("undeclared prefixes", "<rss><channel><item><dc:title>t</dc:title></item></channel></rss>", "t")]
    [InlineData("unclosed elements", "<rss><channel><item><title>t<link>https://example.org/</item></channel></rss>", "t")]
    [InlineData("unclosed items", "<rss><channel><item><title>t</title><item><title>u</title></channel></rss>", "t")]
    [InlineData("mis-nested markup", "<rss><channel><item><title>t</title><description><b><i>x</b></i></description></item></channel></rss>", "t")]
    [InlineData("junk before", "<br />\n<b>Warning</b>: mysql_connect() in <b>/a.php</b><br />\n<?xml version='1.0'?><rss><channel><item><title>t</title></item></channel></rss>", "t")]
    [InlineData("content after", "<rss><channel><item><title>t</title></item></channel></rss><script>x</script>", "t")]
    [InlineData("two documents", "<rss><channel><item><title>t</title></item></channel></rss><?xml version='1.0'?><rss><channel><item><title>u</title></item></channel></rss>", "t")]
    [InlineData("no root", "<item><title>t</title></item><item>", "t")]
    [InlineData("own entities", "<!DOCTYPE rss [<!ENTITY me \"t &#33;\">]><rss><channel><item><title>&me;</title></item></channel></rss>", "t !")]
    [InlineData("unclosed tag", "<rss><channel><item <title>t</title></item></channel></rss>", "t")]
    [InlineData("early root end", "<rss><channel></channel></rss><item><title>t</title></item>", "t")]
    [InlineData("case of end tags", "<rss><channel><item><title>t</Title></item></channel></rss>", "t")]
    [InlineData("CDATA end in text", "<rss><channel><item><title>a]]>b</title></item></channel></rss>", "a]]>b")]
    public void Mends(string what, string document, string title)
    {
        var feed = Parse(document);
        Assert.Equal(title, feed.Entries[0].Title?.Value);
        Assert.True(feed.Repairs.Count > 0, what);
    }

    [Fact]
    public void Keeps_what_was_complete_of_a_truncated_document_and_says_so()
    {
        var feed = Parse("<rss><channel><title>T</title><item><title>one</title><description>whole</description></item><item><title>two</title><description>hal");
        Assert.Equal("one", Assert.Single(feed.Entries).Title?.Value);
        Assert.Contains(feed.Repairs, static repair => repair.Contains("truncated", StringComparison.Ordinal));
    }

    [Fact]
    public void Keeps_every_item_when_only_the_end_tags_are_missing() =>
        Assert.Equal(2, Parse("<rss><channel><item><title>one</title></item><item><title>two</title></item>").Entries.Count);

    [Fact]
    public void Reads_unclosed_CDATA_up_to_the_end_of_its_element()
    {
        var feed = Parse("<rss><channel><item><description><![CDATA[<p>x</p></description><title>t</title></item></channel></rss>");
        Assert.Equal("t", feed.Entries[0].Title?.Value);
        Assert.Equal("<p>x</p>", feed.Entries[0].Summary?.Value);
    }

    [Fact]
    public void Leaves_a_billion_laughs_unlaughed()
    {
        var document = new StringBuilder("<!DOCTYPE rss [<!ENTITY a0 \"ha\">");
        for (var i = 1; i < 30; i++) document.Append(System.Globalization.CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};&a{i - 1};&a{i - 1};\">");
        document.Append("]><rss><channel><title>&a29;</title><item><title>&a2;</title></item></channel></rss>");
        var feed = Parse(document.ToString());
        Assert.Equal(16 * 2, feed.Entries[0].Title?.Value.Length);
        Assert.True(feed.Title!.Value.Length < 100);
    }

    [Fact]
    public void Bears_a_document_that_ends_in_a_declaration() =>
        Assert.IsType<ParseResult.Refused>(FeedParser.Parse("<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY"u8.ToArray(), Context));

    [Fact]
    public void Opens_no_external_entity()
    {
        var secret = Path.GetTempFileName();
        try
        {
            File.WriteAllText(secret, "secret");
            var feed = Parse($"<!DOCTYPE rss [<!ENTITY x SYSTEM \"file://{secret}\">]><rss><channel><title>&x;</title><item/></channel></rss>");
            Assert.DoesNotContain("secret", feed.Title?.Value, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(secret);
        }
    }

    private static ParsedFeed Parse(string document) =>
        Assert.IsType<ParseResult.Parsed>(FeedParser.Parse(Encoding.UTF8.GetBytes(document), Context)).Feed;
}
