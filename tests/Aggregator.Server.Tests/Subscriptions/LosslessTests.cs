using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;
using Aggregator.Server.Subscriptions;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Subscriptions;

/// <summary>Export, wipe, import: the same settings, field by field. The fields are found by reflection, so that a new one cannot be forgotten.</summary>
public sealed class LosslessTests
{
    // What we learn by ourselves. Every other property of a source is a setting and has to survive.
    private static readonly HashSet<string> Learnt =
    [
        nameof(Source.Id), nameof(Source.Feed), nameof(Source.Validators), nameof(Source.IdentityRule), nameof(Source.NextFetchAt), nameof(Source.ScheduleReason),
        nameof(Source.Rhythm), nameof(Source.Hints), nameof(Source.LeaseOwner), nameof(Source.LeaseUntil), nameof(Source.LastFetchAt), nameof(Source.LastSuccessAt),
        nameof(Source.LastChangeAt), nameof(Source.LastDocumentAt), nameof(Source.FailureCount), nameof(Source.LastFailure), nameof(Source.HealthNote),
        nameof(Source.FetchState), nameof(Source.HubUrl), nameof(Source.HubTopic), nameof(Source.HubLeaseUntil), nameof(Source.Churn), nameof(Source.CreatedAt),
        nameof(Source.DisplayTitle), nameof(Source.IsCatalogueDocument), nameof(Source.LastFetchDuration), nameof(Source.DeletedAt),
        // Settings of its categories, and what follows from all of them.
        nameof(Source.CategoryRepublish), nameof(Source.Level),
    ];

    private const string SourceOf = "(select url from source where source.id = source_id)";

    private const string CategoryOf = "(select slug from category where category.id = category_id)";

    /// <summary>Of each table that holds settings: what names a row, which columns are settings, and which are not.</summary>
    private static readonly (string Table, string Key, string Settings, string Learnt)[] Tables =
    [
        ("source", "url", "url title state default_zone default_language min_interval max_interval capture fetch_settings rules republish publisher_agrees",
            "id feed_title feed_description feed_site_url feed_id feed_language feed_rights feed_format feed_updated_at feed_license feed_wishes feed_min_interval skip_hours skip_days "
            + "etag last_modified body_hash validators_at parser_version identity_rule next_fetch_at schedule_reason lease_owner lease_until last_fetch_at last_success_at last_change_at "
            + "last_document_at last_fetch_ms fetch_count failure_count failure_kind failure_message failure_at failure_status health_note created_at rhythm hub_lease_until hub_url hub_topic "
            + "churn host fetch_state deleted_at deleted_state category_republish"),
        ("category", "slug", "slug title description language show_attribution position rules republish", "id"),
        ("category_source", $"{SourceOf} || ' ' || {CategoryOf}", "", "source_id category_id"),
        ("category_slug", $"category_slug.slug || ' ' || {CategoryOf}", "", "slug category_id replaced_at"),
        ("retention", $"coalesce({SourceOf}, {CategoryOf})", "entry_days entry_count version_days version_count", "source_id category_id"),
    ];

    private static readonly HashSet<string> Secrets =
        [nameof(FetchSettings.Headers), nameof(FetchSettings.Cookies), nameof(FetchSettings.UserName), nameof(FetchSettings.Password)];

    private static readonly NewSource Full = new()
    {
        Url = "https://user:p%40ss@full.example/feed?a=1&b=%22",
        Title = "全部 <b>\"&  设置</b>",
        State = SourceState.Paused,
        DefaultZone = "Asia/Shanghai",
        DefaultLanguage = "zh-Hans",
        MinInterval = TimeSpan.FromMinutes(7),
        MaxInterval = TimeSpan.FromHours(30.5),
        Republish = RepublishLevel.Title,
        PublisherAgrees = true,
        Rules = "title contains \"广告\" then drop\ntag equals \"AI\" then category \"tech\"",
        Capture = new CapturePolicy { Mode = CaptureMode.WhenShort, ShortBelow = 120, Keep = ["article .body", "main"], Remove = [".ad > p"] },
        FetchSettings = new FetchSettings
        {
            Headers = [new RequestHeader("X-Key", "a \"quoted\" <值>"), new RequestHeader("X-Other", "")],
            Cookies = "a=b; c=\"d\"",
            UserName = "名",
            Password = "p<&>\"'ss",
            UserAgent = "Mozilla/5.0 (compatible)",
            Proxy = "http://who:secret@proxy.example:3128",
            PinnedCertificate = new string('a', 64),
            Charset = "gb18030",
        },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_wipe_import_gives_every_setting_back()
    {
        await using var one = await Store.OpenAsync();
        await FillAsync(one);
        var list = (await one.Export.CreateAsync(new ExportRequest(WithSecrets: true), Cancellation))!;
        Assert.Equal((4, 0), (list.Sources, list.WithoutSecrets));

        await using var two = await Store.OpenAsync();
        var report = await two.Import.ImportAsync(list.Document, null, null, Cancellation);
        Assert.Empty(report.Problems);
        Assert.Equal((4, 1, 3), (report.Added, report.Known, report.Categories));

        var (before, after) = (await one.SourcesAsync(), await two.SourcesAsync());
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        foreach (var (url, source) in before)
        {
            AssertSame(source.Source, after[url].Source, Learnt);
            Assert.Equal(source.Categories.Select(category => category.Slug), after[url].Categories.Select(category => category.Slug));
        }

        var (folders, again) = (await one.Categories.ListAsync(Cancellation), await two.Categories.ListAsync(Cancellation));
        Assert.Equal(folders.Count, again.Count);
        foreach (var (category, other) in folders.Zip(again)) AssertSame(category, other, [nameof(Category.Id)]);
        Assert.Equal("tech", (await two.Categories.FindByOldSlugAsync("old-tech", Cancellation))!.Slug);
        var kept = await one.RetentionsAsync();
        Assert.Equal(["category:news", "category:tech", "source:" + Full.Url], kept.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(kept, await two.RetentionsAsync());
        Assert.Equal(Encoding.UTF8.GetString(list.Document), Encoding.UTF8.GetString((await two.Export.CreateAsync(new ExportRequest(WithSecrets: true), Cancellation))!.Document));
    }

    [Fact]
    public async Task The_samples_set_every_setting_that_there_is()
    {
        await using var store = await Store.OpenAsync();
        await FillAsync(store);
        var source = (await store.SourcesAsync()).Values.Single(listing => listing.Source.FetchSettings is not null).Source;
        var plain = new Source { Id = 0, Url = "", State = SourceState.Active, NextFetchAt = default, CreatedAt = default };
        AssertSet(source, plain, Learnt);
        AssertSet(source.FetchSettings!, new FetchSettings(), []);
        var tech = (await store.Categories.FindAsync("tech", Cancellation))!;
        AssertSet(tech, new Category { Id = 0, Slug = "", Title = "", Language = "" }, [nameof(Category.Id)]);
        var retention = (await store.RetentionsAsync())["source:" + Full.Url];
        AssertSet(retention, new RetentionSettings(), [nameof(RetentionSettings.IsEmpty)]);
        AssertSet(retention.Entries!, new RetentionRule(), [nameof(RetentionRule.IsForEver)]);
        AssertSet(retention.Versions!, new RetentionRule(), [nameof(RetentionRule.IsForEver)]);
    }

    /// <summary>The same by the columns of the tables: one that a later version adds is a setting, and has to survive, or is named here as learnt.</summary>
    [Fact]
    public async Task Every_column_that_is_a_setting_survives()
    {
        await using var one = await Store.OpenAsync();
        await FillAsync(one);
        await using var two = await Store.OpenAsync();
        await two.Import.ImportAsync((await one.Export.CreateAsync(new ExportRequest(WithSecrets: true), Cancellation))!.Document, null, null, Cancellation);

        foreach (var (table, key, columnsOfSettings, learnt) in Tables)
        {
            var settings = columnsOfSettings.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var columns = (await one.RowsAsync($"select name from pragma_table_info('{table}')")).Select(row => row[0]).ToList();
            Assert.Equal(columns.Order(StringComparer.Ordinal), settings.Concat(learnt.Split(' ')).Order(StringComparer.Ordinal));
            var read = $"select {string.Join(", ", settings.Prepend(key))} from {table} order by 1";
            var (before, after) = (await one.RowsAsync(read), await two.RowsAsync(read));
            Assert.NotEmpty(before);
            Assert.Equal(before.Select(row => string.Join('|', row)), after.Select(row => string.Join('|', row)));
            // Each is set somewhere to what it is not elsewhere: a column that nobody writes would always come back as it was.
            foreach (var (name, place) in settings.Select((name, place) => (name, place + 1)))
                Assert.True(before.Select(row => row[place]).Distinct().Count() > 1, $"{table}.{name} is a setting, and no sample sets it.");
        }
    }

    [Fact]
    public async Task Secrets_are_left_out_unless_they_are_asked_for()
    {
        await using var one = await Store.OpenAsync();
        await FillAsync(one);
        var list = (await one.Export.CreateAsync(new ExportRequest(), Cancellation))!;
        var text = Encoding.UTF8.GetString(list.Document);
        Assert.Equal(1, list.WithoutSecrets);
        foreach (var secret in (string[])["p%40ss", "quoted", "a=b", "名", "p&lt;", "who", "secret"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);

        await using var two = await Store.OpenAsync();
        Assert.Empty((await two.Import.ImportAsync(list.Document, null, null, Cancellation)).Problems);
        var source = (await two.SourcesAsync())["https://full.example/feed?a=1&b=%22"].Source;
        AssertSame(Full.FetchSettings! with { Proxy = "http://proxy.example:3128/" }, source.FetchSettings!, Secrets);
        foreach (var property in Properties(typeof(FetchSettings), []).Where(property => Secrets.Contains(property.Name)))
            Assert.Equal(Written(property.GetValue(new FetchSettings())), Written(property.GetValue(source.FetchSettings)));
    }

    [Fact]
    public async Task Only_failing_sources_are_exported_when_that_is_asked_for()
    {
        await using var store = await Store.OpenAsync();
        await FillAsync(store);
        var gone = (await store.SourcesAsync())["https://gone.example/feed"].Source.Id;
        Assert.True(await store.Sources.SetStateAsync(gone, SourceState.Gone, DateTimeOffset.UtcNow, Cancellation));
        var list = (await store.Export.CreateAsync(new ExportRequest(FailingOnly: true), Cancellation))!;
        Assert.Equal(1, list.Sources);
        Assert.Contains("gone.example", Encoding.UTF8.GetString(list.Document), StringComparison.Ordinal);
        Assert.Equal(0, (await store.Export.CreateAsync(new ExportRequest("tech", FailingOnly: true), Cancellation))!.Sources);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_left_out_and_named()
    {
        await using var store = await Store.OpenAsync();
        var report = await store.Import.ImportAsync(Encoding.UTF8.GetBytes("""
            <opml xmlns:agg="urn:aggregator:opml"><body>
              <outline text="x" xmlUrl="https://a.example/" agg:proxy="ftp://p" agg:minInterval="soon" agg:rules="title is x"/>
              <outline text="y" xmlUrl="https://b.example/" agg:headers="{"/>
              <outline text="Bad" agg:rules="drop everything"><outline text="z" xmlUrl="https://c.example/"/></outline>
              <outline text="w" xmlUrl="https://d.example/" agg:republish="everything"/>
            </body></opml>
            """), null, null, Cancellation);
        Assert.Equal((4, 0), (report.Added, report.Refused));
        Assert.Equal(
            [ImportReason.FetchSettings, ImportReason.Intervals, ImportReason.Rules, ImportReason.FetchSettings, ImportReason.Republish, ImportReason.Rules],
            report.Lines.Where(line => line.Outcome == ImportOutcome.Partly).OrderBy(line => line.Number == 0 ? 9 : line.Number).Select(line => line.Reason));
        Assert.All((await store.SourcesAsync()).Values, listing => Assert.Null(listing.Source.FetchSettings ?? (object?)listing.Source.Rules));
        // Of what may be shown the cautious thing is taken: a slip of the pen must not publish a text.
        Assert.Equal(RepublishLevel.Nothing, (await store.SourcesAsync())["https://d.example/"].Source.Republish);
    }

    private static async Task FillAsync(Store store)
    {
        var now = DateTimeOffset.UtcNow;
        var tech = await store.Categories.AddAsync(
            new Category { Id = 0, Slug = "old-tech", Title = "科技 & \"AI\"", Description = "一句话\n两行", Language = "zh-Hans", ShowAttribution = false, Position = -4, Republish = RepublishLevel.Summary, Rules = "language equals \"en\" then tag \"english\"" },
            Cancellation);
        Assert.Equal(CategoryUpdate.Done, await store.Categories.UpdateAsync(tech with { Slug = "tech" }, now, Cancellation));
        var empty = await store.Categories.AddAsync(new Category { Id = 0, Slug = "empty", Title = "Empty", Language = "en" }, Cancellation);
        Assert.NotEqual(tech.Id, empty.Id);
        var news = await store.Categories.AddAsync(new Category { Id = 0, Slug = "news", Title = "News", Language = "en", Position = 2 }, Cancellation);
        var added = await store.Sources.AddManyAsync(
            [
                Full with { CategoryIds = [tech.Id, news.Id] },
                new NewSource { Url = "https://plain.example/feed", CategoryIds = [news.Id] },
                new NewSource { Url = "https://alone.example/feed", Title = "Alone" },
                new NewSource { Url = "https://gone.example/feed", State = SourceState.Gone },
            ],
            now, Cancellation);
        foreach (var (topic, settings) in new[]
        {
            (Topic.Source(added[0].Id), new RetentionSettings(new RetentionRule(30, 100), new RetentionRule(7, 3))),
            (Topic.Category(tech.Id), new RetentionSettings(Versions: new RetentionRule(0, 5))), (Topic.Category(news.Id), new RetentionSettings(RetentionRule.ForEver)),
        })
            Assert.True(await store.Retentions.SetRetentionAsync(topic, settings, Cancellation));
    }

    private static void AssertSame(object expected, object actual, HashSet<string> without)
    {
        foreach (var property in Properties(expected.GetType(), without))
        {
            if (property.GetValue(expected) is FetchSettings settings && property.GetValue(actual) is FetchSettings others) AssertSame(settings, others, []);
            else Assert.Equal((property.Name, Written(property.GetValue(expected))), (property.Name, Written(property.GetValue(actual))));
        }
    }

    private static void AssertSet(object sample, object plain, HashSet<string> without)
    {
        foreach (var property in Properties(sample.GetType(), without))
            Assert.False(
                Written(property.GetValue(sample)) == Written(property.GetValue(plain)),
                $"{sample.GetType().Name}.{property.Name} is a setting, and no sample sets it: give it a value in this test and a place in OPML, or say that it is learnt.");
    }

    private static IEnumerable<PropertyInfo> Properties(Type type, HashSet<string> without) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !without.Contains(property.Name));

    private static string Written(object? value) => value switch
    {
        null => "null",
        string text => "'" + text + "'",
        RequestHeader header => header.Name + ": " + header.Value,
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Written)),
        _ => value.ToString()!,
    };

    private sealed class Store(ServiceProvider services, TemporaryFolder folder) : IAsyncDisposable
    {
        /// <summary>Rows as texts, straight from the file.</summary>
        public async Task<IReadOnlyList<string[]>> RowsAsync(string statement)
        {
            await using var connection = new SqliteConnection($"Data Source={folder.File("data/store.db")};Mode=ReadOnly;Pooling=False");
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in this test.
            command.CommandText = statement;
#pragma warning restore CA2100
            var rows = new List<string[]>();
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation)) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(field => Convert.ToString(reader.GetValue(field), CultureInfo.InvariantCulture)!)]);
            return rows;
        }

        public SubscriptionImport Import => services.GetRequiredService<SubscriptionImport>();

        public SubscriptionExport Export => services.GetRequiredService<SubscriptionExport>();

        public ICategoryStore Categories => services.GetRequiredService<ICategoryStore>();

        public IRetentionStore Retentions => services.GetRequiredService<IRetentionStore>();

        public ISourceStore Sources => services.GetRequiredService<ISourceStore>();

        public static async Task<Store> OpenAsync()
        {
            var folder = new TemporaryFolder();
            var settings = ServerSettings.Read([$"--Aggregator:DataFolder={folder.File("data")}", "--Aggregator:Catalogue="]);
            var services = new ServiceCollection().AddAggregatorCore(settings).BuildServiceProvider();
            Directory.CreateDirectory(settings.DataFolder);
            await services.GetRequiredService<IStoreMigrator>().MigrateAsync(Cancellation);
            return new Store(services, folder);
        }

        public async Task<Dictionary<string, SourceListing>> SourcesAsync() =>
            (await Sources.ListAsync(0, 100, Cancellation)).ToDictionary(listing => listing.Source.Url);

        /// <summary>What is set of how long things are kept, by what it is set for.</summary>
        public async Task<Dictionary<string, RetentionSettings>> RetentionsAsync()
        {
            var plan = await Retentions.ReadPlanAsync(RetentionRule.ForEver, RetentionRule.ForEver, Cancellation);
            var categories = (await Categories.ListAsync(Cancellation)).ToDictionary(category => category.Id, category => "category:" + category.Slug);
            var sources = (await SourcesAsync()).Values.ToDictionary(listing => listing.Source.Id, listing => "source:" + listing.Source.Url);
            return plan.OfCategories.Select(one => KeyValuePair.Create(categories[one.Key], one.Value))
                .Concat(plan.OfSources.Select(one => KeyValuePair.Create(sources[one.Key], one.Value))).ToDictionary();
        }

        public async ValueTask DisposeAsync()
        {
            await services.DisposeAsync();
            folder.Dispose();
        }
    }
}
