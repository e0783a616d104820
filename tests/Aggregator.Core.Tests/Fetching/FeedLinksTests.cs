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

    [Fact]
    public void Proposes_no_more_than_a_handful()
    {
        var links = string.Concat(Enumerable.Range(0, 500).Select(i => $"<link rel=alternate type=application/rss+xml href=/{i}>"));
        Assert.Equal(FeedLinks.Most, Of(links).Count);
    }

    private static IReadOnlyList<FeedCandidate> Of(string html) => FeedLinks.Of(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8", Page);
}
