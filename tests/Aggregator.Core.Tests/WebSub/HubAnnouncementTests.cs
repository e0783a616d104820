using Aggregator.Core.Parsing;
using Aggregator.Core.WebSub;
using Xunit;

namespace Aggregator.Core.Tests.WebSub;

public sealed class HubAnnouncementTests
{
    private static readonly Uri Base = new("https://news.example/path/feed.xml");

    public static TheoryData<string, string[], string?[], string?, string?, string?> Documents => new()
    {
        // name, Link headers, hubs of the document, self of the document, hub, topic
        { "headers go before the document", ["<https://a.example/hub>; rel=\"hub\"", "<https://news.example/t>; rel=\"self\""], ["https://b.example/hub"], "https://news.example/other", "https://a.example/hub", "https://news.example/t" },
        { "the document alone", [], ["https://b.example/hub"], "https://news.example/t", "https://b.example/hub", "https://news.example/t" },
        { "headers without a hub", ["<https://news.example/>; rel=canonical"], ["https://b.example/hub"], "https://news.example/t", "https://b.example/hub", "https://news.example/t" },
        { "one combined header", ["<https://a.example/hub>; rel=hub, <https://news.example/t>; rel=self"], [], null, "https://a.example/hub", "https://news.example/t" },
        { "several relations in one link", ["<https://news.example/t>; rel=\"alternate self\"", "<https://a.example/hub>; rel=\"HUB\""], [], null, "https://a.example/hub", "https://news.example/t" },
        { "a comma and a quote inside a title", ["<https://a.example/hub?a=1,2>; title=\"x, \\\"y\\\"; rel=self\"; rel=hub, </t>; rel=self"], [], null, "https://a.example/hub?a=1,2", "https://news.example/t" },
        { "relative addresses", ["</hub>; rel=hub", "<feed.json>; rel=self"], [], null, "https://news.example/hub", "https://news.example/path/feed.json" },
        { "https before http", [], ["http://a.example/hub", "https://b.example/hub"], "https://news.example/t", "https://b.example/hub", "https://news.example/t" },
        { "the self of the document for a hub in the headers", ["<https://a.example/hub>; rel=hub"], [], "https://news.example/t", "https://a.example/hub", "https://news.example/t" },
        { "a link about another resource", ["<https://a.example/hub>; rel=hub; anchor=\"/other\""], [], "https://news.example/t", null, null },
        { "no self, no topic", ["<https://a.example/hub>; rel=hub"], [], null, null, null },
        { "no hub", ["<https://news.example/t>; rel=self"], [], "https://news.example/t", null, null },
        { "no web address", [], ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/"], "https://news.example/t", null, null },
        { "credentials in an address", [], ["https://user:secret@a.example/hub"], "https://news.example/t", null, null },
        { "a broken header before a good document", ["<https://a.example/hub; rel=hub"], ["https://b.example/hub"], "https://news.example/t", "https://b.example/hub", "https://news.example/t" },
        { "a topic letter by letter", [], ["https://b.example/hub"], "https://news.example/T?x=%7e", "https://b.example/hub", "https://news.example/T?x=%7e" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Finds_hub_and_topic(string name, string[] headers, string?[] hubs, string? self, string? hub, string? topic)
    {
        Assert.NotEmpty(name);
        var feed = new ParsedFeed { Format = "atom1.0", Encoding = "utf-8", HubUrls = [.. hubs.OfType<string>()], SelfUrl = self };
        Assert.Equal(hub is null ? null : new HubAnnouncement(hub, topic!), HubAnnouncement.Find(headers, Base, feed));
    }

    [Fact]
    public void Reads_a_bounded_number_of_links()
    {
        var header = string.Join(", ", Enumerable.Range(0, 10_000).Select(i => $"<https://a.example/{i}>; rel=x"));
        Assert.Equal(LinkHeader.MaxLinks, LinkHeader.Read([header, header]).Count);
    }

    [Fact]
    public void Takes_no_address_that_is_too_long()
    {
        var feed = new ParsedFeed { Format = "atom1.0", Encoding = "utf-8", HubUrls = ["https://a.example/" + new string('x', HubAnnouncement.MaxUrlLength)], SelfUrl = "https://news.example/t" };
        Assert.Null(HubAnnouncement.Find([], Base, feed));
    }
}
