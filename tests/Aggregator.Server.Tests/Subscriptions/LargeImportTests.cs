using System.Globalization;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;
using Aggregator.Server.Subscriptions;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Subscriptions;

/// <summary>Fifty thousand sources in one list, on the embedded default.</summary>
public sealed class LargeImportTests(ITestOutputHelper output)
{
    private const int Sources = 50_000;

    // The requirement, not an expectation: it takes a small part of this.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Fifty_thousand_sources_come_in_within_two_minutes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var settings = ServerSettings.Read([$"--Aggregator:DataFolder={folder.File("data")}", "--Aggregator:Catalogue="]);
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
