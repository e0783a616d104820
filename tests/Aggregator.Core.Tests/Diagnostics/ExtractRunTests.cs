using System.Text;
using System.Text.Json;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Extracting;
using Aggregator.Core.Normalizing;
using Xunit;

namespace Aggregator.Core.Tests.Diagnostics;

public sealed class ExtractRunTests : IDisposable
{
    private const string Page = "<html lang=en><title>A title</title><body><article><h1>A title</h1><p>One paragraph of some length, so that there is an article to be found.</p><p><img src='/a.jpg'></p></article></body></html>";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Writes_a_line_for_each_page_in_the_order_given_and_never_stops_early()
    {
        List<(string File, Uri? Url)> pages = [];
        for (var i = 0; i < 40; i++)
        {
            var file = Path.Combine(_folder, $"{i}.html");
            await File.WriteAllTextAsync(file, i % 10 == 3 ? " " : Page.Replace("A title", $"Title number {i}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            pages.Add((file, null));
        }

        pages.Insert(20, (Path.Combine(_folder, "missing.html"), null));
        var output = new StringWriter();
        Assert.False(await Run().RunAsync(pages, Stream.Null, output, TestContext.Current.CancellationToken));
        var lines = Lines(output);
        Assert.Equal(pages.Select(static page => page.File), lines.Select(static line => line.GetProperty("file").GetString()));
        Assert.Equal(5, lines.Count(static line => line.TryGetProperty("err", out _)));
        Assert.Equal("Title number 0", lines[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task Writes_every_field_of_the_contract_and_reads_standard_input()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Page));
        var output = new StringWriter();
        Assert.True(await Run(new Uri("https://example.org/news/1.html")).RunAsync([("-", null)], input, output, TestContext.Current.CancellationToken));
        var line = Assert.Single(Lines(output));
        Assert.Equal(
            ["file", "title", "published", "site", "source", "authors", "credits", "content", "text", "images", "language"],
            line.EnumerateObject().Select(static property => property.Name));
        Assert.Equal("https://example.org/a.jpg", line.GetProperty("images")[0].GetString());
        Assert.Equal("en", line.GetProperty("language").GetString());
    }

    [Fact]
    public async Task Takes_a_pages_address_from_the_list_then_from_the_expectations_then_from_the_call()
    {
        var file = Path.Combine(_folder, "a.html");
        await File.WriteAllTextAsync(file, Page, TestContext.Current.CancellationToken);
        var expectations = Path.Combine(_folder, "expect.jsonl");
        await File.WriteAllTextAsync(expectations, """{"file":"a.html","url":"https://expected.example/"}""", TestContext.Current.CancellationToken);
        var run = new ExtractRun(new ArticleExtractor(new ContentSanitizer()), TimeProvider.System) { Url = new Uri("https://called.example/"), Expectations = ParseExpectations.Read(expectations) };
        var other = Path.Combine(_folder, "b.html");
        File.Copy(file, other);
        var output = new StringWriter();
        Assert.True(await run.RunAsync([(file, new Uri("https://listed.example/")), (file, null), (other, null)], Stream.Null, output, TestContext.Current.CancellationToken));
        Assert.Equal(
            ["https://listed.example/a.jpg", "https://expected.example/a.jpg", "https://called.example/a.jpg"],
            Lines(output).Select(static line => line.GetProperty("images")[0].GetString()));
    }

    private static ExtractRun Run(Uri? url = null) => new(new ArticleExtractor(new ContentSanitizer()), TimeProvider.System) { Url = url };

    private static List<JsonElement> Lines(StringWriter output) =>
        [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
}
