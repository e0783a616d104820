using System.Text;
using System.Text.Json;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Snapshots;
using Xunit;

namespace Aggregator.Core.Tests.Diagnostics;

public sealed class ParseRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Writes_a_line_for_each_document_in_the_order_given_and_never_stops_early()
    {
        List<string> files = [];
        for (var i = 0; i < 100; i++)
        {
            var file = Path.Combine(_folder, $"{i}.xml");
            await File.WriteAllTextAsync(file, i % 10 == 3 ? "nonsense" : $"<rss><channel><title>T{i}</title><item><title>x</title></item></channel></rss>", TestContext.Current.CancellationToken);
            files.Add(file);
        }

        files.Insert(50, Path.Combine(_folder, "missing.xml"));
        var output = new StringWriter();
        Assert.False(await Run(isRaw: true).RunAsync(files, Stream.Null, output, TestContext.Current.CancellationToken));
        var lines = Lines(output);
        Assert.Equal(files, lines.Select(static line => line.GetProperty("file").GetString()));
        Assert.Equal(11, lines.Count(static line => line.TryGetProperty("err", out _)));
        Assert.Equal("T0", lines[0].GetProperty("title").GetString());
        Assert.Equal("x", lines[0].GetProperty("items")[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task Writes_JSON_Feed_of_what_would_be_stored_and_reads_standard_input()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("<rss><channel><title>T</title><item><guid>g</guid><title>新闻</title><link>/1</link><description>&lt;p onclick=x>y&lt;/p></description></item></channel></rss>"));
        var output = new StringWriter();
        Assert.True(await Run(isRaw: false, new Uri("https://example.org/feed")).RunAsync(["-"], input, output, TestContext.Current.CancellationToken));
        var line = Assert.Single(Lines(output));
        Assert.Equal("https://jsonfeed.org/version/1.1", line.GetProperty("version").GetString());
        var item = line.GetProperty("items")[0];
        Assert.Equal("g", item.GetProperty("id").GetString());
        Assert.Equal("https://example.org/1", item.GetProperty("url").GetString());
        Assert.Equal("<p>y</p>", item.GetProperty("content_html").GetString());
        Assert.Equal("zh", item.GetProperty("language").GetString());
        Assert.Equal(VersionHash.Length * 2, item.GetProperty("_aggregator").GetProperty("content_hash").GetString()!.Length);
    }

    [Fact]
    public async Task Takes_address_and_type_from_expectations_by_the_end_of_the_path()
    {
        var file = Path.Combine(_folder, "feeds", "a.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "<rss><channel><item><link>x</link></item></channel></rss>", TestContext.Current.CancellationToken);
        var expectations = Path.Combine(_folder, "expect.jsonl");
        await File.WriteAllTextAsync(expectations, """{"file":"feeds/a.xml","base_url":"https://example.org/news/","http":{"Content-Type":"text/xml"}}""", TestContext.Current.CancellationToken);
        var output = new StringWriter();
        var run = new ParseRun(new ParseDump(new FeedNormalizer(new ContentSanitizer())), TimeProvider.System) { IsRaw = true, Expectations = ParseExpectations.Read(expectations) };
        await run.RunAsync([file], Stream.Null, output, TestContext.Current.CancellationToken);
        Assert.Equal("https://example.org/news/x", Lines(output)[0].GetProperty("items")[0].GetProperty("link").GetString());
    }

    private static ParseRun Run(bool isRaw, Uri? baseUrl = null) =>
        new(new ParseDump(new FeedNormalizer(new ContentSanitizer())), TimeProvider.System) { IsRaw = isRaw, BaseUrl = baseUrl };

    private static List<JsonElement> Lines(StringWriter output) =>
        [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement.Clone())];
}
