using System.Diagnostics;
using System.Text;
using Aggregator.Core.Capturing;
using Aggregator.Core.Extracting;
using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Capturing;

public sealed class PageReaderTests
{
    [Fact]
    public async Task Reads_an_article_and_says_how_it_came()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Answers["/a"] = context =>
        {
            context.Response.Headers.ETag = "\"v1\"";
            return ReadingSite.WriteAsync(context, "text/html", ReadingSite.PageOf("The bridge", "It is closed."));
        };
        var read = Assert.IsType<PageReading.Read>(await site.ReadAsync("/a"));
        Assert.Equal("The bridge", read.Article.Title);
        Assert.Contains("It is closed.", read.Article.Content, StringComparison.Ordinal);
        Assert.Equal((site.Url("/a"), 200, "\"v1\"", 1), (read.Facts.FinalUrl, read.Facts.Status, read.Facts.ETag, read.Pages));
        Assert.Equal(["/robots.txt", "/a"], site.Asked.Select(asked => asked.Path));
        Assert.Contains("text/html", site.Asked.Last().Headers.Accept.ToString(), StringComparison.Ordinal);
        Assert.False(site.Asked.Last().Headers.ContainsKey("A-IM"));

        site.Status("/a", 304);
        Assert.IsType<PageReading.NotModified>(await site.ReadAsync("/a", validators: new Validators { ETag = "\"v1\"" }));
        Assert.Equal("\"v1\"", site.Asked.Last().Headers.IfNoneMatch);
    }

    [Fact]
    public async Task Keeps_and_removes_what_the_selectors_say()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Page("/a", "The bridge", "It is closed. <span class='x'>Advertisement of the day</span>", tail: "<div id='more'><p>Only this is wanted, says an admin who knows the site well.</p></div>");
        var read = Assert.IsType<PageReading.Read>(await site.ReadAsync("/a", selectors: ContentSelectors.Create(["#more"], [], out _)));
        Assert.DoesNotContain("It is closed", read.Article.Content, StringComparison.Ordinal);
        read = Assert.IsType<PageReading.Read>(await site.ReadAsync("/a", selectors: ContentSelectors.Create([], [".x"], out _)));
        Assert.DoesNotContain("Advertisement", read.Article.Content, StringComparison.Ordinal);
        var refused = Assert.IsType<PageReading.Refused>(await site.ReadAsync("/a", selectors: ContentSelectors.Create(["#nowhere"], [], out _)));
        Assert.Equal(CaptureOutcome.NoArticle, refused.Outcome);
    }

    [Fact]
    public async Task Asks_for_nothing_that_robots_txt_disallows_on_any_hop()
    {
        await using var closed = await ReadingSite.StartAsync();
        await using var site = await ReadingSite.StartAsync();
        closed.Text("/robots.txt", "user-agent: aggregator\ndisallow: /secret");
        closed.Page("/secret/a", "Secret", "Not for robots.");
        site.Text("/robots.txt", "user-agent: *\ndisallow: /no");
        site.Page("/no/a", "No", "Not for robots.");
        site.Status("/moved", 302, "Location", closed.Url("/secret/a"));

        Assert.Equal(CaptureOutcome.Disallowed, Assert.IsType<PageReading.Refused>(await site.ReadAsync("/no/a")).Outcome);
        Assert.Equal(CaptureOutcome.Disallowed, Assert.IsType<PageReading.Refused>(await site.ReadAsync("/moved")).Outcome);
        Assert.Equal(["/robots.txt", "/moved"], site.Asked.Select(asked => asked.Path));
        Assert.Equal(["/robots.txt"], closed.Asked.Select(asked => asked.Path));
    }

    [Theory]
    [InlineData("noarchive", true)]
    [InlineData("none", true)]
    [InlineData("otherbot: noarchive", false)]
    public async Task Keeps_no_copy_where_the_publisher_wants_none(string directives, bool refuses)
    {
        await using var site = await ReadingSite.StartAsync();
        site.Answers["/header"] = context =>
        {
            context.Response.Headers["X-Robots-Tag"] = directives;
            return ReadingSite.WriteAsync(context, "text/html", ReadingSite.PageOf("The bridge", "It is closed."));
        };
        var (name, content) = directives.Contains(':', StringComparison.Ordinal) ? ("otherbot", "noarchive") : ("robots", directives);
        site.Page("/meta", "The bridge", "It is closed.", head: $"<meta name='{name}' content='{content}'>");
        foreach (var path in (string[])["/header", "/meta"])
        {
            var reading = await site.ReadAsync(path);
            if (refuses) Assert.Equal(CaptureOutcome.NoArchive, Assert.IsType<PageReading.Refused>(reading).Outcome);
            else Assert.IsType<PageReading.Read>(reading);
        }
    }

    [Fact]
    public async Task Sends_the_secrets_of_a_source_to_its_own_origin_only()
    {
        await using var other = await ReadingSite.StartAsync();
        await using var site = await ReadingSite.StartAsync();
        site.Page("/own", "The bridge", "It is closed.");
        site.Status("/out", 302, "Location", other.Url("/a"));
        other.Page("/a", "The bridge", "It is closed.");
        var source = site.ASource() with
        {
            FetchSettings = new FetchSettings { UserName = "ann", Password = "secret", Cookies = "session=1", UserAgent = "Reader/2", Headers = [new RequestHeader("X-Key", "k")] },
        };

        Assert.IsType<PageReading.Read>(await site.ReadAsync("/own", source));
        Assert.StartsWith("Basic ", site.Asked.Last().Headers.Authorization.ToString(), StringComparison.Ordinal);
        Assert.Equal("k", site.Asked.Last().Headers["X-Key"]);
        // Neither behind a redirect, nor when the entry links there at once; and robots.txt is nobody's secret.
        Assert.IsType<PageReading.Read>(await site.ReadAsync("/out", source));
        Assert.IsType<PageReading.Read>(await site.ReadAsync(other.Url("/a"), source));
        foreach (var (path, headers) in other.Asked.Concat(site.Asked.Where(asked => asked.Path == "/robots.txt")))
        {
            Assert.True(headers.Authorization.Count == 0 && headers.Cookie.Count == 0 && !headers.ContainsKey("X-Key"), path);
            if (path == "/a") Assert.Equal("Reader/2", headers.UserAgent.ToString());
        }

        // The credentials of an entry's own link are no credentials of ours.
        Assert.IsType<PageReading.Read>(await site.ReadAsync($"http://bob:pw@{site.Address.Authority}/own"));
        Assert.Equal(0, site.Asked.Last().Headers.Authorization.Count);
    }

    [Fact]
    public async Task Joins_the_pages_of_an_article_and_asks_robots_for_each()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Text("/robots.txt", "user-agent: *\ndisallow: /n_2.html");
        site.Page("/a.html", "The bridge", "First page.", tail: "<a href='/a_2.html'>Next page</a>");
        site.Page("/a_2.html", "The bridge", "Second page.", tail: "<a href='/a.html'>1</a><a href='/a_3.html'>Next page</a>");
        site.Page("/a_3.html", "The bridge", "Third page.", tail: "<a href='/a_2.html'>2</a>");
        var read = Assert.IsType<PageReading.Read>(await site.ReadAsync("/a.html"));
        Assert.Equal(3, read.Pages);
        Assert.True(read.Article.Content.IndexOf("First", StringComparison.Ordinal) < read.Article.Content.IndexOf("Second", StringComparison.Ordinal));
        Assert.Contains("Third page.", read.Article.Content, StringComparison.Ordinal);

        site.Page("/n.html", "The bridge", "First page.", tail: "<a href='/n_2.html'>Next page</a>");
        Assert.Equal(CaptureOutcome.Disallowed, Assert.IsType<PageReading.Refused>(await site.ReadAsync("/n.html")).Outcome);
        Assert.DoesNotContain(site.Asked, asked => asked.Path == "/n_2.html");

        // A page that is not there ends the article; one that fails fails it whole, for half of it would look as if it had been cut.
        site.Page("/m.html", "The bridge", "First page.", tail: "<a href='/m_2.html'>Next page</a>");
        Assert.Equal(1, Assert.IsType<PageReading.Read>(await site.ReadAsync("/m.html")).Pages);
        site.Status("/m_2.html", 500);
        Assert.IsType<PageReading.Failed>(await site.ReadAsync("/m.html"));
    }

    [Fact]
    public async Task Keeps_the_gap_that_robots_txt_asks_for_between_pages()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Text("/robots.txt", "user-agent: *\ncrawl-delay: 0.5");
        site.Page("/a.html", "The bridge", "First page.", tail: "<a href='/a_2.html'>Next page</a>");
        site.Page("/a_2.html", "The bridge", "Second page.", tail: "<a href='/a.html'>1</a>");
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(2, Assert.IsType<PageReading.Read>(await site.ReadAsync("/a.html")).Pages);
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.45));
    }

    [Fact]
    public async Task Puts_off_what_would_have_to_wait_for_long_and_holds_nobody_up()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Text("/robots.txt", "user-agent: *\ncrawl-delay: 120");
        site.Page("/a", "The bridge", "It is closed.");
        site.Page("/b", "The tunnel", "It is open.");
        var started = Stopwatch.GetTimestamp();
        Assert.IsType<PageReading.Read>(await site.ReadAsync("/a"));
        var busy = Assert.IsType<PageReading.Busy>(await site.ReadAsync("/b"));
        Assert.InRange(busy.RetryAt - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(121));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60));
        Assert.Equal(0, site.Asked.Count(asked => asked.Path == "/b"));
    }

    [Fact]
    public async Task Reads_as_many_pages_as_fit_into_its_time_at_the_gap_that_is_asked_for()
    {
        await using var site = await ReadingSite.StartAsync(fetching: fetching => fetching.Timeout = TimeSpan.FromSeconds(5), options: options => options.Timeout = TimeSpan.FromSeconds(5.6));
        site.Text("/robots.txt", "user-agent: *\ncrawl-delay: 0.5");
        for (var i = 1; i < 5; i++)
            site.Page(i == 1 ? "/a.html" : $"/a_{i}.html", "The bridge", $"Page {i}.", tail: $"<a href='/a_{i - 1}.html'>{i - 1}</a><a href='/a_{i + 1}.html'>Next page</a>");
        Assert.Equal(2, Assert.IsType<PageReading.Read>(await site.ReadAsync("/a.html")).Pages);
    }

    [Fact]
    public async Task Closes_the_host_when_it_asks_for_a_pause_and_says_when_it_is_worth_trying_again()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Status("/a", 429, "Retry-After", "120");
        var failed = Assert.IsType<PageReading.Failed>(await site.ReadAsync("/a"));
        Assert.Equal((CaptureOutcome.TooManyRequests, TimeSpan.FromSeconds(120)), (failed.Outcome, failed.RetryAfter!.Value));
        var busy = Assert.IsType<PageReading.Busy>(await site.ReadAsync("/b"));
        Assert.InRange(busy.RetryAt - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(121));
        Assert.Equal(["/robots.txt", "/a"], site.Asked.Select(asked => asked.Path));
    }

    [Theory]
    [InlineData(404, CaptureOutcome.NotFound)]
    [InlineData(410, CaptureOutcome.NotFound)]
    [InlineData(401, CaptureOutcome.Denied)]
    [InlineData(403, CaptureOutcome.Denied)]
    [InlineData(451, CaptureOutcome.Denied)]
    [InlineData(418, CaptureOutcome.Denied)]
    [InlineData(500, CaptureOutcome.Failed)]
    [InlineData(429, CaptureOutcome.TooManyRequests)]
    public async Task Tells_what_may_succeed_later_from_what_may_not(int status, CaptureOutcome outcome)
    {
        await using var site = await ReadingSite.StartAsync();
        site.Status("/a", status);
        var reading = await site.ReadAsync("/a");
        if (reading is PageReading.Refused refused) Assert.Equal(outcome, refused.Outcome);
        else Assert.Equal(outcome, Assert.IsType<PageReading.Failed>(reading).Outcome);
        Assert.Equal(outcome is CaptureOutcome.Failed or CaptureOutcome.TooManyRequests, reading is PageReading.Failed);
    }

    [Fact]
    public async Task Refuses_what_is_too_large()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Answers["/large"] = async context =>
        {
            context.Response.ContentType = "text/html";
            var block = new byte[64 * 1024];
            for (var i = 0; i < 50 * 16; i++) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };
        Assert.Equal(CaptureOutcome.TooLarge, Assert.IsType<PageReading.Refused>(await site.ReadAsync("/large")).Outcome);
    }

    [Fact]
    public async Task Gives_up_what_is_too_slow()
    {
        await using var site = await ReadingSite.StartAsync(options: options => options.Timeout = TimeSpan.FromSeconds(1));
        site.Answers["/slow"] = async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.Body.WriteAsync("<p>"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted);
        };
        var failed = Assert.IsType<PageReading.Failed>(await site.ReadAsync("/slow"));
        Assert.Contains("Capture:Timeout", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_gbk_by_header_by_meta_and_by_its_bytes()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gbk = Encoding.GetEncoding("gbk");
        await using var site = await ReadingSite.StartAsync();
        const string Article = "<h1>滨海大桥今日封闭检修</h1><p>2026年3月1日 10:20 来源：滨海日报</p><p>本报讯 记者从市交通局获悉，滨海大桥自今日起封闭检修，预计工期两周，期间公交车辆将绕行解放路。</p><p>市政府表示，将尽快修复并恢复通行，请市民提前规划出行路线，注意交通安全。</p>";
        foreach (var (path, type, head) in (ReadOnlySpan<(string, string, string)>)[("/header", "text/html; charset=gb2312", ""), ("/meta", "text/html", "<meta charset=gbk>"), ("/bytes", "text/html", "")])
            site.Answers[path] = context =>
            {
                context.Response.ContentType = type;
                return context.Response.Body.WriteAsync(gbk.GetBytes($"<html><head>{head}<title>滨海大桥今日封闭检修</title></head><body>{Article}</body></html>")).AsTask();
            };
        foreach (var path in (string[])["/header", "/meta", "/bytes"])
        {
            var read = Assert.IsType<PageReading.Read>(await site.ReadAsync(path));
            Assert.Equal("滨海大桥今日封闭检修", read.Article.Title);
            Assert.Contains("预计工期两周", read.Article.Content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Believes_a_canonical_address_on_its_own_site_only_and_no_time_that_moves()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Page("/a?x=1", "The bridge", "It is closed.", head: $"<link rel='canonical' href='{site.Url("/a")}'><meta property='article:published_time' content='3 hours ago'>");
        site.Page("/b", "The bridge", "It is closed.", head: "<link rel='canonical' href='https://example.org/b'><meta property='article:published_time' content='2026-03-01T07:00:00Z'>");
        var own = Assert.IsType<PageReading.Read>(await site.ReadAsync("/a?x=1"));
        Assert.Equal((site.Url("/a"), (DateTimeOffset?)null), (own.Article.CanonicalUrl, own.Article.PublishedAt));
        var other = Assert.IsType<PageReading.Read>(await site.ReadAsync("/b"));
        Assert.Equal((null, new DateTimeOffset(2026, 3, 1, 7, 0, 0, TimeSpan.Zero)), (other.Article.CanonicalUrl, other.Article.PublishedAt!.Value));
    }

    [Theory]
    [InlineData(null, "Aggregator")]
    [InlineData("NewsBot/2.1 (+https://example.org/bot)", "NewsBot")]
    [InlineData("(nameless)", "Aggregator")]
    public void Is_called_by_the_name_that_its_requests_carry(string? userAgent, string token) => Assert.Equal(token, ProductToken.Of(userAgent));
}
