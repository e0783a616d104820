using System.Text;
using System.Xml.Linq;
using Aggregator.Core.Publishing;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class RssWriterTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace DcTerms = "http://purl.org/dc/terms/";

    public static TheoryData<string> Samples => [.. PublicationSamples.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Passes_the_validator_without_a_warning(string sample) =>
        Assert.Empty(FeedValidator.Validate(RssWriter.Write(PublicationSamples.All[sample]), Now));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Declares_every_namespace_once_at_the_root(string sample)
    {
        var publication = PublicationSamples.All[sample];
        var root = Root(publication);
        string[] license = sample == "licensed" ? ["creativeCommons"] : [];
        string[] archive = publication.View.Archive is null ? [] : ["fh"];
        Assert.Equal(
            ["ag", "atom", "content", .. license, "dc", "dcterms", .. archive],
            root.DescendantsAndSelf().Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Select(declaration => declaration.Name.LocalName));
    }

    [Fact]
    public void Credits_the_source_by_its_feed_and_title()
    {
        var item = Item(Of(PublicationSamples.Item(1)));
        Assert.Equal("Orig News", item.Element("source")!.Value);
        Assert.Equal("https://orig.example/feed.xml", (string?)item.Element("source")!.Attribute("url"));
        Assert.Equal("John", item.Element(Dc + "creator")!.Value);
        Assert.Null(item.Element("author"));
        Assert.Equal("(c) Orig", item.Element(Dc + "rights")!.Value);
        Assert.Equal(
            ["via https://orig.example/a", "related https://agg.example/articles/1"],
            item.Elements(Atom + "link").Select(link => $"{(string?)link.Attribute("rel")} {(string?)link.Attribute("href")}"));
    }

    [Fact]
    public void Says_when_the_entry_was_published_first_seen_and_taken()
    {
        var item = Item(Of(PublicationSamples.Item(1)));
        Assert.Equal("Sat, 05 Sep 2026 08:00:00 GMT", item.Element("pubDate")!.Value);
        Assert.Equal("2026-09-05T08:01:00Z", item.Element(DcTerms + "dateAccepted")!.Value);
        Assert.Equal("2026-09-05T09:00:00.25Z", item.Element(DcTerms + "modified")!.Value);
        Assert.Equal("Sat, 05 Sep 2026 09:00:00 GMT", Root(Of(PublicationSamples.Item(1))).Element("channel")!.Element("lastBuildDate")!.Value);
    }

    [Fact]
    public void Dates_an_item_by_when_we_first_had_it_when_the_publisher_says_nothing_or_a_day_to_come()
    {
        Assert.Equal("Sat, 05 Sep 2026 08:01:00 GMT", Item(Of(PublicationSamples.Item(1, Entry() with { PublishedAt = null }))).Element("pubDate")!.Value);
        Assert.Equal("Sat, 05 Sep 2026 08:01:00 GMT", Item(PublicationSamples.All["a date in the future"]).Element("pubDate")!.Value);
        Assert.Equal("Sat, 05 Sep 2026 08:01:00 GMT", Item(PublicationSamples.All["dates before the web"]).Element("pubDate")!.Value);
    }

    [Fact]
    public void Describes_before_it_encodes()
    {
        var names = Item(Of(PublicationSamples.Item(1))).Elements().Select(element => element.Name).ToList();
        Assert.True(names.IndexOf("description") < names.IndexOf(Content + "encoded"));
        Assert.Equal("A summary", Item(Of(PublicationSamples.Item(1))).Element("description")!.Value);
        Assert.StartsWith("<p>来源：", Item(Of(PublicationSamples.Item(1))).Element(Content + "encoded")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_one_enclosure_with_all_three_attributes_and_the_others_as_links()
    {
        var items = Root(PublicationSamples.All["every enclosure"]).Descendants("item").ToList();
        var enclosure = Assert.Single(items[0].Elements("enclosure"));
        Assert.Equal("https://cdn.example/a.mp3", (string?)enclosure.Attribute("url"));
        Assert.Equal("audio/mpeg", (string?)enclosure.Attribute("type"));
        Assert.Equal("1234", (string?)enclosure.Attribute("length"));
        Assert.Equal(
            [
                "https://cdn.example/b.m4a audio/mp4 ", "https://cdn.example/c application/octet-stream ",
                "https://cdn.example/%E9%9F%B3%E9%A2%91.mp3 audio/mpeg 0",
            ],
            items[0].Elements(Atom + "link").Where(link => (string?)link.Attribute("rel") == "enclosure")
                .Select(link => $"{(string?)link.Attribute("href")} {(string?)link.Attribute("type")} {(string?)link.Attribute("length")}"));
        Assert.Equal("0", (string?)items[1].Element("enclosure")!.Attribute("length"));
        Assert.Equal("application/octet-stream", (string?)items[1].Element("enclosure")!.Attribute("type"));
    }

    [Fact]
    public void Keeps_a_title_that_looks_like_markup_readable_as_text_and_as_html()
    {
        var item = Item(Of(PublicationSamples.Item(1, Entry() with { Title = "Use <b> & &lt;" })));
        Assert.Equal("Use <\u2060b> & &\u2060lt;", item.Element("title")!.Value);
        Assert.Equal("AT&T: 1 < 2", Item(Of(PublicationSamples.Item(1, Entry() with { Title = "AT&T: 1 < 2" }))).Element("title")!.Value);
    }

    [Fact]
    public void Leaves_a_missing_title_out_and_describes_instead()
    {
        var item = Item(Of(PublicationSamples.Item(1, Entry() with { Title = "" })));
        Assert.Null(item.Element("title"));
        Assert.Equal("A summary", item.Element("description")!.Value);
    }

    [Fact]
    public void Names_a_source_with_a_secret_address_by_its_page()
    {
        var items = Root(PublicationSamples.All["a source with secrets"]).Descendants("item").ToList();
        Assert.Equal(
            ["https://orig.example/feed.xml", "https://orig.example/", "https://agg.example/sources/4"],
            items.Select(item => (string?)item.Element("source")!.Attribute("url")));
        Assert.DoesNotContain("s3cr3t", Encoding.UTF8.GetString(RssWriter.Write(PublicationSamples.All["a source with secrets"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_credentials_out_of_links_in_the_content()
    {
        var source = Source(2, "https://user:pass@orig.example/feed.xml");
        var entry = Entry() with
        {
            Url = "https://user:pass@orig.example/a",
            Content = "<p><img src=\"https://user:pass@orig.example/i.png\"></p>",
        };
        var document = Encoding.UTF8.GetString(RssWriter.Write(Of(PublicationSamples.Item(1, entry, source))));
        Assert.DoesNotContain("user:pass", document, StringComparison.Ordinal);
        Assert.Contains("https://orig.example/i.png", document, StringComparison.Ordinal);
    }

    private static XElement Root(Publication publication) => XDocument.Load(new MemoryStream(RssWriter.Write(publication))).Root!;

    private static XElement Item(Publication publication) => Root(publication).Descendants("item").First();
}
