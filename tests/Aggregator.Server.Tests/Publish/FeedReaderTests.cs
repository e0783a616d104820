using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

/// <summary>What programs that people use make of our feeds. <c>tests/run</c> installs them.</summary>
public sealed class FeedReaderTests
{
    private const string Python = "/usr/bin/python3";
    private const string Newsboat = "/usr/bin/newsboat";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // feedparser 6 knows no JSON Feed: it takes one for broken XML (tried with 6.0.10).
    private const string ReadFeed = """
        import feedparser, json, sys
        feed = feedparser.parse(sys.argv[1])
        print(json.dumps({
            "bozo": bool(feed.bozo), "version": feed.version, "status": feed.status, "title": feed.feed.title, "updated": feed.feed.updated,
            "entries": [{
                "title": entry.title, "link": entry.link, "id": entry.id, "updated": list(entry.updated_parsed), "published": list(entry.published_parsed),
                "source": entry.source.title, "source_href": entry.source.get("href") or [l.href for l in entry.source.links if l.rel == "self"][0],
                "accepted": entry.get("dcterms_dateaccepted"), "ag": entry.get("ag_source"), "via": [l.href for l in entry.links if l.rel == "via"],
                "author": entry.author, "content": entry.content[0].value} for entry in feed.entries]}))
        """;

    [Theory]
    [InlineData("atom", "atom10")]
    [InlineData("rss", "rss20")]
    public async Task Feedparser_finds_source_and_dates(string extension, string version)
    {
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync(Python, null, "-c", "import feedparser")).ExitCode == 0, "python3-feedparser is not installed.");
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("中文标题", "AT&T <b>");
        var (exitCode, output, error) = await RunAsync(Python, null, "-c", ReadFeed, $"{site.Url}/categories/technology.{extension}");
        Assert.True(exitCode == 0, error);

        using var document = JsonDocument.Parse(output);
        var feed = document.RootElement;
        Assert.False(feed.GetProperty("bozo").GetBoolean());
        Assert.Equal(version, feed.GetProperty("version").GetString());
        Assert.Equal("科技", feed.GetProperty("title").GetString());
        var entries = feed.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(2, entries.Count);
        Assert.Equal("中文标题", entries[0].GetProperty("title").GetString());
        Assert.All(entries, entry =>
        {
            Assert.Equal("原始新闻 Orig", entry.GetProperty("source").GetString());
            Assert.Equal("https://orig.example/feed.xml", entry.GetProperty("source_href").GetString());
            Assert.Equal(entry.GetProperty("link").GetString(), entry.GetProperty("via")[0].GetString());
            Assert.Equal("王小明", entry.GetProperty("author").GetString());
            Assert.Equal([2026, 9, 5, 9, 0, 0], entry.GetProperty("updated").EnumerateArray().Take(6).Select(part => part.GetInt32()));
            Assert.Contains("来源：", entry.GetProperty("content").GetString()!, StringComparison.Ordinal);
        });
        Assert.Equal([2026, 9, 5, 8, 50, 0], entries[0].GetProperty("published").EnumerateArray().Take(6).Select(part => part.GetInt32()));
    }

    [Theory]
    [InlineData("atom")]
    [InlineData("rss")]
    public async Task Newsboat_lists_the_articles(string extension)
    {
        Assert.SkipUnless(File.Exists(Newsboat), "newsboat is not installed.");
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("中文标题", "AT&T <b>", "第三篇");
        var home = Directory.CreateTempSubdirectory("aggregator-newsboat-").FullName;
        try
        {
            var (urls, cache) = (Path.Combine(home, "urls"), Path.Combine(home, "cache.db"));
            await File.WriteAllTextAsync(urls, $"{site.Url}/categories/technology.{extension}\n");
            var reload = await RunAsync(Newsboat, home, "-u", urls, "-c", cache, "-x", "reload");
            Assert.True(reload.ExitCode == 0, reload.Error + reload.Output);
            var unread = await RunAsync(Newsboat, home, "-u", urls, "-c", cache, "-x", "print-unread");
            Assert.StartsWith("3 ", unread.Output, StringComparison.Ordinal);
            Assert.Equal(
                ["1788598200 中文标题 王小明", "1788598140 AT&T <b> 王小明", "1788598080 第三篇 王小明"],
                (await ArticlesAsync(cache)).Select(article => article.Replace("\u2060", "", StringComparison.Ordinal)));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task Newsboat_takes_only_what_is_new()
    {
        Assert.SkipUnless(File.Exists(Newsboat), "newsboat is not installed.");
        await using var site = await PublishSite.StartAsync();
        var category = await site.SeedAsync("一", "二");
        await site.NoteAsync();
        var home = Directory.CreateTempSubdirectory("aggregator-newsboat-").FullName;
        try
        {
            var (urls, cache) = (Path.Combine(home, "urls"), Path.Combine(home, "cache.db"));
            await File.WriteAllTextAsync(urls, $"{site.Url}/categories/{category.Slug}.atom\n");
            // It keeps a tag only for a feed that its cache knows already: the first two times it asks for the whole.
            for (var round = 0; round < 4; round++)
            {
                var reload = await RunAsync(Newsboat, home, "-u", urls, "-c", cache, "-x", "reload");
                Assert.True(reload.ExitCode == 0, reload.Error + reload.Output);
                if (round != 1) continue;
                await site.AddEntriesAsync(1, "三");
                await site.NoteAsync();
            }

            var unread = await RunAsync(Newsboat, home, "-u", urls, "-c", cache, "-x", "print-unread");
            Assert.StartsWith("3 ", unread.Output, StringComparison.Ordinal);
            Assert.True(site.Requests.Select(request => request.Status).SequenceEqual([200, 200, 226, 304]), string.Join('\n', site.Requests));
            Assert.All(site.Requests.Skip(2), request => Assert.Equal("feed", request.Manipulations));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<List<string>> ArticlesAsync(string cache)
    {
        await using var connection = new SqliteConnection($"Data Source={cache};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select pubDate, title, author from rss_item where deleted = 0 order by pubDate desc";
        var articles = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            articles.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(0)} {reader.GetString(1)} {reader.GetString(2)}"));
        return articles;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string? home, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (home is not null) start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
