using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class JsonFeedReaderTests
{
    private static readonly ParseContext Context = new()
    {
        FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero),
        BaseUrl = new Uri("https://example.org/feeds/news.json"),
    };

    [Fact]
    public void Reads_JSON_Feed()
    {
        var feed = Parse("""
            {"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://example.org/","language":"en","hubs":[{"type":"WebSub","url":"https://hub.example/"}],
             "items":[{"id":7,"url":"/7","content_text":"a < b","date_published":"2026-09-05T10:00:00Z","authors":[{"name":"Ann"}],"tags":["x"],
                       "attachments":[{"url":"https://example.org/a.mp3","mime_type":"audio/mpeg","size_in_bytes":5}]}]}
            """);
        Assert.Equal("json1.1", feed.Format);
        Assert.Equal(["https://hub.example/"], feed.HubUrls);
        var entry = Assert.Single(feed.Entries);
        Assert.Equal("7", entry.Id);
        Assert.Equal("https://example.org/7", entry.Link);
        Assert.Equal(new ParsedText("a < b", ParsedTextKind.Plain), entry.Content);
        Assert.Equal([new Enclosure("https://example.org/a.mp3", "audio/mpeg", 5)], entry.Enclosures);
    }

    [Fact]
    public void Reads_JSON_with_half_characters_in_texts_and_in_names()
    {
        var feed = Parse("""{"version":"https://jsonfeed.org/version/1","a\ud83d":1,"title":"x\ud83dy\ude00z\ud83d\ude00","items":[{"id":"1","\udc00b":2}]}""");
        Assert.Equal("x\uFFFDy\uFFFDz😀", feed.Title?.Value);
        Assert.Single(feed.Entries);
        Assert.NotEmpty(feed.Repairs);
    }

    [Fact]
    public void Reads_a_Google_Reader_stream()
    {
        var feed = Parse("""
            {"id":"feed/https://example.org/","title":"G","self":[{"href":"https://example.org/reader"}],"alternate":[{"href":"https://example.org/"}],"updated":1788602400,
             "items":[{"id":"tag:google.com,2005:reader/item/1","published":1788602400,"title":"T","canonical":[{"href":"https://example.org/1"}],"alternate":[{"href":"https://example.org/other"}],
                       "summary":{"direction":"ltr","content":"<p>S</p>"},"content":{"content":"<p>C</p>"},"author":"Ann","categories":["user/1/state/com.google/read","News"],
                       "enclosure":[{"href":"a.mp3","type":"audio/mpeg","length":"9"}],"origin":{"streamId":"feed/x","title":"O","htmlUrl":"https://o.example/"}}]}
            """);
        Assert.Equal("json", feed.Format);
        Assert.Equal("https://example.org/reader", feed.SelfUrl);
        Assert.Equal("https://example.org/", feed.SiteUrl);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1788602400), feed.UpdatedAt);
        var entry = Assert.Single(feed.Entries);
        Assert.Equal("https://example.org/1", entry.Link);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1788602400), entry.PublishedAt);
        Assert.Equal(new ParsedText("<p>S</p>", ParsedTextKind.Html), entry.Summary);
        Assert.Equal(new ParsedText("<p>C</p>", ParsedTextKind.Html), entry.Content);
        Assert.Equal([new Person("Ann")], entry.Authors);
        Assert.Equal(["News"], entry.Categories);
        Assert.Equal([new Enclosure("https://example.org/feeds/a.mp3", "audio/mpeg", 9)], entry.Enclosures);
        Assert.Equal(new ClaimedSource("O", "https://o.example/"), entry.ClaimedSource);
    }

    [Fact]
    public void Reads_members_in_any_order()
    {
        var feed = Parse("""
            {"items":[{"tags":["x"],"date_published":"Sat, 05 Sep 2026 10:00:00 CST","content_text":"t","id":"1"}],
             "language":"zh-CN","title":"J","version":"https://jsonfeed.org/version/1"}
            """);
        Assert.Equal("json1", feed.Format);
        // China Standard Time, because the feed says zh-CN, if only at its end.
        Assert.Equal(new DateTimeOffset(2026, 9, 5, 2, 0, 0, TimeSpan.Zero), Assert.Single(feed.Entries).PublishedAt);
    }

    [Fact]
    public void Takes_the_last_of_several_members_with_one_name_that_can_be_used()
    {
        var feed = Parse("""
            {"version":"https://jsonfeed.org/version/1.1","title":"a","title":"b","title":[],"items":[{"id":"0"},{"id":"1"}],
             "items":[{"id":"x","id":"2","id":null,"author":{"name":"Old"},"authors":[{"name":"Ann"}],"author":{"name":"Older"}}]}
            """);
        Assert.Equal("b", feed.Title?.Value);
        var entry = Assert.Single(feed.Entries);
        Assert.Equal("2", entry.Id);
        Assert.Equal([new Person("Ann")], entry.Authors);
    }

    [Fact]
    public void Loses_only_the_values_that_have_a_wrong_type()
    {
        var feed = Parse("""
            {"version":"https://jsonfeed.org/version/1.1","title":{"a":[1]},"hubs":"none","authors":7,"icon":true,
             "items":[null,3,"x",[{"id":"inner"}],{"id":true,"title":["t"],"url":{"href":"u"},"content_html":"c","tags":"one","attachments":{"url":"a.mp3","size_in_bytes":"9","mime_type":[]},
                      "authors":"Ann","author":[[]],"summary":[],"date_published":{}},{"id":"2"}]}
            """);
        Assert.Null(feed.Title);
        Assert.Empty(feed.Repairs);
        Assert.Equal(2, feed.Entries.Count);
        Assert.Null(feed.Entries[0].Id);
        Assert.Null(feed.Entries[0].Link);
        Assert.Equal("c", feed.Entries[0].Content?.Value);
        Assert.Equal(["one"], feed.Entries[0].Categories);
        Assert.Equal([new Enclosure("https://example.org/feeds/a.mp3", null, 9)], feed.Entries[0].Enclosures);
        Assert.Equal([new Person("Ann")], feed.Entries[0].Authors);
        Assert.Equal("2", feed.Entries[1].Id);
    }

    [Theory]
    [InlineData("""{"id":"b","title":nonsense}""")]
    [InlineData("""{"id":"b" "title":"no comma"}""")]
    [InlineData("""{"id":"b","n":01}""")]
    [InlineData("""{'id':'b'}""")]
    [InlineData("nonsense")]
    [InlineData("""{"id":"b","title":"\x"}""")]
    public void Leaves_out_a_broken_item_and_nothing_else(string broken)
    {
        var feed = Parse($$"""{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{{broken}},{"id":"2"},{"id":"3"}],"title":"behind"}""");
        Assert.Equal(["1", "2", "3"], feed.Entries.Select(static entry => entry.Id));
        Assert.Equal("behind", feed.Title?.Value);
        Assert.Equal(["1 broken JSON items left out"], feed.Repairs);

        feed = Parse($$"""{"version":"https://jsonfeed.org/version/1","items":[{{broken}},{"id":"2"}],"title":"behind"}""");
        Assert.Equal(["2"], feed.Entries.Select(static entry => entry.Id));
        Assert.Equal("behind", feed.Title?.Value);
    }

    [Fact]
    public void Leaves_out_an_item_that_is_too_deep()
    {
        var deep = new string('[', ParserLimits.MaxJsonDepth + 1) + new string(']', ParserLimits.MaxJsonDepth + 1);
        var feed = Parse($$"""{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","x":{{deep}}},{"id":"2"}]}""");
        Assert.Equal(["2"], feed.Entries.Select(static entry => entry.Id));
    }

    [Theory]
    [InlineData("""{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1"},{"id":"2","title":"cut of""")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1"},""")]
    [InlineData("""{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1"}],"language":"e""")]
    public void Keeps_what_was_complete_in_a_document_that_ends_in_the_middle(string document)
    {
        var feed = Parse(document);
        Assert.True(feed.IsTruncated);
        Assert.Equal("T", feed.Title?.Value);
        Assert.Equal("1", Assert.Single(feed.Entries).Id);
    }

    [Fact]
    public void Reads_missing_commas_between_items_comments_and_content_behind_the_document()
    {
        var feed = Parse("""{"version":"https://jsonfeed.org/version/1",/* c */"items":[{"id":"1"}{"id":"2"}{"id":"3"},]}{"second":1}""");
        Assert.Equal(["1", "2", "3"], feed.Entries.Select(static entry => entry.Id));
        Assert.Contains("content after the JSON document", feed.Repairs);
    }

    [Fact]
    public void Reads_strings_with_raw_line_breaks_as_if_they_were_spaces()
    {
        var feed = Parse("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"1\",\"title\":\"a\nb\tc\"}]}");
        Assert.Equal("a b c", Assert.Single(feed.Entries).Title?.Value);
        Assert.Equal(["control characters in JSON strings"], feed.Repairs);
    }

    private static ParsedFeed Parse(string document) =>
        Assert.IsType<ParseResult.Parsed>(FeedParser.Parse(Encoding.UTF8.GetBytes(document), Context)).Feed;
}
