using System.Text;
using Aggregator.Core.Fetching;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

public sealed class FeedLinksTests
{
    private static readonly Uri Page = new("https://site.example/blog/");

    [Fact]
    public void Finds_the_feeds_that_a_page_names() =>
        Assert.Equal(
            [
                new FeedCandidate("https://site.example/blog/feed.atom", "新闻", "application/atom+xml", FeedCandidateOrigin.Link),
                new FeedCandidate("https://site.example/rss", null, "application/rss+xml", FeedCandidateOrigin.Link),
                new FeedCandidate("https://feeds.example/j?a=1&b=2", "JSON", "application/feed+json", FeedCandidateOrigin.Link),
            ],
            Of("""
                <html><head><LINK REL="Alternate home" TYPE="application/atom+xml; charset=utf-8" href=feed.atom title=" 新闻 ">
                <link rel=alternate type=application/rss+xml href=/rss title="">
                <link rel=alternate type=application/rss+xml href=/rss title=again>
                <link rel=alternate type=application/feed+json href="https://feeds.example/j?a=1&amp;b=2" title=JSON>
                <link rel=alternate hreflang=en href=/en/><link rel=stylesheet type=text/xml href=/style>
                <link rel=alternate type=application/rss+xml href="javascript:alert(1)"><link rel=alternate type=application/rss+xml href="file:///etc/passwd">
                """));

    [Fact]
    public void Takes_links_that_look_like_feeds_without_the_password_in_them() =>
        Assert.Equal(
            [
                new FeedCandidate("https://site.example/blog/all.rss", "RSS", null, FeedCandidateOrigin.Anchor),
                new FeedCandidate("https://site.example/feed/?lang=zh", null, null, FeedCandidateOrigin.Anchor),
            ],
            FeedLinks.LookingLikeFeeds(
                Encoding.UTF8.GetBytes("<a href='https://u:p@site.example/blog/all.rss'> RSS </a><a href=/feed/?lang=zh></a><a href=/about>RSS</a><a href=/feedback>x</a><a href='mailto:rss'>y</a>"),
                "text/html", Page));

    [Fact]
    public void Heeds_the_pages_base() =>
        Assert.Equal("https://other.example/x/feed", Assert.Single(Of("<base href='//other.example/x/'><link rel=alternate type=application/rss+xml href=feed>")).Url);

    [Theory]
    [InlineData("<link rel='alternate' type='application/rss+xml' href='/a?b=1&amp;c=%22' title='A &amp; &quot;B&quot; &lt;c&gt; 😀'>", "https://site.example/a?b=1&c=%22", "A & \"B\" <c> 😀")]
    [InlineData("<link rel=alternate type=application/rss+xml href=/a title='href=&quot;/other&quot; type=&quot;text/html&quot;'>", "https://site.example/a", "href=\"/other\" type=\"text/html\"")]
    [InlineData("<link rel=alternate type=application/rss+xml href='/a?q=&quot; href=&quot;/other'>", "https://site.example/a?q=%22%20href=%22/other", null)]
    [InlineData("<link rel=alternate type=application/rdf+xml href=/rdf title=RDF>", "https://site.example/rdf", "RDF")]
    [InlineData("<link rel=alternate type=text/xml href=/xml title=XML>", "https://site.example/xml", "XML")]
    [InlineData("<link rel=alternate type=application/atom+xml data-href=/no href=' /yes '>", "https://site.example/yes", null)]
    public void Reads_a_link_however_it_is_written(string link, string url, string? title)
    {
        var found = Assert.Single(Of(link));
        Assert.Equal((url, title), (found.Url, found.Title));
    }

    [Theory]
    [InlineData("<!-- <link rel=\"alternate\" type=\"application/rss+xml\" href=\"/old\"> -->")]
    [InlineData("<script>'<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/old\">'</script>")]
    [InlineData("<link rel=alternate type=text/html href=/amp><link rel=alternate type=application/rss+xml>")]
    public void Leaves_what_is_no_link_to_a_feed(string html) => Assert.Empty(Of(html));

    [Fact]
    public async Task Takes_no_time_for_pages_that_are_made_to_take_it()
    {
        string[] pages =
        [
            string.Concat(Enumerable.Repeat("<link ", 100_000)),
            string.Concat(Enumerable.Repeat("<link rel=\"alternate\" ", 25_000)),
            $"<link rel=alternate type=application/rss+xml href=/a title='{string.Concat(Enumerable.Repeat("<link rel=alternate ", 20_000))}'>",
            string.Concat(Enumerable.Repeat($"<link rel=alternate type=application/rss+xm href=/a title='{new string('"', 1_900)}'>", 250)),
        ];
        // What only grows with the page takes some tenths of a second; what grows with its square takes minutes.
        foreach (var page in pages)
            Assert.InRange((await Task.Run(() => Of(page), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Count, 0, 1);
    }

    [Fact]
    public void Proposes_no_more_than_a_handful()
    {
        var links = string.Concat(Enumerable.Range(0, 500).Select(i => $"<link rel=alternate type=application/rss+xml href=/{i}>"));
        Assert.Equal(FeedLinks.Most, Of(links).Count);
    }

    private static IReadOnlyList<FeedCandidate> Of(string html) => FeedLinks.Of(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8", Page);
}
