using System.Globalization;
using System.Text;
using System.Text.Json;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

/// <summary>The real program's <c>parse</c>: what it prints, in which order, and its exit code.</summary>
public sealed class ParseProgramTests
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Reads_standard_input_with_the_type_and_the_address_that_HTTP_would_have_said()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("feed"), [.. "<rss><channel><title>T</title><item><title>"u8, 0xD6, 0xD0, 0xCE, 0xC4, .. "</title><link>a</link></item></channel></rss>"u8], TestContext.Current.CancellationToken);
        await using var program = ChildProcess.Start(
            "sh", ["-c", "dotnet \"$0\" parse - --raw --content-type 'text/xml; charset=gbk' --base https://example.org/n/ < feed", Path.Combine(AppContext.BaseDirectory, "aggregator.dll")], folder.Path);
        Assert.Equal(0, await program.WaitForExitAsync(EndsWithin, TestContext.Current.CancellationToken));
        var line = Parse(Assert.Single(program.StandardOutput));
        Assert.Equal("-", line.GetProperty("file").GetString());
        Assert.Equal("gb18030", line.GetProperty("encoding").GetString());
        var item = line.GetProperty("items")[0];
        Assert.Equal("中文", item.GetProperty("title").GetString());
        Assert.Equal("https://example.org/n/a", item.GetProperty("link").GetString());
    }

    [Fact]
    public async Task Prints_two_thousand_documents_of_a_list_in_their_order_and_ends_with_1_when_one_was_none()
    {
        using var folder = new TemporaryFolder();
        var names = new List<string>();
        for (var i = 0; i < 2_000; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{i}.xml");
            await File.WriteAllTextAsync(folder.File(name), i == 1_234 ? "nonsense" : $"<rss><channel><title>{new string('x', i % 7 * 500)}T{i}</title><item><title>a</title></item></channel></rss>", TestContext.Current.CancellationToken);
            names.Add(name);
        }

        await File.WriteAllLinesAsync(folder.File("list"), names, TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await RunningAggregator.RunAsync(folder.Path, TestContext.Current.CancellationToken, "parse", "--raw", "@list");
        Assert.Equal(1, exitCode);
        Assert.Empty(error);
        Assert.Equal(names, output.Select(static line => Parse(line).GetProperty("file").GetString()!));
        Assert.StartsWith("The document is no XML", Parse(output[1_234]).GetProperty("err").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("T1999", Parse(output[^1]).GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_type_and_address_of_each_document_from_a_file_of_expectations()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("a.xml"), Encoding.Latin1.GetBytes("<rss><channel><title>\u00CF\u00F0\u00E8\u00E2\u00E5\u00F2</title><item><title>x</title><link>1</link></item></channel></rss>"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("expect.jsonl"), """{"file":"a.xml","base_url":"https://example.org/news/","http":{"content-type":"text/xml; charset=windows-1251"}}""", TestContext.Current.CancellationToken);
        var (exitCode, output, _) = await RunningAggregator.RunAsync(folder.Path, TestContext.Current.CancellationToken, "parse", "a.xml", "--expect", "expect.jsonl");
        Assert.Equal(0, exitCode);
        var line = Parse(Assert.Single(output));
        Assert.Equal("Привет", line.GetProperty("title").GetString());
        var item = line.GetProperty("items")[0];
        Assert.Equal("https://example.org/news/1", item.GetProperty("url").GetString());
        Assert.Equal("ltr", item.GetProperty("_aggregator").GetProperty("direction").GetString());
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
