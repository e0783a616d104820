using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class PublicSourceAddressTests
{
    [Theory]
    [InlineData("https://orig.example/feed.xml", "https://orig.example/feed.xml")]
    [InlineData("https://user:pass@orig.example/feed.xml", "https://orig.example/feed.xml")]
    [InlineData("https://token@orig.example:8443/feed.xml#part", "https://orig.example:8443/feed.xml")]
    [InlineData("HTTP://Orig.Example:80/a/../feed", "http://orig.example/feed")]
    [InlineData("https://新闻.example/订阅?页=1", "https://xn--efvy88h.example/%E8%AE%A2%E9%98%85?%E9%A1%B5=1")]
    [InlineData("https://orig.example/?keyword=x&author=y&design=z&page=2", "https://orig.example/?keyword=x&author=y&design=z&page=2")]
    [InlineData("https://orig.example/feed.do;jsessionid=0A1B2C3D4E5F60718293.node1?format=rss", "https://orig.example/feed.do?format=rss")]
    [InlineData("https://orig.example/a;JSESSIONID=1/feed%3Bjsessionid=2", "https://orig.example/a/feed")]
    [InlineData("https://orig.example/maps;v=2/feed;page=3", "https://orig.example/maps;v=2/feed;page=3")]
    [InlineData("https://orig.example/feed?format=rss&count=20&edition=uk", "https://orig.example/feed?format=rss&count=20&edition=uk")]
    [InlineData("https://orig.example/videos.xml?channel_id=UC0a1B2c3D4e5F", "https://orig.example/videos.xml?channel_id=UC0a1B2c3D4e5F")]
    [InlineData("https://orig.example/index.php?rss", "https://orig.example/index.php?rss")]
    [InlineData("https://[2001:db8::1]/feed", "https://[2001:db8::1]/feed")]
    [InlineData("catalogue:samples/news.xml", "https://agg.example/sources/1.atom")]
    public void Gives_the_feed_without_credentials(string url, string published) =>
        Assert.Equal(published, PublicSourceAddress.Feed(Source(1, url), Links));

    [Theory]
    [InlineData("https://orig.example/feed?token=x")]
    [InlineData("https://orig.example/feed;token=x")]
    [InlineData("https://orig.example/feed?a=1&access_token=x")]
    [InlineData("https://orig.example/feed?private-token=x")]
    [InlineData("https://orig.example/feed?key=x")]
    [InlineData("https://orig.example/feed?apikey=x")]
    [InlineData("https://orig.example/feed?accessKey=x")]
    [InlineData("https://orig.example/feed?API_KEY=x")]
    [InlineData("https://orig.example/feed?auth=x")]
    [InlineData("https://orig.example/feed?userAuth=x")]
    [InlineData("https://orig.example/feed?client_secret=x")]
    [InlineData("https://orig.example/feed?X-Amz-Signature=x")]
    [InlineData("https://orig.example/feed?sig=x")]
    [InlineData("https://orig.example/feed?user=a;pass=b")]
    [InlineData("https://orig.example/feed?password=")]
    [InlineData("https://orig.example/feed?PHPSESSID=1&sid=x")]
    [InlineData("https://orig.example/feed?%74oken=x")]
    [InlineData("https://orig.example/feed?0a1b2c3d4e5f60718293")]
    [InlineData("https://orig.example/feed?rsskey2=x")]
    [InlineData("https://orig.example/feed?code=t0k3n")]
    [InlineData("https://orig.example/feed?k=t0k3n")]
    [InlineData("https://orig.example/feed?uid=abcdefghijklmnopqrstuvw")]
    [InlineData("https://orig.example/feed?t%256fken=t0k3n")]
    [InlineData("https://orig.example/feed?url=https%3A%2F%2Fx.example%2F%3Ftoken%3Dt0k3n")]
    public void Gives_the_page_when_the_query_looks_like_a_secret(string url)
    {
        Assert.Null(PublicSourceAddress.Feed(Source(1, url), Links));
        Assert.Equal("https://orig.example/", PublicSourceAddress.Of(Source(1, url), Links));
        Assert.Equal("https://agg.example/sources/1", PublicSourceAddress.Of(Source(1, url) with { Feed = new FeedFacts() }, Links));
    }

    [Theory]
    [InlineData("https://u:p@orig.example/home", "https://orig.example/home")]
    [InlineData("https://orig.example/home?token=x", "https://orig.example/home")]
    [InlineData("https://orig.example/#news", "https://orig.example/#news")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("/relative", null)]
    [InlineData(null, null)]
    public void Gives_a_page_that_is_one(string? url, string? published) =>
        Assert.Equal(published, PublicSourceAddress.Site(Source() with { Feed = new FeedFacts { SiteUrl = url } }));

    [Fact]
    public void Calls_a_source_without_a_title_by_its_host_and_never_by_its_address()
    {
        var untitled = Source(1, "https://user:pass@orig.example/feed?token=x") with { Feed = new FeedFacts() };
        Assert.Equal("orig.example", PublicSourceAddress.Title(untitled));
        Assert.Equal("#1", PublicSourceAddress.Title(Source(1, "catalogue:private/path.xml") with { Feed = new FeedFacts { Title = " " } }));
        Assert.Equal("Ours", PublicSourceAddress.Title(Source() with { Title = " Ours\n" }));
    }

    [Theory]
    [InlineData("https://example.org/feed", "https://example.org/feed")]
    [InlineData("https://me:s3cret@example.org/feed", "https://me:…@example.org/feed")]
    [InlineData("https://example.org/feed?cat=7&token=s3cret#x", "https://example.org/feed?cat=7&token=…#x")]
    [InlineData("https://example.org/feed?api_key=s3cret;lang=zh", "https://example.org/feed?api_key=…;lang=zh")]
    [InlineData("https://example.org/feed?s3cret0000000000001", "https://example.org/feed?…")]
    [InlineData("https://example.org/feed?filter=a1b2c3d4e5f6a7b8c9", "https://example.org/feed?filter=a1b2c3d4e5f6a7b8c9")]
    [InlineData("https://example.org/feed?token=", "https://example.org/feed?token=")]
    [InlineData("https://example.org/feed#?token=x", "https://example.org/feed#?token=x")]
    [InlineData("no address", "no address")]
    public void Masks_what_opens_doors_and_leaves_the_rest(string address, string shown) => Assert.Equal(shown, PublicSourceAddress.Masked(address));

    [Theory]
    [InlineData("https://example.org/feed?a=1&token=abc&b=2#top", "https://example.org/feed?a=1&b=2#top")]
    [InlineData("https://u:p@example.org/feed?token=abc", "https://example.org/feed")]
    [InlineData("https://u:p@example.org/feed?token=abc#top", "https://example.org/feed#top")]
    [InlineData("https://example.org/feed?a=1;token=abc", "https://example.org/feed")]
    [InlineData("https://example.org/feed?a=1&b=%22", "https://example.org/feed?a=1&b=%22")]
    [InlineData("http://u:p@proxy.example:3128", "http://proxy.example:3128/")]
    [InlineData("http://proxy.example:3128", "http://proxy.example:3128")]
    [InlineData("no address", "no address")]
    public void Takes_out_what_opens_doors_and_leaves_an_address(string address, string without) => Assert.Equal(without, PublicSourceAddress.WithoutSecrets(address));
}
