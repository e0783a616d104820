using System.IO.Compression;
using System.Net;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Settings;

public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_taken_during_a_crawl_is_a_whole_server_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 60, EntriesPerSource = 20 }, cancellation);
        using var folder = new TemporaryFolder();
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, cancellation);
        string[] settings = [$"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Publish:EntriesPerFeed=500"];
        IReadOnlyList<PublishedItem> original;
        string session;
        var archive = folder.File("backup.zip");
        var early = folder.File("early.db");
        await using (var server = await RunningAggregator.StartAsync(folder.Path, cancellation, settings))
        {
            // While the first crawl writes: a copy of whatever state it is in has to be whole.
            var during = await RunningAggregator.RunAsync(folder.Path, cancellation, "backup", early);
            Assert.True(during.ExitCode == 0, string.Join('\n', during.Error));

            original = await RunningAggregator.UntilAsync(
                () => server.ItemsAsync("all.json", cancellation), items => items.Count == 500, TimeSpan.FromSeconds(60), items => $"{items.Count} entries", cancellation);
            var verified = await RunningAggregator.RunAsync(folder.Path, cancellation, "verify");
            Assert.True(verified.ExitCode == 0, string.Join('\n', verified.Error));
            var exported = await RunningAggregator.RunAsync(folder.Path, cancellation, "export");
            Assert.Equal(60, exported.Output.Count(line => line.Contains("xmlUrl", StringComparison.Ordinal)));

            var setup = server.Process.StandardOutput.Single(line => line.Contains("/setup?token=", StringComparison.Ordinal)).Split(' ')[^1];
            using var browser = new FormBrowser(server.Http.BaseAddress!);
            await browser.GetAsync(setup);
            await browser.SubmitAsync("/setup", ("name", "anna"), ("password", "four lamps on the quay"), ("password-again", "four lamps on the quay"));
            var page = await browser.GetAsync("/hangfire/settings");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains("Fetching:AllowedTargets:0", page.Html, StringComparison.Ordinal);
            Assert.Contains(NewestMigration(), page.Html, StringComparison.Ordinal);
            Assert.NotNull(new HtmlParser().ParseDocument(page.Html).QuerySelector("form[action$='/settings/backup'] button"));

            session = string.Join("; ", browser.Cookies(server.Http.BaseAddress!).Select(cookie => $"{cookie.Name}={cookie.Value}"));
            original = await server.ItemsAsync("all.json", cancellation);
            var made = await RunningAggregator.RunAsync(folder.Path, cancellation, "backup", archive);
            Assert.True(made.ExitCode == 0, string.Join('\n', made.Error));
            var again = await RunningAggregator.RunAsync(folder.Path, cancellation, "backup", archive);
            Assert.Equal(1, again.ExitCode);
            Assert.DoesNotContain(Directory.GetFiles(folder.File("data")), file => file.Contains("backup", StringComparison.Ordinal));
        }

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(archive));
        await ZipFile.ExtractToDirectoryAsync(archive, folder.File("restored"), cancellation);
        Assert.Equal(["jobs.db", "store.db"], Directory.GetFiles(folder.File("restored")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

        await using (var restored = await RunningAggregator.StartAsync(folder.Path, cancellation, [.. settings, "--Aggregator:DataFolder=" + folder.File("restored")]))
        {
            Assert.Equal(
                original.Select(item => (Tail(item.Id), item.Title, item.Source, item.Version)),
                (await restored.ItemsAsync("all.json", cancellation)).Select(item => (Tail(item.Id), item.Title, item.Source, item.Version)));
            Assert.DoesNotContain(restored.Process.StandardOutput, line => line.Contains("/setup?token=", StringComparison.Ordinal));

            // The keys stayed behind: who was signed in does it again, with the password of before.
            Assert.Equal("/sign-in", await PathOfAsync(restored));
            using var again = new FormBrowser(restored.Http.BaseAddress!);
            await again.GetAsync("/sign-in?return=/hangfire/audit");
            Assert.Equal("/hangfire/audit", (await again.SubmitAsync("/sign-in", ("name", "anna"), ("password", "four lamps on the quay"))).Path);
        }

        // With the keys beside, nobody notices.
        Directory.Delete(folder.File("restored/keys"), recursive: true);
        Directory.Move(folder.File("data/keys"), folder.File("restored/keys"));
        await using (var restored = await RunningAggregator.StartAsync(folder.Path, cancellation, [.. settings, "--Aggregator:DataFolder=" + folder.File("restored")]))
            Assert.Equal("/hangfire/settings", await PathOfAsync(restored));

        async Task<string> PathOfAsync(RunningAggregator server)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Http.BaseAddress };
            http.DefaultRequestHeaders.Add("Cookie", session);
            http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            using var answer = await http.GetAsync(new Uri("/hangfire/settings", UriKind.Relative), cancellation);
            return answer.RequestMessage!.RequestUri!.AbsolutePath;
        }

        Directory.CreateDirectory(folder.File("earlier"));
        File.Move(early, folder.File("earlier/store.db"));
        var whole = await RunningAggregator.RunAsync(folder.Path, cancellation, "verify", "--Aggregator:DataFolder=" + folder.File("earlier"));
        Assert.True(whole.ExitCode == 0, string.Join('\n', whole.Output.Concat(whole.Error)));
    }

    private static string Tail(string id) => id[(id.LastIndexOf('/') + 1)..];

    private static string NewestMigration() =>
        typeof(Aggregator.Storage.StoreConnectionString).Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Migrations.Sqlite.", StringComparison.Ordinal)).Select(name => name.Split('.')[^2]).Max(StringComparer.Ordinal)!;
}
