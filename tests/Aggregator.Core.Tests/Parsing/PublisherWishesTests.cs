using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class PublisherWishesTests
{
    private const string Namespaces = """
        xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0"
        xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:access="http://www.bloglines.com/about/specs/fac-1.0"
        xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:cc="http://web.resource.org/cc/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" xmlns:media="http://search.yahoo.com/mrss/"
        xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
        """;

    public static TheoryData<string, PublisherWishes> Wishes => new()
    {
        { "<itunes:block>Yes</itunes:block>", PublisherWishes.Blocked },
        { "<itunes:block> YES </itunes:block>", PublisherWishes.Blocked },
        { "<itunes:block>no</itunes:block>", PublisherWishes.None },
        { "<itunes:block/>", PublisherWishes.None },
        { "<googleplay:block>yes</googleplay:block>", PublisherWishes.Blocked },
        { "<podcast:block>yes</podcast:block>", PublisherWishes.Blocked },
        { "<podcast:block id=\"spotify\">yes</podcast:block>", PublisherWishes.None },
        { "<access:restriction relationship=\"deny\"/>", PublisherWishes.Denied },
        { "<access:restriction relationship=\"Deny\"></access:restriction>", PublisherWishes.Denied },
        { "<access:restriction relationship=\"allow\"/>", PublisherWishes.None },
        { "<xhtml:meta name=\"robots\" content=\"noindex, noarchive\"/>", PublisherWishes.NotArchived },
        { "<xhtml:meta name=\"robots\" content=\"none\"/>", PublisherWishes.NotArchived },
        { "<xhtml:meta name=\"robots\" content=\"noindex\"/>", PublisherWishes.None },
        { "<xhtml:meta name=\"otherbot\" content=\"noarchive\"/>", PublisherWishes.None },
        { "<itunes:block>yes</itunes:block><access:restriction relationship=\"deny\"/>", PublisherWishes.Blocked | PublisherWishes.Denied },
    };

    public static TheoryData<string> Licenses =>
    [
        "<creativeCommons:license>https://example.org/license</creativeCommons:license>",
        "<cc:license rdf:resource=\"https://example.org/license\"/>",
        "<media:license type=\"text/html\" href=\"https://example.org/license\">A licence</media:license>",
        "<dcterms:license>https://example.org/license</dcterms:license>",
        "<atom:link rel=\"license\" href=\"https://example.org/license\"/>",
        "<dcterms:license>By agreement</dcterms:license><creativeCommons:license>https://example.org/license</creativeCommons:license>",
    ];

    [Theory]
    [MemberData(nameof(Wishes))]
    public void Are_read_of_feeds_and_of_entries(string markup, PublisherWishes expected)
    {
        var ofFeed = Parse(Rss(markup, ""));
        Assert.Equal((expected, 2), (ofFeed.Wishes, ofFeed.Entries.Count));
        Assert.All(ofFeed.Entries, entry => Assert.Equal(PublisherWishes.None, entry.Wishes));

        var ofEntry = Parse(Rss("", markup));
        Assert.Equal([PublisherWishes.None, expected, PublisherWishes.None], ofEntry.Entries.Select(entry => entry.Wishes).Prepend(ofEntry.Wishes));
    }

    // What follows at once must not be passed over with the element.
    [Theory]
    [MemberData(nameof(Licenses))]
    public void Licences_are_read_in_every_vocabulary(string markup)
    {
        var ofFeed = Parse(Rss(markup, ""));
        Assert.Equal(("https://example.org/license", 2), (ofFeed.LicenseUrl, ofFeed.Entries.Count));
        var ofEntry = Parse(Rss("", markup));
        Assert.Equal(["https://example.org/license", null], ofEntry.Entries.Select(entry => entry.LicenseUrl));
        Assert.Equal(["One", "Two"], ofEntry.Entries.Select(entry => entry.Title?.Value));
    }

    [Fact]
    public void An_entry_without_rights_has_those_of_the_feed_that_it_is_from()
    {
        var feed = Parse("""
            <feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
              <entry><title>A</title><source><title>S</title><rights>(c) S</rights><link rel="license" href="https://example.org/s"/></source></entry>
              <entry><title>B</title><source><title>S</title><rights>(c) S</rights></source><rights>(c) B</rights><link rel="license" href="https://example.org/b"/></entry>
            </feed>
            """);
        Assert.Equal(["(c) S", "(c) B"], feed.Entries.Select(entry => entry.Rights?.Value));
        Assert.Equal(["https://example.org/s", "https://example.org/b"], feed.Entries.Select(entry => entry.LicenseUrl));
    }

    private static string Rss(string ofFeed, string ofEntry) =>
        $"<rss version=\"2.0\" {Namespaces}><channel><title>F</title>{ofFeed}<item>{ofEntry}<title>One</title></item><item><title>Two</title></item></channel></rss>";

    private static ParsedFeed Parse(string document) => Assert.IsType<ParseResult.Parsed>(FeedParser.Parse(
        Encoding.UTF8.GetBytes(document), new ParseContext { FetchedAt = DateTimeOffset.UnixEpoch }, TestContext.Current.CancellationToken)).Feed;
}
