using System.Globalization;
using System.Text;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

/// <summary>Long work says how far it is to whoever watches a terminal, and to nobody else.</summary>
public sealed class ProgressTests
{
    private const string Terminal = "/usr/bin/script";

    [Theory]
    [InlineData("import", "import large.opml")]
    [InlineData("crawl", "crawl --Fetching:Timeout=00:00:02")]
    [InlineData("verify", "verify")]
    [InlineData("backup", "backup copy.zip")]
    public async Task A_command_shows_a_bar_on_a_terminal_and_nothing_in_a_pipe(string name, string command)
    {
        Assert.SkipUnless(File.Exists(Terminal), $"There is no {Terminal}: apt-get install bsdutils");
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var list = new StringBuilder("<opml version=\"2.0\"><body>");
        for (var i = 0; i < (name == "import" ? 4_000 : 3); i++)
            list.Append(CultureInfo.InvariantCulture, $"<outline type=\"rss\" text=\"[{i}]\" xmlUrl=\"http://127.0.0.1:9/{i}.xml\"/>");
        await File.WriteAllTextAsync(folder.File("large.opml"), list.Append("</body></opml>").ToString(), cancellation);
        string[] settings = ["--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00"];
        if (name != "import")
        {
            var import = await RunningAggregator.RunAsync(folder.Path, cancellation, ["import", "large.opml", .. settings]);
            Assert.True(import.ExitCode == 0, string.Join('\n', import.Error));
            // Nobody watches: the result alone.
            Assert.Empty(import.Error);
            Assert.Equal("large.opml: 3 sources added, 0 there already, 0 refused, 0 categories", Assert.Single(import.Output));
        }

        await using var process = ChildProcess.Start(
            Terminal, ["-qefc", $"dotnet {Path.Combine(AppContext.BaseDirectory, "aggregator.dll")} {command} {string.Join(' ', settings)}", "/dev/null"], folder.Path,
            new Dictionary<string, string?> { ["TERM"] = "xterm-256color", ["ASPNETCORE_URLS"] = null, ["CI"] = null, ["NO_COLOR"] = null });
        // The terminal outlives the command; its result is the last that it shows.
        var result = name switch { "import" => "4000 sources added", "crawl" => "3 sources, 0 changed", "verify" => "0 snapshots", _ => "bytes" };
        await process.WaitForLineAsync(line => line.Contains(result, StringComparison.Ordinal), TimeSpan.FromSeconds(60), cancellation);
        var shown = string.Join('\n', process.StandardOutput);
        Assert.True(shown.Contains('━', StringComparison.Ordinal) || shown.Contains("--", StringComparison.Ordinal), shown);
        Assert.Contains(name == "import" ? "large.opml" : name, shown, StringComparison.Ordinal);
        Assert.Contains('%', shown);
    }
}
