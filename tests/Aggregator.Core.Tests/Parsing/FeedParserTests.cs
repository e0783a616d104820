using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class FeedParserTests
{
    private static readonly ParseContext Context = new()
    {
        FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero),
        BaseUrl = new Uri("https://example.org/feeds/news.xml"),
    };

    [Fact]
    public void Reads_RSS_2_with_everything_that_publishers_put_into_it()
    {
        var feed = Parse("""
            <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
                 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
                 xmlns:georss="http://www.georss.org/georss" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
                 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
              <channel><title>News</title><link>https://example.org/</link><description>All of it</description><language>zh-CN</language><ttl>15</ttl>
                <atom:link rel="self" href="/feed.xml"/><atom:link rel="hub" href="https://hub.example.org/"/>
                <skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>
                <image><title>Logo</title><url>/logo.png</url><link>https://example.org/about</link></image>
                <item><title>One &amp; only</title><link>/articles/1</link><guid isPermaLink="false">a-1</guid>
                  <description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>
                  <author>ann@example.org (Ann)</author><dc:creator>Bob</dc:creator><category>World</category><category>Asia</category>
                  <enclosure url="/a.mp3" type="audio/mpeg" length="1234"/><media:thumbnail url="https://example.org/t.jpg"/>
                  <pubDate>Sat, 05 Sep 2026 10:00:00 CST</pubDate><slash:comments>7</slash:comments><georss:point>31.2 121.5</georss:point>
                  <feedburner:origLink>https://example.org/real/1</feedburner:origLink><itunes:duration>1:02:03</itunes:duration>
                  <source url="https://other.example/feed">Other</source></item>
              </channel>
            </rss>
            """);
        Assert.Equal("rss2.0", feed.Format);
        Assert.Equal("News", feed.Title?.Value);
        Assert.Equal("https://example.org/", feed.SiteUrl);
        Assert.Equal("https://example.org/feed.xml", feed.SelfUrl);
        Assert.Equal(["https://hub.example.org/"], feed.HubUrls);
        Assert.Equal(TimeSpan.FromMinutes(15), feed.MinimumInterval);
        Assert.Equal([3], feed.SkipHours);
        Assert.Equal([DayOfWeek.Sunday], feed.SkipDays);
        Assert.Equal("https://example.org/logo.png", feed.ImageUrl);
        Assert.Empty(feed.Repairs);

        var entry = Assert.Single(feed.Entries);
        Assert.Equal("a-1", entry.Id);
        Assert.Equal("One & only", entry.Title?.Value);
        Assert.Equal("https://example.org/articles/1", entry.Link);
        Assert.Equal("https://example.org/real/1", entry.OriginalLink);
        Assert.Equal("Short", entry.Summary?.Value);
        Assert.Equal(new ParsedText("<p>Long</p>", ParsedTextKind.Html), entry.Content);
        Assert.Equal([new Person("Ann", "ann@example.org")], entry.Authors);
        Assert.Equal(["World", "Asia"], entry.Categories);
        Assert.Equal([new Enclosure("https://example.org/a.mp3", "audio/mpeg", 1234)], entry.Enclosures);
        Assert.Equal("https://example.org/t.jpg", entry.ImageUrl);
        // China Standard Time, because the channel says zh-CN.
        Assert.Equal(new DateTimeOffset(2026, 9, 5, 2, 0, 0, TimeSpan.Zero), entry.PublishedAt);
        Assert.Equal(7, entry.CommentCount);
        Assert.Equal(new ParsedLocation(31.2, 121.5), entry.Location);
        Assert.Equal(new TimeSpan(1, 2, 3), entry.Podcast?.Duration);
        Assert.Equal(new ClaimedSource("Other", "https://other.example/feed"), entry.ClaimedSource);
    }

    [Fact]
    public void Reads_Atom_as_RFC_4287_says()
    {
        var feed = Parse("""
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/blog/" xml:lang="de">
              <title type="text">a &lt; b</title><id>urn:x:feed</id><updated>2026-09-05T10:00:00Z</updated><link href="./"/><link rel="self" href="atom.xml"/>
              <author><name>Feed Author</name></author>
              <entry xml:base="2026/"><title type="html">&lt;b&gt;bold&lt;/b&gt;</title><id>urn:x:1</id>
                <link rel="enclosure" href="a.ogg" type="audio/ogg" length="9"/><link rel="alternate" type="text/html" href="one"/>
                <published>2026-09-04T10:00:00+02:00</published><updated>2026-09-05T10:00:00Z</updated>
                <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2 <br/>x</p></div></content>
                <category term="t" label="T"/><author><name>Ann</name><email>ann@example.org</email><uri>https://ann.example/</uri></author><contributor><name>Carl</name></contributor></entry>
              <entry><title>plain</title><id>https://example.org/2</id><summary>5 &lt; 6 &amp;amp;</summary><content src="https://example.org/v.mp4" type="video/mp4"/></entry>
            </feed>
            """);
        Assert.Equal("atom1.0", feed.Format);
        Assert.Equal(new ParsedText("a < b", ParsedTextKind.Plain), feed.Title);
        Assert.Equal("https://example.org/blog/", feed.SiteUrl);
        Assert.Equal("de", feed.Language);
        var first = feed.Entries[0];
        Assert.Equal(new ParsedText("<b>bold</b>", ParsedTextKind.Html), first.Title);
        Assert.Equal("https://example.org/blog/2026/one", first.Link);
        Assert.Equal("https://example.org/blog/2026/", first.BaseUrl);
        Assert.Equal("<p>1 &lt; 2 <br>x</p>", first.Content?.Value);
        Assert.Equal([new Enclosure("https://example.org/blog/2026/a.ogg", "audio/ogg", 9)], first.Enclosures);
        Assert.Equal([new Person("Ann", "ann@example.org", "https://ann.example/"), new Person("Carl")], first.Authors);
        Assert.Equal(["t"], first.Categories);
        var second = feed.Entries[1];
        Assert.Equal("https://example.org/2", second.Link);
        Assert.Equal(new ParsedText("5 < 6 &amp;", ParsedTextKind.Plain), second.Summary);
        Assert.Null(second.Content);
        Assert.Equal("https://example.org/v.mp4", Assert.Single(second.Media).Url);
    }

    [Theory]
    [InlineData("<ttl>15</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60)]
    [InlineData("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 90)]
    [InlineData("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 360)]
    [InlineData("<ttl>soon</ttl><sy:updatePeriod>sometimes</sy:updatePeriod>", null)]
    public void Reads_the_longer_of_the_times_that_a_feed_may_be_taken_for_fresh(string hints, int? minutes)
    {
        var feed = Parse($"<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>t</title>{hints}<item><title>i</title></item></channel></rss>");
        Assert.Equal(minutes is { } wait ? TimeSpan.FromMinutes(wait) : null, feed.MinimumInterval);
    }

    [Fact]
    public void Reads_RSS_1_where_items_lie_beside_the_channel()
    {
        var feed = Parse("""
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
              <channel rdf:about="https://example.org/rdf"><title>R</title><link>https://example.org/</link><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
              <item rdf:about="https://example.org/1"><title>One</title><dc:date>2026-09-05T10:00+08:00</dc:date><dc:subject>S</dc:subject><dc:creator>Ann</dc:creator></item>
            </rdf:RDF>
            """);
        Assert.Equal("rss1.0", feed.Format);
        Assert.Equal(TimeSpan.FromMinutes(30), feed.MinimumInterval);
        var entry = Assert.Single(feed.Entries);
        Assert.Equal("https://example.org/1", entry.Id);
        Assert.Equal("https://example.org/1", entry.Link);
        Assert.Equal(new DateTimeOffset(2026, 9, 5, 2, 0, 0, TimeSpan.Zero), entry.PublishedAt);
        Assert.Equal(["S"], entry.Categories);
    }

    [Fact]
    public void Resolves_links_in_XHTML_against_the_bases_declared_inside_it()
    {
        var feed = Parse("""
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/blog/">
              <entry><id>urn:x:1</id>
                <summary type="xhtml" xml:base="s/"><div xmlns="http://www.w3.org/1999/xhtml"><a href="one">1</a></div></summary>
                <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="outer">o</a>
                  <p xml:base="inner/"><a href="two">2</a><img xml:base="deep/" src="p.png" srcset="a.png 1x, b,c.png 2x,d.png"/><b xml:base="https://other.example/"><a href="/three">3</a></b><a href="mailto:a@b">4</a></p>
                  <a href="outer">o</a></div></content>
              </entry>
              <entry><id>urn:x:2</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml" xml:base="/root/"><a href="five">5</a></div></content></entry>
            </feed>
            """);
        Assert.Equal("<a href=\"https://example.org/blog/s/one\">1</a>", feed.Entries[0].Summary?.Value);
        var content = feed.Entries[0].Content!.Value;
        Assert.Equal(
            """
            <a href="outer">o</a> <p><a href="https://example.org/blog/inner/two">2</a><img src="https://example.org/blog/inner/deep/p.png" srcset="https://example.org/blog/inner/deep/a.png 1x, https://example.org/blog/inner/deep/b,c.png 2x, https://example.org/blog/inner/deep/d.png"><b><a href="https://other.example/three">3</a></b><a href="mailto:a@b">4</a></p> <a href="outer">o</a>
            """,
            System.Text.RegularExpressions.Regex.Replace(content, @"\s+", " "));
        Assert.Equal("https://example.org/blog/", feed.Entries[0].BaseUrl);
        Assert.Equal("<a href=\"https://example.org/root/five\">5</a>", feed.Entries[1].Content?.Value);
    }

    [Fact]
    public void Reads_tombstones_paging_and_archive_marks()
    {
        var feed = Parse("""
            <feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:fh="http://purl.org/syndication/history/1.0">
              <title>T</title><fh:complete/><link rel="next" href="/p2"/><link rel="prev-archive" href="/2025"/>
              <at:deleted-entry ref="urn:x:1" when="2026-09-05T10:00:00Z"><at:comment>spam</at:comment></at:deleted-entry>
            </feed>
            """);
        Assert.True(feed.IsComplete);
        Assert.Equal("https://example.org/p2", feed.NextUrl);
        Assert.Equal("https://example.org/2025", feed.PreviousArchiveUrl);
        Assert.Equal([new ParsedTombstone("urn:x:1", new DateTimeOffset(2026, 9, 5, 10, 0, 0, TimeSpan.Zero), "spam")], feed.Tombstones);
    }

    [Fact]
    public void Keeps_the_guid_when_it_is_not_a_permalink()
    {
        var entry = Assert.Single(Parse("<rss><channel><item><guid isPermaLink='false'>https://example.org/id</guid></item></channel></rss>").Entries);
        Assert.Equal("https://example.org/id", entry.Id);
        Assert.Null(entry.Link);
    }

    [Fact]
    public void Loses_one_date_and_not_the_feed()
    {
        var feed = Parse("<rss><channel><item><title>a</title><pubDate>never</pubDate></item><item><title>b</title></item></channel></rss>");
        Assert.Equal(2, feed.Entries.Count);
        Assert.Null(feed.Entries[0].PublishedAt);
    }

    [Theory]
    [InlineData("<?xml version='1.1'?><rss><channel><title>T</title></channel></rss>")]
    [InlineData("\n\n <?xml version='1.0'?><rss><channel><title>T</title></channel></rss>")]
    [InlineData("<RSS><Channel><TITLE>T</TITLE></Channel></RSS>")]
    public void Reads_what_only_differs_in_form(string document) => Assert.Equal("T", Parse(document).Title?.Value);

    [Theory]
    [InlineData("", FetchFailureKind.EmptyBody)]
    [InlineData(" \n\t ", FetchFailureKind.EmptyBody)]
    [InlineData("<html><head><title>x</title><link rel='alternate' type='application/rss+xml' href='/feed'></head><body><p>a<p>b</body></html>", FetchFailureKind.HtmlInsteadOfFeed)]
    [InlineData("<!DOCTYPE html><html lang=en><title>x</title></html>", FetchFailureKind.HtmlInsteadOfFeed)]
    [InlineData("just text", FetchFailureKind.NotAFeed)]
    [InlineData("<", FetchFailureKind.NotAFeed)]
    [InlineData("{\"error\":404}", FetchFailureKind.NotAFeed)]
    [InlineData("[1,2,3]", FetchFailureKind.NotAFeed)]
    [InlineData("{\"version\":", FetchFailureKind.NotAFeed)]
    [InlineData("<opml><body/></opml>", FetchFailureKind.NotAFeed)]
    [InlineData("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://example.org/</loc></url></urlset>", FetchFailureKind.NotAFeed)]
    public void Refuses_what_is_no_feed_in_words(string document, FetchFailureKind kind)
    {
        var refused = Assert.IsType<ParseResult.Refused>(FeedParser.Parse(Encoding.UTF8.GetBytes(document), Context));
        Assert.Equal(kind, refused.Kind);
        Assert.EndsWith(".", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => FeedParser.Parse("<rss><channel><item/></channel></rss>"u8.ToArray(), Context, cancelled.Token));
    }

    private static ParsedFeed Parse(string document) =>
        Assert.IsType<ParseResult.Parsed>(FeedParser.Parse(Encoding.UTF8.GetBytes(document), Context)).Feed;
}
