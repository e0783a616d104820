using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class SubscriptionListTests
{
    [Fact]
    public void Lists_sources_with_addresses_that_anybody_may_know()
    {
        var list = SubscriptionList.Of(
            "科技",
            [
                Source(1), Source(2, "https://u:p@orig.example/feed.xml"), Source(3, "https://orig.example/feed?token=x"),
                Source(4, "catalogue:samples/news.xml"), Source(5) with { State = SourceState.Gone }, Source(6) with { State = SourceState.Paused },
            ],
            Links);
        Assert.Equal("科技", list.Title);
        Assert.Equal(
            [
                "https://orig.example/feed.xml", "https://orig.example/feed.xml", "https://agg.example/sources/3.atom",
                "https://agg.example/sources/4.atom", "https://orig.example/feed.xml",
            ],
            list.Outlines.Select(outline => outline.XmlUrl));
        Assert.All(list.Outlines, outline => Assert.Equal(("Orig News", "rss", "https://orig.example/"), (outline.Text, outline.Type, outline.HtmlUrl)));
    }
}
