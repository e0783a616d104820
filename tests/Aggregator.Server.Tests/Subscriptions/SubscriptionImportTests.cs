using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;
using Aggregator.Server.Subscriptions;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Subscriptions;

/// <summary>Subscription lists in and out, over a real store.</summary>
public sealed class SubscriptionImportTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProvider _services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.File("feeds"));
        await File.WriteAllTextAsync(_folder.File("feeds/news.xml"), "<rss/>", Cancellation);
        var settings = ServerSettings.Read([$"--Aggregator:DataFolder={_folder.File("data")}", $"--Aggregator:Catalogue={_folder.File("feeds")}"]);
        _services = new ServiceCollection().AddAggregatorCore(settings).BuildServiceProvider();
        Directory.CreateDirectory(settings.DataFolder);
        await _services.GetRequiredService<IStoreMigrator>().MigrateAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Makes_categories_of_folders_and_adds_nothing_twice()
    {
        const string List = """
            <opml version="2.0" xmlns:agg="urn:aggregator:opml"><body>
              <outline text="国内" agg:slug="domestic" agg:language="zh" agg:attribution="false" agg:position="3">
                <outline type="rss" text="甲" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/" language="zh" agg:zone="+08:00"/>
                <outline text="Local"><outline text="B" xmlUrl="feed://b.example/rss"/></outline>
              </outline>
              <outline text="C" xmlUrl="https://c.example/feed"/>
            </body></opml>
            """;
        var first = await ImportAsync("list.opml", List);
        Assert.Equal((3, 0, 2), (first.Added, first.Known, first.Categories));
        Assert.Empty(first.Problems);
        var second = await ImportAsync("list.opml", List);
        Assert.Equal((0, 3, 2), (second.Added, second.Known, second.Categories));

        var category = (await _services.GetRequiredService<ICategoryStore>().FindAsync("domestic", Cancellation))!;
        Assert.Equal(("国内", "zh", false, 3), (category.Title, category.Language, category.ShowAttribution, category.Position));
        var sources = await _services.GetRequiredService<ISourceStore>().ListAsync(0, 10, Cancellation);
        Assert.Equal(["https://a.example/feed", "http://b.example/rss", "https://c.example/feed"], sources.Select(listing => listing.Source.Url));
        Assert.Equal(["domestic", "local", ""], sources.Select(listing => listing.Categories.SingleOrDefault()?.Slug ?? ""));
        Assert.Equal(("+08:00", "zh"), (sources[0].Source.DefaultZone, sources[0].Source.DefaultLanguage));
    }

    [Fact]
    public async Task A_new_source_joins_every_folder_that_names_it_and_one_that_was_there_stays_where_it_is()
    {
        var categories = _services.GetRequiredService<ICategoryStore>();
        var own = await categories.AddAsync(new Category { Id = 0, Slug = "own", Title = "Own", Language = "en" }, Cancellation);
        await _services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = "https://known.example/", CategoryIds = [own.Id] }, TimeProvider.System.GetUtcNow(), Cancellation);
        var report = await ImportAsync("list.opml", """
            <opml><body>
              <outline text="One"><outline text="New" xmlUrl="https://new.example/"/><outline text="Known" xmlUrl="https://known.example/"/></outline>
              <outline text="Two"><outline text="New again" xmlUrl="https://new.example/"/></outline>
            </body></opml>
            """);
        Assert.Equal((1, 2, 2), (report.Added, report.Known, report.Categories));
        Assert.Equal(
            [("New", ImportOutcome.Added, ImportReason.None), ("Known", ImportOutcome.Known, ImportReason.None), ("New again", ImportOutcome.Known, ImportReason.Repeated)],
            report.Lines.Select(line => (line.Name, line.Outcome, line.Reason)));
        var sources = await _services.GetRequiredService<ISourceStore>().ListAsync(0, 10, Cancellation);
        Assert.Equal(["https://known.example/: own", "https://new.example/: one two"], sources.Select(listing => $"{listing.Source.Url}: {string.Join(' ', listing.Categories.Select(category => category.Slug))}"));
    }

    [Fact]
    public async Task A_title_is_one_line_however_it_came()
    {
        var report = await ImportAsync("list.opml", $"""
            <opml><body><outline text="Two&#10;lines">
              <outline text="a&#9;b&#133;c" xmlUrl="https://a.example/"/><outline text="&#10;" xmlUrl="https://b.example/"/><outline text="{new string('t', 199)}😀" xmlUrl="https://c.example/"/>
            </outline></body></opml>
            """);
        Assert.Equal(3, report.Problems.Count());
        Assert.All(report.Problems, problem => Assert.Contains("was too long or not one line, and was mended", problem, StringComparison.Ordinal));
        Assert.Equal("Two lines", Assert.Single(await _services.GetRequiredService<ICategoryStore>().ListAsync(Cancellation)).Title);
        var sources = await _services.GetRequiredService<ISourceStore>().ListAsync(0, 10, Cancellation);
        Assert.Equal(["a b c", null, new string('t', 199)], sources.Select(listing => listing.Source.Title));
    }

    [Fact]
    public async Task An_import_is_on_record_once_at_its_end_whole_or_cut_off()
    {
        var audits = _services.GetRequiredService<IAuditStore>();
        var import = _services.GetRequiredService<SubscriptionImport>();
        var list = Encoding.UTF8.GetBytes($"<opml><body><outline text='Many'>{string.Concat(Enumerable.Range(0, 1_100).Select(number => $"<outline text='s' xmlUrl='https://s{number}.example/'/>"))}</outline></body></opml>");
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => import.ImportAsync(list, null, new Steps(step => { if (step.Done == 500) cut.Cancel(); }), cut.Token, new ImportedBy("anna", "import:1", "many.opml")));
        var record = Assert.Single(await audits.ListAsync("import:1", null, 10, Cancellation)).Change;
        Assert.Equal(("anna", "opml.import", null), (record.Actor, record.Action, record.Before));
        Assert.Equal("""{"name":"many.opml","added":500,"known":0,"refused":0,"newCategories":["many"],"isCutOff":true}""", record.After);

        await import.ImportAsync(list, null, null, Cancellation, new ImportedBy("anna", "import:2", "many.opml"));
        record = Assert.Single(await audits.ListAsync("import:2", null, 10, Cancellation)).Change;
        Assert.Equal("""{"name":"many.opml","added":600,"known":500,"refused":0}""", record.After);

        // What changed nothing is no change.
        await import.ImportAsync(list, null, null, Cancellation, new ImportedBy("anna", "import:3", "many.opml"));
        Assert.Empty(await audits.ListAsync("import:3", null, 10, Cancellation));
    }

    [Theory]
    [InlineData("file:///etc/passwd"), InlineData("/etc/passwd"), InlineData("ftp://a.example/"), InlineData("javascript:alert(1)"), InlineData("news.xml"), InlineData("feed:file:///etc/passwd"), InlineData("http://")]
    public async Task Takes_only_http_addresses_from_a_list_of_somebody_else(string url)
    {
        var report = await ImportAsync("list.opml", $"<opml><body><outline text='x' xmlUrl='{url}'/><outline text='ok' xmlUrl='https://a.example/f'/></body></opml>");
        Assert.Equal((1, 1), (report.Added, report.Problems.Count()));
        Assert.Contains(url, report.Problems.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_an_address_that_is_too_long_once_it_is_encoded_and_goes_on()
    {
        var url = "https://a.example/?q=" + new string('长', 300);
        var report = await ImportAsync("list.opml", $"<opml><body><outline text='x' xmlUrl='{url}'/><outline text='ok' xmlUrl='https://a.example/f'/></body></opml>");
        Assert.Equal((1, 1), (report.Added, report.Problems.Count()));
    }

    [Theory]
    [InlineData("news.xml", true)]
    [InlineData("./news.xml", true)]
    [InlineData("../secret.xml", false)]
    [InlineData("/etc/passwd", false)]
    public async Task Lets_the_catalogue_name_its_own_documents_and_no_others(string path, bool taken)
    {
        var report = await ImportAsync("feeds/samples.opml", $"<opml><body><outline text='x' xmlUrl='{path}'/></body></opml>");
        Assert.Equal(taken ? (1, 0) : (0, 1), (report.Added, report.Problems.Count()));
    }

    [Fact]
    public async Task Exports_what_it_imports_again_without_a_difference()
    {
        await ImportAsync("feeds/list.opml", """
            <opml version="2.0" xmlns:agg="urn:aggregator:opml"><body>
              <outline text="国内 &amp; more" agg:slug="domestic" agg:language="zh" agg:description="要闻" agg:position="1">
                <outline type="rss" text="甲" xmlUrl="https://user:pass@a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example/" agg:zone="Asia/Shanghai"/>
                <outline type="rss" text="bundled" xmlUrl="news.xml"/>
              </outline>
              <outline text="C" xmlUrl="https://c.example/feed" language="en"/>
            </body></opml>
            """);
        var export = _services.GetRequiredService<SubscriptionExport>();
        var written = (await export.CreateAsync(new ExportRequest(WithSecrets: true), Cancellation))!.Document;
        var again = _folder.File("feeds/again.opml");
        await File.WriteAllBytesAsync(again, written, Cancellation);
        var report = await _services.GetRequiredService<SubscriptionImport>().ImportFileAsync(again, Cancellation);
        Assert.Equal((0, 3, 1), (report.Added, report.Known, report.Categories));
        Assert.Equal(written, (await export.CreateAsync(new ExportRequest(WithSecrets: true), Cancellation))!.Document);
        Assert.Null(await export.CreateAsync(new ExportRequest("nowhere"), Cancellation));
        Assert.DoesNotContain("c.example", Encoding.UTF8.GetString((await export.CreateAsync(new ExportRequest("domestic"), Cancellation))!.Document), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_why_a_file_is_no_list()
    {
        Assert.Single((await ImportAsync("list.opml", "no list at all")).Problems);
        Assert.Single((await _services.GetRequiredService<SubscriptionImport>().ImportFileAsync(_folder.File("missing.opml"), Cancellation)).Problems);
    }

    private sealed class Steps(Action<ImportProgress> step) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => step(value);
    }

    private async Task<ImportReport> ImportAsync(string name, string text)
    {
        await File.WriteAllTextAsync(_folder.File(name), text, Cancellation);
        return await _services.GetRequiredService<SubscriptionImport>().ImportFileAsync(_folder.File(name), Cancellation);
    }
}
