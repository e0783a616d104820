using System.Net;
using System.Text.RegularExpressions;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>What a newcomer meets: the program on an empty folder with the catalogue that comes with it, and no network.</summary>
public sealed partial class FirstStartTests
{
    [Fact]
    public async Task Shows_the_samples_within_ten_seconds_and_makes_the_first_admin_through_the_printed_link()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var samples = CopySamples(folder);
        await using var server = await RunningAggregator.StartAsync(folder.Path, cancellation, $"--Aggregator:Catalogue={samples}");
        await RunningAggregator.UntilAsync(
            () => server.Http.GetStringAsync("/", cancellation), html => ArticleLink().Count(html) >= 6, TimeSpan.FromSeconds(10),
            html => $"{ArticleLink().Count(html)} entries on the home page", cancellation);
        Assert.True(File.Exists(folder.File("data/store.db")));
        Assert.True(File.Exists(folder.File("data/jobs.db")));

        var setup = server.Process.StandardOutput.Select(line => SetupLink().Match(line)).Single(match => match.Success).Value;
        using var browser = new FormBrowser(server.Http.BaseAddress!);
        Assert.Equal("/sign-in", (await browser.GetAsync("/hangfire/sources")).Path);
        await browser.GetAsync(new Uri(setup).PathAndQuery);
        var dashboard = await browser.SubmitAsync("/setup", ("name", "admin"), ("password", "a long enough sentence"), ("password-again", "a long enough sentence"));
        Assert.True(dashboard.Path == "/hangfire", dashboard.Html);

        var sources = await browser.GetAsync("/hangfire/sources?lang=en");
        Assert.Equal(HttpStatusCode.OK, sources.Status);
        Assert.Contains("云溪", sources.Html, StringComparison.Ordinal);

        // The link was good for one use.
        Assert.NotEqual(HttpStatusCode.OK, (await new FormBrowser(server.Http.BaseAddress!).GetAsync(new Uri(setup).PathAndQuery)).Status);
    }

    [Fact]
    public async Task Says_why_a_source_could_not_be_reached_and_lets_the_admin_add_pause_and_refresh()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 2, EntriesPerSource = 3 }, cancellation);
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = await AddAdminAsync(folder, cancellation);
        Assert.True(exitCode == 0, string.Join('\n', error));
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00");
        Assert.DoesNotContain(server.Process.StandardOutput, line => line.Contains("/setup?token=", StringComparison.Ordinal));

        using var browser = new FormBrowser(server.Http.BaseAddress!);
        await browser.GetAsync("/sign-in?return=/hangfire/sources&lang=en");
        var list = await browser.SubmitAsync("/sign-in", ("name", "admin"), ("password", "a long enough sentence"));
        Assert.Equal("/hangfire/sources", list.Path);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync("/hangfire/sources", ("url", "file:///etc/passwd"))).Status);
        await browser.GetAsync("/hangfire/sources");
        await browser.SubmitAsync("/hangfire/sources", ("url", upstream.Sources[0].Url.AbsoluteUri));
        await browser.GetAsync("/hangfire/sources");
        await browser.SubmitAsync("/hangfire/sources", ("url", $"http://127.0.0.1:{FreePort.Next()}/feed.xml"));
        var shown = await RunningAggregator.UntilAsync(
            () => browser.GetAsync("/hangfire/sources"),
            page => page.Html.Contains("refuses connections", StringComparison.Ordinal) && page.Html.Contains(upstream.Sources[0].Title, StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), page => page.Html, cancellation);
        Assert.Contains(">3<", shown.Html, StringComparison.Ordinal);

        upstream.Publish(0, 1);
        await browser.SubmitAsync("/hangfire/sources/1/refresh");
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("sources/1.json", cancellation), items => items.Count == 4, TimeSpan.FromSeconds(30), items => $"{items.Count} items", cancellation);

        await browser.GetAsync("/hangfire/sources");
        var paused = await browser.SubmitAsync("/hangfire/sources/1/pause");
        Assert.Contains("The source is paused.", paused.Html, StringComparison.Ordinal);

        // A body that is no form is the sender's mistake, not ours.
        using var broken = new HttpRequestMessage(HttpMethod.Post, "/hangfire/sources") { Content = new StringContent("--x\r\nfoo", System.Text.Encoding.ASCII, "multipart/form-data") };
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(broken)).Status);

        // Nobody else's page can do any of that.
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/hangfire/sources/1/resume") { Content = new FormUrlEncodedContent([]) };
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(forged)).Status);
    }

    [Fact]
    public async Task Refuses_a_second_process_on_the_same_store_with_a_sentence()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = await RunningAggregator.StartAsync(folder.Path, cancellation, "--Aggregator:Catalogue=");
        var (exitCode, _, error) = await RunningAggregator.RunAsync(folder.Path, cancellation, "crawl");
        Assert.Equal(1, exitCode);
        Assert.Contains(error, line => line.Contains("store.db", StringComparison.Ordinal) && line.Contains("PostgreSQL", StringComparison.Ordinal));
        Assert.DoesNotContain(error, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Fetching:Concurrency=0", "Fetching:Concurrency")]
    [InlineData("--Fetching:Concurrency=many", "Fetching:Concurrency")]
    [InlineData("--Fetching:AllowedTargets:0=every where", "Fetching:AllowedTargets:0")]
    [InlineData("--Refresh:MinInterval=8.00:00:00", "Refresh:MaxInterval")]
    [InlineData("--Aggregator:Roles=reader", "Aggregator:Roles")]
    [InlineData("--Aggregator:Roles=web", "Aggregator:Roles")]
    [InlineData("--Aggregator:PublicUrl=ftp://example.com", "Aggregator:PublicUrl")]
    [InlineData("--ConnectionStrings:Store=nonsense", "ConnectionStrings:Store")]
    [InlineData("--Jobs:Storage=redis", "Jobs:Storage")]
    [InlineData("--Jobs:Storage=postgresql", "Jobs:Storage")]
    [InlineData("--Publish:EntriesPerFeed=0", "Publish:EntriesPerFeed")]
    [InlineData("--Site:TimeZone:Zh=Mars/Olympus", "Site:TimeZone")]
    [InlineData("--Retention:Days=-1", "Retention:Days")]
    [InlineData("--Takedown:Grace=91.00:00:00", "Takedown:Grace")]
    [InlineData("--urls=nonsense", "Urls")]
    public async Task Stops_at_a_wrong_setting_with_a_sentence_that_names_the_key(string setting, string key)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = await RunningAggregator.RunAsync(folder.Path, TestContext.Current.CancellationToken, "--Aggregator:Catalogue=", setting);
        Assert.Equal(2, exitCode);
        Assert.Contains(error, line => line.StartsWith("aggregator: ", StringComparison.Ordinal) && line.Contains(key, StringComparison.Ordinal));
        Assert.DoesNotContain(error, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> AddAdminAsync(TemporaryFolder folder, CancellationToken cancellationToken)
    {
        await using var process = ChildProcess.Start("sh",
            ["-c", "echo 'a long enough sentence' | dotnet \"$0\" add-admin admin", Path.Combine(AppContext.BaseDirectory, "aggregator.dll")], folder.Path);
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return (exitCode, process.StandardOutput, process.StandardError);
    }

    private static string CopySamples(TemporaryFolder folder)
    {
        var target = folder.File("feeds");
        Directory.CreateDirectory(Path.Combine(target, "samples"));
        var source = Path.Combine(Repository.Root, "feeds");
        File.Copy(Path.Combine(source, "samples.opml"), Path.Combine(target, "samples.opml"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "samples")))
            File.Copy(file, Path.Combine(target, "samples", Path.GetFileName(file)));
        return target;
    }

    [GeneratedRegex("href=\"/articles/[0-9]+\"", RegexOptions.NonBacktracking)]
    private static partial Regex ArticleLink();

    [GeneratedRegex("http://[^ ]+/setup\\?token=[0-9a-f]{32}", RegexOptions.NonBacktracking)]
    private static partial Regex SetupLink();
}
