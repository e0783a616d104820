using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Subscriptions;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.Testing;
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

    /// <summary>Tables that grow with the sources, what they bring and what is done to them: no page reads one from end to end.</summary>
    private static readonly string[] Growing =
        ["source", "category_source", "entry", "category_entry", "entry_route", "dropped_entry", "snapshot", "fetch_log", "source_day", "audit", "retention", "capture", "story", "takedown_request", "hub_subscriber"];

    private static readonly string[] Background = ["_queue"];

    [Fact]
    public async Task Fifty_thousand_sources_come_in_within_two_minutes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await InProcessServer.StartAsync((services, _) => ImportAsync(services, cancellation), cancellation);
        await EveryListIsBoundedAsync(server, cancellation);
    }

    /// <summary>Imports the list and exports it again; then one source gets entries, so that pages of entries have something to read.</summary>
    private async Task ImportAsync(IServiceProvider services, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
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
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(Sources, await services.GetRequiredService<ISourceStore>().CountDueAsync(now.AddMinutes(1), cancellation));

        started = TimeProvider.System.GetTimestamp();
        var list = (await services.GetRequiredService<SubscriptionExport>().CreateAsync(new ExportRequest(), cancellation))!;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exported as {list.Document.Length} bytes in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s"));
        Assert.Equal(Sources, list.Sources);

        var retentions = services.GetRequiredService<IRetentionStore>();
        for (var id = 1; id <= 450; id++) Assert.True(await retentions.SetRetentionAsync(Topic.Source(id), new RetentionSettings(new RetentionRule(30)), cancellation));
        Assert.Equal(1, await services.GetRequiredService<ISubscriptionImportStore>().AddAsync("list.opml", "<opml/>"u8.ToArray(), now, cancellation));
        var source = await services.GetRequiredService<ISourceStore>().ClaimAsync(7, "test", now, now.AddMinutes(5), cancellation);
        Assert.True(await services.GetRequiredService<IRefreshStore>().SaveAsync(
            new RefreshWrite
            {
                Source = source! with { LastFetchAt = now, LastSuccessAt = now, NextFetchAt = now.AddHours(1) },
                LeaseOwner = "test",
                At = now,
                Added = [.. Enumerable.Range(1, 300).Select(number => new Entry { Key = $"{number}", Title = $"Entry {number}", ContentHash = BitConverter.GetBytes(number) })],
                Fetch = new FetchRecord { At = now, Kind = FetchRecordKind.Read },
            },
            cancellation));
    }

    /// <summary>Every list of the dashboard, asked as a browser does: how many statements it really takes, and what SQLite would do for each of them.</summary>
    private async Task EveryListIsBoundedAsync(InProcessServer server, CancellationToken cancellation)
    {
        using var browser = await server.SignInAsync();
        var database = server.Services.GetRequiredService<Database>();
        var statements = new List<(string Statement, object? Parameters)>();
        foreach (var path in Lists())
        {
            var address = path.StartsWith("/api/", StringComparison.Ordinal) ? path : "/hangfire" + path;
            await BoundedAsync(path, address.Split('?')[0], () => browser.GetAsync(address));
        }

        // Asking back before everything that a filter finds is deleted, and trying rules on the newest entries.
        await browser.GetAsync("/hangfire/sources?text=feeds/7");
        await BoundedAsync("/sources/bulk", "/hangfire/sources/bulk", () => browser.SubmitAsync("/hangfire/sources/bulk", ("action", "delete"), ("all", "yes")));
        foreach (var owner in (string[])["/hangfire/sources/7/rules", "/hangfire/categories/1/rules"])
        {
            await browser.GetAsync(owner);
            await BoundedAsync(owner + " tried", owner, () => browser.SubmitAsync(owner, ("command", "try"), ("rules", "title contains \"Entry\" then drop")));
        }

        async Task BoundedAsync(string what, string expected, Func<Task<FormPage>> ask)
        {
            statements.Clear();
            database.Watch = (statement, parameters) =>
            {
                // What works in the background asks beside us whether there is work, and counts for the home page.
                if (Background.Any(mark => statement.Contains(mark, StringComparison.Ordinal))) return;
                lock (statements) statements.Add((statement, parameters));
            };
            var started = TimeProvider.System.GetTimestamp();
            var page = await ask();
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            database.Watch = null;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {statements.Count} statements, {page.Html.Length} characters, {elapsed.TotalMilliseconds:0} ms"));
            Assert.Equal((HttpStatusCode.OK, expected), (page.Status, page.Path));
            Assert.True(statements.Count is >= 1 and <= MostStatements, $"{what} takes {statements.Count} statements:\n{string.Join('\n', statements.Select(asked => asked.Statement))}");
            foreach (var (statement, parameters) in statements)
            {
                var plan = await database.ReadAsync(read => read.ListAsync<PlanStep>("explain query plan " + statement, parameters), cancellation);
                Assert.False(
                    plan.Exists(step => Growing.Any(table => (step.Detail + " ").StartsWith($"SCAN {table} ", StringComparison.Ordinal)) && !step.Detail.Contains("USING", StringComparison.Ordinal)
                        // The rows themselves stand in the order of their numbers; a page of them ends where it is full.
                        && !statement.EndsWith("order by id desc limit @limit", StringComparison.Ordinal)),
                    $"{what}: {statement}\n{string.Join('\n', plan.Select(step => step.Detail))}");
            }
        }
    }

    private static IEnumerable<string> Lists()
    {
        yield return "";
        string[] filters = ["", "state=active", "state=paused", "state=gone", "state=deleted", "health=failing", "health=silent", "health=slow", "category=7", "text=host77.example", "text=%E6%9D%A5%E6%BA%90%204999", "category=7&text=feeds/6"];
        foreach (var filter in filters)
            foreach (var sort in (string[])["title", "nextfetch", "lastsuccess", "failures", "newest"])
                yield return $"/sources?{filter}&sort={sort}";
        yield return "/sources?after=25000-" + Uri.EscapeDataString("来源 3");
        foreach (var other in (string[])["/sources/7", "/sources/add", "/categories", "/categories/7", "/categories/7/delete", "/categories/entries/1", "/categories/imports/1", "/categories/7/rules", "/sources/7/rules", "/categories/7/retention", "/sources/7/retention", "/retention", "/retention?after=200", "/stories", "/hub", "/hub?show=failing", "/categories/import", "/audit", "/audit?subject=source:7", "/accounts", "/account", "/takedowns", "/settings"])
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
