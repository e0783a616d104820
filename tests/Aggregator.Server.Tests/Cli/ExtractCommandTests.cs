using Aggregator.Server.Cli;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

public sealed class ExtractCommandTests : IDisposable
{
    private const string Page = "<html><title>A title</title><body><article><h1>A title</h1><p>One paragraph of some length, so that there is an article.</p></article></body></html>";

    // "@LIST" is ours: the library's response files would split names at spaces.
    private static readonly System.CommandLine.ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ends_with_0_when_every_page_of_a_list_holds_an_article()
    {
        var page = Write("a.html", Page);
        Assert.Equal(0, await Run(page, "@" + Write("list.txt", page + "\thttps://example.org/a\n\n" + page + "\n")));
    }

    [Fact]
    public async Task Ends_with_1_when_one_holds_none_or_is_missing()
    {
        Assert.Equal(1, await Run(Write("b.html", "<html></html>")));
        Assert.Equal(1, await Run(Path.Combine(_folder, "missing.html")));
    }

    [Fact]
    public async Task Ends_with_2_when_a_list_an_address_or_a_selector_is_none()
    {
        var page = Write("a.html", Page);
        Assert.Equal(2, await Run("@" + Path.Combine(_folder, "missing.txt")));
        Assert.Equal(2, await Run("@" + Write("list.txt", page + "\tnowhere")));
        Assert.Equal(2, await Run(page, "--keep", "p["));
        Assert.NotEmpty(ExtractCommand.Create().Parse([page, "--url", "/a"]).Errors);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static Task<int> Run(params string[] arguments) => ExtractCommand.Create().Parse(arguments, Configuration).InvokeAsync();
}
