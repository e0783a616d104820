using System.Text;
using System.Xml.Linq;
using Aggregator.Core.Publishing;
using Aggregator.Core.Takedowns;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class AtomWriterTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace DcTerms = "http://purl.org/dc/terms/";

    public static TheoryData<string> Samples => [.. PublicationSamples.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Passes_the_validator_without_a_warning(string sample) =>
        Assert.Empty(FeedValidator.Validate(AtomWriter.Write(PublicationSamples.All[sample]), Now));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Writes_the_same_bytes_every_time(string sample) =>
        Assert.Equal(AtomWriter.Write(PublicationSamples.All[sample]), AtomWriter.Write(PublicationSamples.All[sample]));

    [Fact]
    public void Copies_the_source_feeds_own_metadata()
    {
        var source = Entry(Of(Item(1))).Element(Atom + "source")!;
        Assert.Equal("https://orig.example/feed.xml", source.Element(Atom + "id")!.Value);
        Assert.Equal("Orig News", source.Element(Atom + "title")!.Value);
        Assert.Equal("2026-09-05T08:00:00Z", source.Element(Atom + "updated")!.Value);
        Assert.Equal("(c) Orig", source.Element(Atom + "rights")!.Value);
        Assert.Equal(
            ["self https://orig.example/feed.xml", "alternate https://orig.example/"],
            source.Elements(Atom + "link").Select(link => $"{(string?)link.Attribute("rel")} {(string?)link.Attribute("href")}"));
    }

    [Fact]
    public void Says_when_the_entry_was_first_seen_and_when_this_version_was_taken()
    {
        var entry = Entry(Of(Item(42)));
        Assert.Equal("2026-09-05T08:01:00Z", entry.Element(DcTerms + "dateAccepted")!.Value);
        Assert.Equal("2026-09-05T09:00:00.25Z", entry.Element(DcTerms + "modified")!.Value);
        Assert.Equal("2026-09-05T09:00:00.2500042Z", entry.Element(Atom + "updated")!.Value);
        Assert.Equal("2026-09-05T08:00:00Z", entry.Element(Atom + "published")!.Value);
        Assert.Equal("https://agg.example/articles/42", Link(entry, "related"));
        Assert.Equal("https://orig.example/a", Link(entry, "via"));
        Assert.Equal("https://orig.example/a", Link(entry, "alternate"));
        Assert.Equal("tag:agg.example,2026:entry/42", entry.Element(Atom + "id")!.Value);
    }

    // RFC 6721 is no namespace that the validator knows, and it says so; nothing else is found.
    [Fact]
    public void Tells_of_what_was_taken_down()
    {
        XNamespace at = "http://purl.org/atompub/tombstones/1.0";
        var publication = Of(Item(1)) with
        {
            Tombstones = [new Tombstone(7, true, Captured.AddHours(1), Captured.AddDays(7), null), new Tombstone(6, false, Captured, Captured.AddDays(7), Captured.AddDays(8))],
        };
        Assert.Equal(
            ["tag:agg.example,2026:entry/7 2026-09-05T10:00:00.25Z", "tag:agg.example,2026:entry/6 2026-09-05T09:00:00.25Z"],
            Root(publication).Elements(at + "deleted-entry").Select(deleted => $"{(string?)deleted.Attribute("ref")} {(string?)deleted.Attribute("when")}"));
        Assert.Equal(["UnknownNamespace"], FeedValidator.Validate(AtomWriter.Write(publication), Now).Select(finding => finding.Rule).Distinct());
        Assert.DoesNotContain("tombstones", Encoding.UTF8.GetString(AtomWriter.Write(Of(Item(1)))), StringComparison.Ordinal);
        Assert.Equal(RssWriter.Write(Of(Item(1))), RssWriter.Write(publication));
    }

    [Fact]
    public void Takes_the_feeds_date_from_its_newest_version()
    {
        var older = Item(1);
        var newer = Item(2) with { Stored = Item(2).Stored with { CapturedAt = Captured.AddHours(1) } };
        Assert.Equal("2026-09-05T10:00:00.2500002Z", Root(Of(older, newer)).Element(Atom + "updated")!.Value);
    }

    [Fact]
    public void Takes_the_feeds_date_from_its_topic_while_it_is_empty()
    {
        Assert.Equal("2026-09-05T08:01:00Z", Root(Of() with { ChangedAt = FirstSeen }).Element(Atom + "updated")!.Value);
        Assert.Equal("1990-01-01T00:00:00Z", Root(Of()).Element(Atom + "updated")!.Value);
    }

    [Fact]
    public void Begins_the_content_with_the_attribution_in_the_feeds_language()
    {
        Assert.StartsWith(
            "<p>来源：<a href=\"https://orig.example/\">Orig News</a> · 快照时间 <a href=\"https://agg.example/articles/1\">"
            + "<time datetime=\"2026-09-05T09:00:00.25Z\">2026-09-05 09:00 UTC</time></a></p>\n<p>The <em>content</em></p>",
            Content(Of(Item(1))),
            StringComparison.Ordinal);
        Assert.StartsWith("<p>Source: <a ", Content(Of(Item(1)) with { Language = "de" }), StringComparison.Ordinal);
        Assert.Contains("</a> · snapshot taken <a ", Content(Of(Item(1)) with { Language = "en-GB" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_the_attribution_out_when_it_is_switched_off_but_never_the_source()
    {
        var publication = Of(Item(1)) with { ShowAttribution = false };
        Assert.Equal("<p>The <em>content</em></p>", Content(publication));
        Assert.NotNull(Entry(publication).Element(Atom + "source"));
    }

    [Fact]
    public void Never_puts_the_attribution_into_the_title() =>
        Assert.Equal("T", Entry(Of(Item(1))).Element(Atom + "title")!.Value);

    [Fact]
    public void Escapes_a_source_that_calls_itself_something_hostile()
    {
        var source = Source() with { Title = "<img src=x onerror=alert(1)>\"&" };
        Assert.Contains(">&lt;img src=x onerror=alert(1)&gt;&quot;&amp;</a>", Content(Of(Item(1, source: source))), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_html_where_a_plain_title_could_be_taken_for_markup()
    {
        var title = Entry(Of(Item(1, PublicationSamples.Entry() with { Title = "<b> & </b>" }))).Element(Atom + "title")!;
        Assert.Equal("html", (string?)title.Attribute("type"));
        Assert.Equal("&lt;b&gt; &amp; &lt;/b&gt;", title.Value);

        var harmless = Entry(Of(Item(1, PublicationSamples.Entry() with { Title = "AT&T: a < b" }))).Element(Atom + "title")!;
        Assert.Null(harmless.Attribute("type"));
        Assert.Equal("AT&T: a < b", harmless.Value);
    }

    [Fact]
    public void Makes_a_title_of_the_summary_when_there_is_none()
    {
        var entry = PublicationSamples.Entry() with { Title = " ", Summary = new string('长', 80) };
        Assert.Equal(new string('长', 60) + "…", Entry(Of(Item(1, entry))).Element(Atom + "title")!.Value);
        Assert.Equal("无标题", Entry(Of(Item(1, entry with { Summary = null }))).Element(Atom + "title")!.Value);
    }

    [Fact]
    public void Lets_the_source_be_the_author_of_an_entry_that_names_none()
    {
        var entry = Entry(Of(Item(1, PublicationSamples.Entry() with { Authors = [] })));
        Assert.Null(entry.Element(Atom + "author"));
        Assert.Equal("Orig News", entry.Element(Atom + "source")!.Element(Atom + "author")!.Element(Atom + "name")!.Value);
    }

    [Fact]
    public void Never_publishes_an_authors_email_address() =>
        Assert.DoesNotContain("john@", Encoding.UTF8.GetString(AtomWriter.Write(Of(Item(1)))), StringComparison.Ordinal);

    [Fact]
    public void Marks_an_entry_in_another_language()
    {
        Assert.Equal("en", (string?)Entry(Of(Item(1, PublicationSamples.Entry() with { Language = "en" }))).Attribute(XNamespace.Xml + "lang"));
        Assert.Null(Entry(Of(Item(1, PublicationSamples.Entry() with { Language = "ZH" }))).Attribute(XNamespace.Xml + "lang"));
    }

    [Fact]
    public void Does_not_pass_a_claimed_source_on_as_the_source()
    {
        var document = Encoding.UTF8.GetString(AtomWriter.Write(PublicationSamples.All["a claimed source"]));
        Assert.DoesNotContain("another.example", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_publishes_what_is_secret_in_a_sources_address()
    {
        var document = Encoding.UTF8.GetString(AtomWriter.Write(PublicationSamples.All["a source with secrets"]));
        Assert.DoesNotContain("s3cr3t", document, StringComparison.Ordinal);
        Assert.DoesNotContain("user:pass", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_to_itself_its_page_and_its_other_formats()
    {
        Assert.Equal(
            [
                "self application/atom+xml https://agg.example/categories/technology.atom",
                "alternate text/html https://agg.example/categories/technology",
                "alternate application/rss+xml https://agg.example/categories/technology.rss",
                "alternate application/feed+json https://agg.example/categories/technology.json",
            ],
            Root(Of()).Elements(Atom + "link")
                .Select(link => $"{(string?)link.Attribute("rel")} {(string?)link.Attribute("type")} {(string?)link.Attribute("href")}"));
    }

    [Fact]
    public void Names_the_bundled_sources_feed_by_our_own_address()
    {
        var source = Entry(PublicationSamples.All["a bundled source"]).Element(Atom + "source")!;
        Assert.Equal("https://agg.example/sources/9.atom", Link(source, "self"));
        Assert.Equal("https://agg.example/sources/9.atom", source.Element(Atom + "id")!.Value);
    }

    [Fact]
    public void Keeps_the_source_feeds_own_id_where_it_is_one()
    {
        var ids = Root(PublicationSamples.All["sources of every dialect"]).Elements(Atom + "entry")
            .Select(entry => entry.Element(Atom + "source")!.Element(Atom + "id")!.Value);
        Assert.Equal(
            [
                "tag:orig.example,2005:feed", "https://orig.example/", "urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6",
                "https://orig.example/feed.xml", "https://orig.example/feed.xml", "https://orig.example/feed", "https://orig.example/feed.xml",
            ],
            ids);
    }

    [Fact]
    public void Gives_a_feed_that_dates_itself_by_the_request_a_date_that_stays()
    {
        var restless = Source() with { Feed = Source().Feed with { UpdatedAt = Now } };
        Assert.Equal(
            "2026-09-05T09:00:00.25Z",
            Entry(Of(Item(1, source: restless))).Element(Atom + "source")!.Element(Atom + "updated")!.Value);
    }

    private static XElement Root(Publication publication) => XDocument.Load(new MemoryStream(AtomWriter.Write(publication))).Root!;

    private static XElement Entry(Publication publication) => Root(publication).Element(Atom + "entry")!;

    private static string Content(Publication publication) => Entry(publication).Element(Atom + "content")!.Value;

    private static string? Link(XElement holder, string rel) =>
        (string?)holder.Elements(Atom + "link").Single(link => (string?)link.Attribute("rel") == rel).Attribute("href");
}
