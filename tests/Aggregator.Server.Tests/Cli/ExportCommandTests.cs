using System.Xml.Linq;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

/// <summary>What <c>aggregator export</c> writes of a store that <c>aggregator import</c> filled.</summary>
public sealed class ExportCommandTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_everything_or_a_category_or_what_fails_to_where_it_is_told()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.File("list.opml"),
            """
            <opml version="2.0" xmlns:agg="urn:aggregator:opml"><body>
              <outline text="Ports" agg:slug="ports">
                <outline text="Quay" xmlUrl="https://quay.example/feed"/>
                <outline text="North"><outline text="Ice"><outline text="Floe" xmlUrl="https://floe.example/feed"/></outline></outline>
              </outline>
              <outline text="Lamp" xmlUrl="https://mole:hunter2@lamp.example/feed" agg:settings="1" agg:state="gone"/>
            </body></opml>
            """, Ct);
        var imported = await RunAsync("import", "list.opml");
        Assert.True(imported.ExitCode == 0, string.Join('\n', imported.Error));
        // Folders in folders become categories, each source in the one around it.
        Assert.Equal("list.opml: 3 sources added, 0 there already, 0 refused, 3 categories", Assert.Single(imported.Output));

        var all = await RunAsync("export");
        Assert.Equal(["Ice: https://floe.example/feed", "Ports: https://quay.example/feed", "https://lamp.example/feed"], Sources(string.Join('\n', all.Output)));
        Assert.Contains("1 sources have passwords", Assert.Single(all.Error), StringComparison.Ordinal);
        Assert.Equal(["Ports: https://quay.example/feed"], Sources(string.Join('\n', (await RunAsync("export", "--category", "ports")).Output)));
        var failing = await RunAsync("export", "--failing", "--with-secrets", "--output", "failing.opml");
        Assert.Equal((0, 0, 0), (failing.ExitCode, failing.Output.Count, failing.Error.Count));
        Assert.Equal(["https://mole:hunter2@lamp.example/feed"], Sources(await File.ReadAllTextAsync(folder.File("failing.opml"), Ct)));
        var none = await RunAsync("export", "--category", "nowhere");
        Assert.Equal((1, 0, "aggregator: There is no category 'nowhere'."), (none.ExitCode, none.Output.Count, Assert.Single(none.Error)));

        Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(params string[] arguments) =>
            RunningAggregator.RunAsync(folder.Path, Ct, [.. arguments, "--Aggregator:Catalogue="]);
    }

    /// <summary>The addresses of a list, each with the folder that it stands in.</summary>
    private static IEnumerable<string> Sources(string list) => XDocument.Parse(list).Descendants("outline").Where(outline => outline.Attribute("xmlUrl") is not null)
        .Select(outline => (outline.Parent!.Attribute("text") is { } folder ? folder.Value + ": " : "") + outline.Attribute("xmlUrl")!.Value).Order(StringComparer.Ordinal);
}
