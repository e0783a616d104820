using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Retention;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Retention;

public sealed class RetentionJobTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private ServiceProvider _services = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddAggregatorStore($"Data Source={_folder.File("store.db")}").BuildServiceProvider();
        await _services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Thins_the_versions_of_each_source_by_its_own_rule_its_categories_or_the_general_one()
    {
        var brief = await AddCategoryAsync("brief");
        var longer = await AddCategoryAsync("longer");
        var general = await AddVersionsAsync("https://example.org/general");
        var inBrief = await AddVersionsAsync("https://example.org/brief", brief);
        var inBoth = await AddVersionsAsync("https://example.org/both", brief, longer);
        var own = await AddVersionsAsync("https://example.org/own", brief);

        var options = Read(
            ("Retention:VersionDays", "5"), ("Retention:Categories:brief:VersionCount", "2"), ("Retention:Categories:longer:VersionCount", "4"),
            ("Retention:Categories:absent:VersionDays", "1"), ($"Retention:Sources:{own}:VersionDays", "0"));
        Assert.Null(options.Problem());
        await RunAsync(options);

        Assert.Equal("1 6 7 8 9 10", await KeptAsync(general));
        Assert.Equal("1 9 10", await KeptAsync(inBrief));
        Assert.Equal("1 7 8 9 10", await KeptAsync(inBoth));
        Assert.Equal("1 2 3 4 5 6 7 8 9 10", await KeptAsync(own));
    }

    [Fact]
    public async Task What_an_admin_set_goes_before_the_configuration_part_by_part()
    {
        var brief = await AddCategoryAsync("brief");
        var source = await AddVersionsAsync("https://example.org/a", brief);
        var other = await AddVersionsAsync("https://example.org/b", brief);
        await _services.GetRequiredService<IRetentionStore>().SetRetentionAsync(
            Topic.Category(brief), new RetentionSettings(Entries: new RetentionRule(Days: 400)), Ct);
        await _services.GetRequiredService<IRetentionStore>().SetRetentionAsync(
            Topic.Source(other), new RetentionSettings(Versions: new RetentionRule(Count: 5)), Ct);

        // The category's days of entries are the admin's, its count of versions the configuration's.
        var options = Read(("Retention:Categories:brief:Days", "1"), ("Retention:Categories:brief:VersionCount", "3"), ($"Retention:Sources:{other}:VersionCount", "2"));
        await LeaveAsync(source, other);
        await RunAsync(options);
        Assert.Equal(["1 8 9 10", "1 6 7 8 9 10"], [await KeptAsync(source), await KeptAsync(other)]);

        // By the configuration alone the entries would have gone.
        await _services.GetRequiredService<IRetentionStore>().SetRetentionAsync(Topic.Category(brief), RetentionSettings.None, Ct);
        await RunAsync(options);
        Assert.Empty(await _services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct));
    }

    [Fact]
    public async Task Forgets_entries_by_the_general_days_and_count()
    {
        var source = await AddVersionsAsync("https://example.org/a");
        await LeaveAsync(source);
        await RunAsync(Read(("Retention:Days", "400"), ("Retention:Count", "1")));
        Assert.Single(await _services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct));
        await RunAsync(Read(("Retention:Days", "20")));
        Assert.Empty(await _services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct));
    }

    [Fact]
    public async Task Lets_nothing_go_when_nothing_is_set()
    {
        var source = await AddVersionsAsync("https://example.org/a");
        await RunAsync(new RetentionOptions());
        Assert.Equal("1 2 3 4 5 6 7 8 9 10", await KeptAsync(source));
    }

    [Theory]
    [InlineData("Retention:Days", "-1", "Retention:Days must be")]
    [InlineData("Retention:Count", "1000001", "Retention:Count must be")]
    [InlineData("Retention:Categories:news:Count", "-1", "Retention:Categories:news:Count must be")]
    [InlineData("Retention:VersionDays", "-1", "Retention:VersionDays must be")]
    [InlineData("Retention:VersionCount", "1", "Retention:VersionCount must be")]
    [InlineData("Retention:Categories:news:VersionDays", "40000", "Retention:Categories:news:VersionDays must be")]
    [InlineData("Retention:Sources:12:VersionCount", "-2", "Retention:Sources:12:VersionCount must be")]
    [InlineData("Retention:Sources:news:VersionDays", "3", "Retention:Sources:news does not name a source")]
    public void Names_a_setting_that_cannot_be_used(string key, string value, string problem) =>
        Assert.StartsWith(problem, Read((key, value)).Problem(), StringComparison.Ordinal);

    private static RetentionOptions Read(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build().GetSection("Retention").Get<RetentionOptions>()!;

    private Task RunAsync(RetentionOptions options) => new RetentionJob(
        _services.GetRequiredService<IRetentionStore>(), _services.GetRequiredService<ICategoryStore>(), options, _clock, NullLogger<RetentionJob>.Instance).RunAsync(Ct);

    private async Task<long> AddCategoryAsync(string slug) =>
        (await _services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = slug, Title = slug, Language = "en" }, Ct)).Id;

    /// <summary>A source with one entry of ten versions, one a day; the clock is left an hour behind the last.</summary>
    private async Task<long> AddVersionsAsync(string url, params long[] categories)
    {
        var sources = _services.GetRequiredService<ISourceStore>();
        var refreshes = _services.GetRequiredService<IRefreshStore>();
        var id = (await sources.AddAsync(new NewSource { Url = url, CategoryIds = categories }, Start, Ct)).Id;
        for (var version = 1; version <= 10; version++)
        {
            var at = Start.AddDays(version - 1);
            var entry = new Entry { Key = "k", Title = version.ToString(CultureInfo.InvariantCulture), ContentHash = new[] { (byte)version } };
            var known = await refreshes.FindKnownAsync(id, ["k"], [], Ct);
            var source = (await sources.ClaimAsync(id, "tests", at, at.AddMinutes(5), Ct))!;
            Assert.True(await refreshes.SaveAsync(
                new RefreshWrite { Source = source, LeaseOwner = "tests", At = at, Added = known.Count == 0 ? [entry] : [], Changed = [.. known.Select(one => (one.Id, entry))] }, Ct));
        }

        _clock.SetUtcNow(Start.AddDays(9).AddHours(1));
        return id;
    }

    /// <summary>Lets what the sources' feeds hold leave them, thirty days later.</summary>
    private async Task LeaveAsync(params long[] ids)
    {
        _clock.SetUtcNow(Start.AddDays(40));
        var at = _clock.GetUtcNow();
        foreach (var id in ids)
        {
            var source = (await _services.GetRequiredService<ISourceStore>().ClaimAsync(id, "tests", at, at.AddMinutes(5), Ct))!;
            Assert.True(await _services.GetRequiredService<IRefreshStore>().SaveAsync(
                new RefreshWrite { Source = source with { LastDocumentAt = at }, LeaseOwner = "tests", At = at }, Ct));
        }
    }

    private async Task<string> KeptAsync(long source)
    {
        var entry = Assert.Single(await _services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct));
        var snapshots = await _services.GetRequiredService<ISnapshotStore>().ListAsync(entry.Id, 0, Ct);
        return string.Join(' ', snapshots.Where(snapshot => snapshot.IsKept).Select(snapshot => snapshot.Number));
    }
}
