using System.Text;
using Aggregator.Core.Fetching;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

/// <summary>RFC 9309, its examples first.</summary>
public sealed class RobotsFileTests
{
    private const string Ours = "ExampleBot";

    /// <summary>RFC 9309 §5.1.</summary>
    private const string Simple = """
        User-Agent: *
        Disallow: *.gif$
        Disallow: /example/
        Allow: /publications/

        User-Agent: foobot
        Disallow:/
        Allow:/example/page.html
        Allow:/example/allowed.gif

        User-Agent: barbot
        User-Agent: bazbot
        Disallow: /example/page.html

        User-Agent: quxbot
        EOF
        """;

    [Theory]
    [InlineData("anybot", "/", true)]
    [InlineData("anybot", "/pictures/a.gif", false)]
    [InlineData("anybot", "/pictures/a.gif?size=2", true)]
    [InlineData("anybot", "/example/page.html", false)]
    [InlineData("anybot", "/publications/", true)]
    [InlineData("foobot", "/", false)]
    [InlineData("foobot", "/publications/", false)]
    [InlineData("foobot", "/example/page.html", true)]
    [InlineData("foobot", "/example/allowed.gif", true)]
    [InlineData("FooBot/2.1", "/example/disallowed.gif", false)]
    [InlineData("barbot", "/example/page.html", false)]
    [InlineData("bazbot", "/example/page.html", false)]
    [InlineData("bazbot", "/example/other.gif", true)]
    [InlineData("quxbot", "/example/page.html", true)]
    public void Decides_the_simple_example_of_the_standard(string agent, string path, bool allowed) =>
        Assert.Equal(allowed, Read(Simple).IsAllowed(agent, Address(path)));

    [Fact]
    public void The_longest_match_decides_as_in_the_example_of_the_standard()
    {
        // §5.2
        var robots = Read("User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n");
        Assert.False(robots.IsAllowed("foobot", Address("/example/page/disallowed.gif")));
        Assert.True(robots.IsAllowed("foobot", Address("/example/page/other.gif")));
    }

    [Fact]
    public void Groups_of_one_agent_are_one_as_in_the_example_of_the_standard()
    {
        // §2.2.1
        var robots = Read("user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n");
        Assert.False(robots.IsAllowed(Ours, Address("/foo")));
        Assert.False(robots.IsAllowed(Ours, Address("/bar")));
        Assert.False(robots.IsAllowed(Ours, Address("/baz")));
        Assert.True(robots.IsAllowed(Ours, Address("/qux")));
    }

    [Theory]
    // §2.2.2, the table of encodings.
    [InlineData("/foo/bar?baz=quz", "/foo/bar?baz=quz", true)]
    [InlineData("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", true)]
    [InlineData("/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", true)]
    [InlineData("/foo/bar/ツ", "/foo/bar/%E3%83%84", true)]
    [InlineData("/foo/bar/%E3%83%84", "/foo/bar/ツ", true)]
    [InlineData("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", true)]
    [InlineData("/foo/bar/%62%61%7A", "/foo/bar/baz", true)]
    [InlineData("/foo/bar/baz", "/foo/bar/%62%61%7A", true)]
    [InlineData("/foo%2Fbar", "/foo/bar", false)]
    // §2.2.3, special characters.
    [InlineData("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true)]
    [InlineData("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false)]
    [InlineData("/path/foo-%24", "/path/foo-$", true)]
    [InlineData("/path/foo-%24", "/path/foo-", false)]
    [InlineData("/this/path/exactly$", "/this/path/exactly", true)]
    [InlineData("/this/path/exactly$", "/this/path/exactly/not", false)]
    [InlineData("/this/*/exactly", "/this/path/exactly", true)]
    [InlineData("/this/*/exactly", "/this/very/long/path/exactly?more", true)]
    // Prefixes, case and shorthand.
    [InlineData("/fish", "/fish.html", true)]
    [InlineData("/fish", "/Fish.asp", false)]
    [InlineData("/fish*", "/fishheads/yummy.html", true)]
    [InlineData("/fish/", "/fish", false)]
    [InlineData("/*.php", "/folder/filename.php?parameters", true)]
    [InlineData("/*.php$", "/filename.php?parameters", false)]
    [InlineData("/*.php$", "/a.php/b.php", true)]
    [InlineData("/fish*.php", "/fishheads/catfish.php?id=12", true)]
    [InlineData("/a*b*c$", "/a-b-b-c", true)]
    [InlineData("/a*b*c$", "/a-c-b", false)]
    [InlineData("/a***b", "/axxb", true)]
    [InlineData("/*a$", "/a", true)]
    [InlineData("/ab*b$", "/ab", false)]
    [InlineData("/$", "/", true)]
    [InlineData("/$", "/index.html", false)]
    [InlineData("*", "/anything", true)]
    [InlineData("/?", "/?page=2", true)]
    [InlineData("/*?page=", "/list?page=2", true)]
    [InlineData("private/", "/private/file", true)]
    [InlineData("http://www.example.com/private/", "/private/file", false)]
    [InlineData("", "/anything", false)]
    [InlineData("/price-$5", "/price-$5-today", true)]
    public void A_pattern_matches_what_the_standard_says(string pattern, string path, bool disallowed) =>
        Assert.Equal(!disallowed, Read($"user-agent: *\ndisallow: {pattern}\n").IsAllowed(Ours, Address(path)));

    [Theory]
    [InlineData("allow: /p\ndisallow: /", "/page", true)]
    [InlineData("allow: /folder\ndisallow: /folder", "/folder/page", true)]
    [InlineData("disallow: /folder\nallow: /folder", "/folder/page", true)]
    [InlineData("allow: /page\ndisallow: /*.htm", "/page.htm", false)]
    [InlineData("allow: /page\ndisallow: /*.ph", "/page.php5", true)]
    [InlineData("allow: /$\ndisallow: /", "/", true)]
    [InlineData("allow: /$\ndisallow: /", "/page.htm", false)]
    public void The_most_specific_rule_wins_and_allow_among_equals(string rules, string path, bool allowed) =>
        Assert.Equal(allowed, Read("user-agent: *\n" + rules).IsAllowed(Ours, Address(path)));

    [Fact]
    public void An_agent_with_a_group_of_its_own_is_not_bound_by_the_group_of_all()
    {
        var robots = Read("user-agent: *\ndisallow: /\n\nuser-agent: ExampleBot\ndisallow: /private\n");
        Assert.True(robots.IsAllowed("examplebot", Address("/page")));
        Assert.False(robots.IsAllowed("EXAMPLEBOT", Address("/private")));
        Assert.False(robots.IsAllowed("OtherBot", Address("/page")));
        Assert.False(robots.IsAllowed("ExampleBot-News", Address("/page")));
    }

    [Fact]
    public void A_sitemap_or_unknown_line_ends_no_group()
    {
        var robots = Read("user-agent: a\nsitemap: https://example.com/sitemap.xml\nuser-agent: b\nhost: example.com\ndisallow: /x\n");
        Assert.False(robots.IsAllowed("a", Address("/x")));
        Assert.False(robots.IsAllowed("b", Address("/x")));
    }

    [Fact]
    public void An_empty_disallow_ends_the_list_of_agents()
    {
        var robots = Read("user-agent: good\ndisallow:\nuser-agent: *\ndisallow: /\n");
        Assert.True(robots.IsAllowed("good", Address("/x")));
        Assert.False(robots.IsAllowed("other", Address("/x")));
    }

    [Theory]
    [InlineData("\uFEFFUser-agent: *\r\nDisallow: /x\r\n")]
    [InlineData("User-agent: *\rDisallow: /x\r")]
    [InlineData("USER-AGENT : * # everybody\nDISALLOW\t:\t/x # not this")]
    [InlineData("Useragent: *\nDisalow /x")]
    [InlineData("disallow: /before-any-agent\nuser-agent: *\n\n\ndisallow: /x")]
    public void Reads_what_publishers_write(string file)
    {
        var robots = Read(file);
        Assert.False(robots.IsAllowed(Ours, Address("/x/y")));
        Assert.True(robots.IsAllowed(Ours, Address("/before-any-agent")));
    }

    [Fact]
    public void Reads_octets_of_another_encoding_as_they_are()
    {
        byte[] file = [.. "user-agent: *\ndisallow: /"u8, 0xD0, 0xC2, 0xCE, 0xC5];
        Assert.False(RobotsFile.Parse(file).IsAllowed(Ours, new Uri("https://example.com/%D0%C2%CE%C5/1.html")));
    }

    [Fact]
    public void The_file_itself_may_always_be_read() => Assert.True(RobotsFile.DisallowAll.IsAllowed(Ours, Address("/robots.txt")));

    [Fact]
    public void What_comes_after_the_limit_is_not_there_and_no_line_is_read_by_half()
    {
        var start = "user-agent: *\ndisallow: /first\n";
        var filler = new string('#', RobotsFile.MaxBytes - start.Length - "\ndisallow: /".Length) + "\n";
        var robots = Read(start + filler + "disallow: /private\n");
        Assert.False(robots.IsAllowed(Ours, Address("/first")));
        Assert.True(robots.IsAllowed(Ours, Address("/private")));
        Assert.True(robots.IsAllowed(Ours, Address("/other")));
    }

    [Theory]
    [InlineData("crawl-delay: 10", 10_000)]
    [InlineData("Crawl-Delay: 0.5", 500)]
    [InlineData("crawl-delay: 2\ncrawl-delay: 5", 5_000)]
    [InlineData("crawl-delay: 99999999999999999", 300_000)]
    [InlineData("crawl-delay: -3", null)]
    [InlineData("crawl-delay: 1e9", null)]
    [InlineData("crawl-delay: soon", null)]
    [InlineData("disallow: /", null)]
    public void A_crawl_delay_is_read_and_bounded(string line, int? milliseconds) =>
        Assert.Equal(milliseconds, (int?)Read("user-agent: *\n" + line).CrawlDelay(Ours)?.TotalMilliseconds);

    [Fact]
    public void A_crawl_delay_is_that_of_the_agents_own_group()
    {
        var robots = Read("user-agent: *\ncrawl-delay: 10\ndisallow: /x\nuser-agent: ExampleBot\ndisallow: /y\nuser-agent: slow\ncrawl-delay: 20\ndisallow:");
        Assert.Null(robots.CrawlDelay(Ours));
        Assert.Equal(TimeSpan.FromSeconds(20), robots.CrawlDelay("slow"));
        Assert.Equal(TimeSpan.FromSeconds(10), robots.CrawlDelay("other"));
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(403, true)]
    [InlineData(301, true)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    [InlineData(null, false)]
    public void Unavailable_allows_and_unreachable_forbids(int? status, bool allowed) =>
        Assert.Equal(allowed, RobotsFile.ForFailure(status).IsAllowed(Ours, Address("/page")));

    [Fact]
    public void Without_a_word_everything_is_allowed()
    {
        Assert.True(RobotsFile.AllowAll.IsAllowed(Ours, Address("/page")));
        Assert.True(Read("<!DOCTYPE html><html><body>Not found</body></html>").IsAllowed(Ours, Address("/page")));
        Assert.Null(RobotsFile.AllowAll.CrawlDelay(Ours));
    }

    [Fact]
    public void A_relative_address_and_an_empty_token_are_wrong_calls()
    {
        Assert.Throws<ArgumentException>(() => RobotsFile.AllowAll.IsAllowed(Ours, new Uri("/page", UriKind.Relative)));
        Assert.Throws<ArgumentException>(() => RobotsFile.AllowAll.IsAllowed(" ", Address("/page")));
    }

    [Fact]
    public void A_hostile_file_takes_its_bounded_time()
    {
        // Stars without end, agents by the thousand and rules by the ten thousand: no step over them multiplies.
        var file = new StringBuilder();
        for (var i = 0; i < 10_000; i++) file.Append("user-agent: a").Append(i).Append('\n');
        file.Append("disallow: /").Insert(file.Length, "*a", 50_000).Append("$\n");
        for (var i = 0; file.Length < RobotsFile.MaxBytes; i++) file.Append("allow:/*x").Append(i % 10).Append("*y\n");
        var robots = Read(file.ToString());
        Assert.True(robots.IsAllowed("a9999", Address("/" + new string('a', 8_000))));
    }

    private static RobotsFile Read(string text) => RobotsFile.Parse(Encoding.UTF8.GetBytes(text));

    private static Uri Address(string path) => new("https://example.com" + path);
}
