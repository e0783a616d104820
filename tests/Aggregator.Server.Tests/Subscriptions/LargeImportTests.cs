using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Aggregator.Server.Subscriptions;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Storage.Databases;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Subscriptions;

/// <summary>Fifty thousand sources in one list, on the embedded default.</summary>
public sealed class LargeImportTests(ITestOutputHelper output)
{
    private const int Sources = 50_000;

    /// <summary>What a page may ask the store, with who asks for it and the numbers in the frame.</summary>
    private const int MostStatements = 12;

    // The requirement, not an expectation: it takes a small part of this.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Fifty_thousand_sources_come_in_within_two_minutes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var settings = ServerSettings.Read([$"--Aggregator:DataFolder={folder.File("data")}", "--Aggregator:Catalogue=", $"--urls=http://127.0.0.1:{FreePort.Next()}"]);
        await using var services = new ServiceCollection().AddAggregatorCore(settings).BuildServiceProvider();
        Directory.CreateDirectory(settings.DataFolder);
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellation);
        var path = folder.File("large.opml");
        await File.WriteAllTextAsync(path, Generate(), cancellation);

        var steps = new Steps();
        var started = TimeProvider.System.GetTimestamp();
        var report = await services.GetRequiredService<SubscriptionImport>().ImportFileAsync(path, cancellation, steps);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Added} sources of {new FileInfo(path).Length} bytes in {elapsed.TotalSeconds:0.0} s"));

        Assert.Equal((Sources, 1, 1, 51), (report.Added, report.Known, report.Refused, report.Categories));
        Assert.Equal(Sources + 2 - report.Lines.Count, report.LeftOut);
        Assert.Equal([1, Sources + 1, Sources + 2], report.Lines.Select(line => line.Number).Where(number => number is 1 or > Sources));
        Assert.True(elapsed < Bound, $"It took {elapsed}.");
        Assert.True(steps.Count >= Sources / 500 && steps.IsRising, $"{steps.Count} steps");
        Assert.Equal(Sources, await services.GetRequiredService<ISourceStore>().CountDueAsync(DateTimeOffset.UtcNow.AddMinutes(1), cancellation));

        started = TimeProvider.System.GetTimestamp();
        var list = (await services.GetRequiredService<SubscriptionExport>().CreateAsync(new ExportRequest(), cancellation))!;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exported as {list.Document.Length} bytes in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s"));
        Assert.Equal(Sources, list.Sources);

        await EveryListIsBoundedAsync(settings, cancellation);
    }

    /// <summary>Every list of the dashboard, asked as a browser does: how many statements it really takes, and what SQLite would do for each of them.</summary>
    private async Task EveryListIsBoundedAsync(ServerSettings settings, CancellationToken cancellation)
    {
        using var session = new Aggregator.Server.Hosting.StoreSession(settings, TimeProvider.System);
        await using var app = WebServer.Build(settings);
        await session.OpenAsync(app.Services, cancellation);
        WebServer.Map(app, settings);
        await app.StartAsync(cancellation);
        using var browser = new FormBrowser(settings.PublicUrl);
        await browser.GetAsync(app.Services.GetRequiredService<SetupToken>().Path);
        await browser.SubmitAsync("/setup", ("name", "anna"), ("password", "four lamps on the quay"), ("password-again", "four lamps on the quay"));

        var database = app.Services.GetRequiredService<Database>();
        foreach (var path in Lists())
        {
            var statements = new List<(string Statement, object? Parameters)>();
            database.Watch = (statement, parameters) =>
            {
                // Who indexes for the search asks beside us whether there is work.
                if (statement.Contains("search_queue", StringComparison.Ordinal)) return;
                lock (statements) statements.Add((statement, parameters));
            };
            var started = TimeProvider.System.GetTimestamp();
            var address = path.StartsWith("/api/", StringComparison.Ordinal) ? path : "/hangfire" + path;
            var page = await browser.GetAsync(address);
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            database.Watch = null;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {statements.Count} statements, {page.Html.Length} characters, {elapsed.TotalMilliseconds:0} ms"));
            Assert.Equal((HttpStatusCode.OK, address.Split('?')[0]), (page.Status, page.Path));
            Assert.True(statements.Count is >= 1 and <= MostStatements, $"{path} takes {statements.Count} statements:\n{string.Join('\n', statements.Select(asked => asked.Statement))}");
            foreach (var (statement, parameters) in statements)
            {
                var plan = await database.ReadAsync(read => read.ListAsync<PlanStep>("explain query plan " + statement, parameters), cancellation);
                Assert.False(
                    plan.Exists(step => (step.Detail + " ").StartsWith("SCAN source ", StringComparison.Ordinal) && !step.Detail.Contains("USING", StringComparison.Ordinal)
                        // The rows themselves stand in the order of their numbers; a page of them ends where it is full.
                        && !statement.EndsWith("where state <> 4 order by id desc limit @limit", StringComparison.Ordinal)
                        && !statement.EndsWith("where state = 1 order by id desc limit @limit", StringComparison.Ordinal)),
                    $"{path}: {statement}\n{string.Join('\n', plan.Select(step => step.Detail))}");
            }
        }

        await app.StopAsync(cancellation);
    }

    private static IEnumerable<string> Lists()
    {
        string[] filters = ["", "state=active", "state=paused", "state=gone", "state=deleted", "health=failing", "health=silent", "health=slow", "category=7", "text=host77.example", "text=%E6%9D%A5%E6%BA%90%204999", "category=7&text=feeds/6"];
        foreach (var filter in filters)
            foreach (var sort in (string[])["title", "nextfetch", "lastsuccess", "failures", "newest"])
                yield return $"/sources?{filter}&sort={sort}";
        yield return "/sources?after=25000-" + Uri.EscapeDataString("来源 3");
        foreach (var other in (string[])["/sources/7", "/sources/add", "/categories", "/categories/7", "/categories/7/rules", "/sources/7/rules", "/categories/7/retention", "/sources/7/retention", "/retention", "/stories", "/hub", "/hub?show=failing", "/categories/import", "/audit", "/audit?subject=source:7", "/accounts", "/account", "/takedowns", "/settings"])
            yield return other;
        foreach (var list in (string[])["/sources?limit=200", "/sources/7/settings", "/sources/7/retention", "/categories", "/entries?limit=200", "/entries?source=7"])
            yield return "/api/v1" + list;
    }

    private static string Generate()
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\"><head><title>Large</title></head><body>\n");
        for (var i = 0; i < Sources; i++)
        {
            if (i % 1000 == 0) text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "</outline>\n" : "")}<outline text=\"分类 {i / 1000} / Folder {i / 1000}\">\n");
            text.Append(CultureInfo.InvariantCulture, $"<outline type=\"rss\" text=\"来源 {i} &amp; more\" xmlUrl=\"https://host{i % 9973}.example/feeds/{i}.xml\" htmlUrl=\"https://host{i % 9973}.example/\"/>\n");
        }

        return text.Append("</outline>\n<outline text=\"again\"><outline text=\"twice\" xmlUrl=\"https://host0.example/feeds/0.xml\"/><outline text=\"bad\" xmlUrl=\"file:///etc/passwd\"/></outline></body></opml>").ToString();
    }

    private sealed record PlanStep
    {
        public required string Detail { get; init; }
    }

    private sealed class Steps : IProgress<ImportProgress>
    {
        private int _last;

        public int Count { get; private set; }

        public bool IsRising { get; private set; } = true;

        public void Report(ImportProgress value)
        {
            IsRising &= value.Done >= _last && value.Total == Sources + 2;
            _last = value.Done;
            Count++;
        }
    }
}
