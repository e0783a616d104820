using Aggregator.Server.Cli;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

public sealed class ParseCommandTests : IDisposable
{
    // "@LIST" is ours: the library's response files would split names at spaces.
    private static readonly System.CommandLine.ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ends_with_0_when_every_document_of_a_list_is_a_feed()
    {
        var feed = Write("a.xml", "<rss><channel><title>T</title></channel></rss>");
        Assert.Equal(0, await Run(feed, "@" + Write("list.txt", feed + "\n\n" + feed + "\n")));
    }

    [Fact]
    public async Task Ends_with_1_when_one_is_none_or_is_missing()
    {
        Assert.Equal(1, await Run(Write("b.xml", "nonsense")));
        Assert.Equal(1, await Run(Path.Combine(_folder, "missing.xml")));
    }

    [Fact]
    public async Task Ends_with_2_when_a_list_or_the_expectations_cannot_be_read()
    {
        var feed = Write("a.xml", "<rss><channel><title>T</title></channel></rss>");
        Assert.Equal(2, await Run("@" + Path.Combine(_folder, "missing.txt")));
        Assert.Equal(2, await Run(feed, "--expect", Write("expect.jsonl", "no json")));
    }

    [Fact]
    public void Takes_only_web_addresses_as_a_base()
    {
        Assert.NotEmpty(ParseCommand.Create().Parse(["a.xml", "--base", "/feeds"]).Errors);
        Assert.Empty(ParseCommand.Create().Parse(["a.xml", "--raw", "--base", "https://example.org/feed", "--content-type", "text/xml"]).Errors);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static Task<int> Run(params string[] arguments) => ParseCommand.Create().Parse(arguments, Configuration).InvokeAsync();
}
