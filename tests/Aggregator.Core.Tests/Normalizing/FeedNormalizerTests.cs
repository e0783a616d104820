using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

public sealed class FeedNormalizerTests
{
    private static readonly FeedNormalizer Normalizer = new(new ContentSanitizer());

    private static readonly NormalizeContext Context = new()
    {
        FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero),
        BaseUrl = new Uri("https://example.org/feed.xml"),
        DefaultLanguage = "en",
    };

    [Fact]
    public void Makes_a_bounded_safe_entry_of_what_the_document_said()
    {
        var entry = Assert.Single(Normalize(new ParsedEntry
        {
            Id = " a-1 ",
            Title = new ParsedText("A &amp; <b>B</b>\n C", ParsedTextKind.Unknown),
            Link = "/articles/1?utm_source=rss&id=1",
            Content = new ParsedText("<p onclick=x>Text <img src='pic.jpg'></p>", ParsedTextKind.Html),
            Authors = [new Person("Ann"), new Person("ann"), new Person("  ")],
            Categories = ["News", "news", "World"],
            Enclosures = [new Enclosure("/a.mp3", "audio/mpeg", 5), new Enclosure("/a.mp3"), new Enclosure("javascript:x")],
            PublishedAt = Context.FetchedAt,
        }).Entries);
        Assert.Equal("a-1", entry.Key);
        Assert.Equal("A & B C", entry.Title);
        Assert.Equal("https://example.org/articles/1?id=1", entry.Url);
        Assert.Equal("<p>Text <img src=\"https://example.org/articles/pic.jpg\"></p>", entry.Content);
        Assert.Equal("Text", entry.Summary);
        Assert.Equal(["Ann"], entry.Authors.Select(static author => author.Name));
        Assert.Equal(["News", "World"], entry.Tags);
        Assert.Equal([new Enclosure("https://example.org/a.mp3", "audio/mpeg", 5)], entry.Enclosures);
        Assert.Equal("https://example.org/articles/pic.jpg", entry.ImageUrl);
        Assert.Equal("en", entry.Language);
    }

    [Fact]
    public void Makes_no_address_of_a_guid_that_is_none()
    {
        var entry = Assert.Single(Normalize(new ParsedEntry { Id = "episode-7", Link = "episode-7", Title = Plain("t") }).Entries);
        Assert.Null(entry.Url);
        Assert.Equal("episode-7", entry.Key);
    }

    [Fact]
    public void Makes_no_new_version_of_a_new_update_time_alone()
    {
        var one = Normalize(new ParsedEntry { Id = "1", Title = Plain("t"), UpdatedAt = Context.FetchedAt }).Entries[0];
        var two = Normalize(new ParsedEntry { Id = "1", Title = Plain("t"), UpdatedAt = Context.FetchedAt.AddHours(1) }).Entries[0];
        Assert.Equal(one.ContentHash.ToArray(), two.ContentHash.ToArray());
        Assert.Equal(Context.FetchedAt, one.PublishedAt);
    }

    [Fact]
    public void Escapes_plain_text_and_strips_none_of_it()
    {
        var entry = Assert.Single(Normalize(new ParsedEntry
        {
            Id = "1",
            Title = new ParsedText("Use <b> & <i>", ParsedTextKind.Plain),
            Content = new ParsedText("a <script> b", ParsedTextKind.Plain),
        }).Entries);
        Assert.Equal("Use <b> & <i>", entry.Title);
        Assert.Equal("a &lt;script&gt; b", entry.Content);
    }

    [Fact]
    public void Tells_Chinese_by_its_script_when_nothing_declares_it() =>
        Assert.Equal("zh", Assert.Single(Normalize(new ParsedEntry { Id = "1", Title = new ParsedText("中国发布新规 iPhone", ParsedTextKind.Plain) }).Entries).Language);

    [Fact]
    public void Steps_down_when_different_items_share_an_id()
    {
        var feed = Normalize(
            new ParsedEntry { Id = "same", Title = Plain("one"), Link = "https://example.org/1" },
            new ParsedEntry { Id = "same", Title = Plain("two"), Link = "https://example.org/2" });
        Assert.Equal(IdentityRule.Link, feed.IdentityRule);
        Assert.Equal(["https://example.org/1", "https://example.org/2"], feed.Entries.Select(static entry => entry.Key));
        Assert.Contains(feed.Notes, static note => note.Contains("link", StringComparison.Ordinal));
    }

    [Fact]
    public void Steps_down_as_far_as_it_has_to()
    {
        var feed = Normalize(
            new ParsedEntry { Id = "same", Title = Plain("one"), Link = "https://example.org/", PublishedAt = Context.FetchedAt },
            new ParsedEntry { Id = "same", Title = Plain("two"), Link = "https://example.org/", PublishedAt = Context.FetchedAt });
        Assert.Equal(IdentityRule.LinkDateAndTitle, feed.IdentityRule);
        Assert.Equal(2, feed.Entries.Select(static entry => entry.Key).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Collapses_true_duplicates_and_stays_on_its_rung()
    {
        var item = new ParsedEntry { Id = "same", Title = Plain("one"), Link = "https://example.org/1" };
        var feed = Normalize(item, item);
        Assert.Equal(IdentityRule.Id, feed.IdentityRule);
        Assert.Single(feed.Entries);
    }

    [Fact]
    public void Leaves_one_empty_entry_out_and_keeps_the_others()
    {
        var feed = Normalize(new ParsedEntry(), new ParsedEntry { Id = "1", Title = Plain("t") });
        Assert.Single(feed.Entries);
        Assert.Single(feed.Notes);
    }

    [Fact]
    public void Makes_the_same_version_of_text_that_only_differs_in_white_space()
    {
        var one = Normalize(new ParsedEntry { Id = "1", Title = Plain("t"), Content = new ParsedText("<p>a  b</p>\n", ParsedTextKind.Html) }).Entries[0];
        var two = Normalize(new ParsedEntry { Id = "1", Title = Plain(" t"), Content = new ParsedText("<p>a\n b</p>", ParsedTextKind.Html) }).Entries[0];
        var three = Normalize(new ParsedEntry { Id = "1", Title = Plain("t"), Content = new ParsedText("<p>a c</p>", ParsedTextKind.Html) }).Entries[0];
        Assert.Equal(one.ContentHash.ToArray(), two.ContentHash.ToArray());
        Assert.NotEqual(one.ContentHash.ToArray(), three.ContentHash.ToArray());
    }

    [Theory]
    [InlineData(IdentityRule.Id, "g", "u", "g")]
    [InlineData(IdentityRule.Id, null, "u", "u")]
    [InlineData(IdentityRule.Link, "g", "u", "u")]
    public void Takes_the_first_rung_that_applies(IdentityRule rule, string? guid, string? url, string key) =>
        Assert.Equal(key, EntryKey.Compute(rule, guid, url, Context.FetchedAt, "t", default));

    [Fact]
    public void Hashes_keys_that_are_too_long_and_keeps_them_apart()
    {
        var one = EntryKey.Compute(IdentityRule.Id, new string('a', 3_000), null, null, "", default);
        var two = EntryKey.Compute(IdentityRule.Id, new string('a', 3_001), null, null, "", default);
        Assert.NotEqual(one, two);
        Assert.True(one.Length <= NormalizerLimits.MaxKeyLength);
    }

    [Theory]
    [InlineData("https://example.org/?utm_source=a&id=1&fbclid=x#frag", "https://example.org/?id=1#frag")]
    [InlineData("https://example.org/?utm_source=a", "https://example.org/")]
    [InlineData("https://example.org/a.do;jsessionid=0A1B2C.node1?id=1&utm_source=a", "https://example.org/a.do?id=1")]
    [InlineData("https://example.org/a;JSESSIONID=1/b;v=2", "https://example.org/a/b;v=2")]
    [InlineData("https://example.org/a?next=;jsessionid=1", "https://example.org/a?next=;jsessionid=1")]
    [InlineData("https://example.org/a?id=utm_source", "https://example.org/a?id=utm_source")]
    [InlineData("//example.org/a", "https://example.org/a")]
    [InlineData("https://user:secret@example.org/a", "https://example.org/a")]
    [InlineData("www.example.org/a", "http://www.example.org/a")]
    public void Cleans_addresses(string url, string expected) => Assert.Equal(expected, UrlCleaner.Clean(url));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("a/b.html")]
    [InlineData("https://")]
    [InlineData("")]
    public void Lets_no_other_address_out(string url) => Assert.Null(UrlCleaner.Clean(url));

    [Theory]
    [InlineData("a &amp; b <i>c</i>", "a & b c")]
    [InlineData("3 < 4 > 2", "3 < 4 > 2")]
    [InlineData("AT&T &copy; 2026", "AT&T © 2026")]
    [InlineData("<p>one</p><p>two</p>", "one two")]
    [InlineData("日本<b>語</b>", "日本語")]
    [InlineData("a\u202Eb\u0000c", "abc")]
    public void Makes_plain_text_of_titles(string raw, string expected) =>
        Assert.Equal(expected, PlainText.From(new ParsedText(raw, ParsedTextKind.Unknown), 100));

    [Theory]
    [InlineData("中国新闻", "zh")]
    [InlineData("今日のニュース", "ja")]
    [InlineData("오늘의 뉴스", "ko")]
    [InlineData("Новости дня", "ru")]
    [InlineData("أخبار اليوم", "ar")]
    [InlineData("News of the day", null)]
    public void Tells_a_language_by_its_script(string text, string? language) => Assert.Equal(language, LanguageDetector.Detect(text));

    private static NormalizedFeed Normalize(params ParsedEntry[] entries) =>
        Normalizer.Normalize(new ParsedFeed { Format = "rss2.0", Encoding = "utf-8", Entries = entries }, Context);

    private static ParsedText Plain(string text) => new(text, ParsedTextKind.Plain);
}
