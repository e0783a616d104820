using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Subscriptions;

/// <summary>Imports on their way, and many sources at once.</summary>
public abstract class SubscriptionImportStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private ISubscriptionImportStore Imports => Get<ISubscriptionImportStore>();

    [Fact]
    public async Task Keeps_a_list_until_it_is_imported_and_the_report_after_that()
    {
        var document = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<outline text='来源'/>", 10_000)));
        var id = await Imports.AddAsync("list\0.opml", document, Now, Ct);
        Assert.Equal(document, await Imports.FindDocumentAsync(id, Ct));
        await Imports.ReportAsync(id, 5, 10, Ct);
        Assert.Equal(new ImportState { Id = id, Name = "list.opml", CreatedAt = Now, Done = 5, Total = 10 }, await Imports.FindAsync(id, Ct));

        await Imports.FinishAsync(id, "报告", Now.AddSeconds(3), Ct);
        Assert.Null(await Imports.FindDocumentAsync(id, Ct));
        var finished = await Imports.FindAsync(id, Ct);
        Assert.Equal(("报告", Now.AddSeconds(3)), (finished!.Report, finished.FinishedAt));
        Assert.Null(Assert.Single(await Imports.ListAsync(Ct)).Report);
        Assert.Null(await Imports.FindAsync(id + 1, Ct));
    }

    [Fact]
    public async Task Remembers_the_last_ones_and_never_forgets_one_that_waits()
    {
        var waiting = await Imports.AddAsync("waits", new byte[] { 1 }, Now, Ct);
        for (var i = 0; i < ISubscriptionImportStore.MaxKept + 5; i++)
            await Imports.FinishAsync(await Imports.AddAsync($"{i}", new byte[] { 1 }, Now, Ct), "{}", Now, Ct);
        await Imports.AddAsync("last", new byte[] { 1 }, Now, Ct);
        Assert.Equal(ISubscriptionImportStore.MaxKept, (await Imports.ListAsync(Ct)).Count);
        Assert.Equal("last", (await Imports.ListAsync(Ct))[0].Name);
        Assert.NotNull(await Imports.FindDocumentAsync(waiting, Ct));
        Assert.Null(await Imports.FindAsync(waiting + 1, Ct));
    }

    [Fact]
    public async Task Adds_many_sources_with_all_their_settings_or_none_of_them()
    {
        var category = await AddCategoryAsync();
        var full = new NewSource
        {
            Url = "https://example.org/full",
            Title = "Full",
            State = SourceState.Paused,
            MinInterval = TimeSpan.FromMinutes(5),
            MaxInterval = TimeSpan.FromDays(1),
            Rules = "title contains \"x\" then drop",
            FetchSettings = new FetchSettings { UserAgent = "x", Headers = [new RequestHeader("X-A", "b")] },
            CategoryIds = [category, category],
            Retention = new RetentionSettings(new RetentionRule(30, 100), new RetentionRule(0, 5)),
        };
        var added = await Sources.AddManyAsync([full, new NewSource { Url = "https://example.org/plain" }, full], Now, Ct);
        Assert.Equal([true, true, false], added.Select(source => source.IsNew));
        Assert.Equal(added[0].Id, added[2].Id);
        Assert.Equal(1, (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);

        var retentions = Get<IRetentionStore>();
        Assert.Equal(full.Retention, await retentions.FindRetentionAsync(Topic.Source(added[0].Id), Ct));
        Assert.Equal(RetentionSettings.None, await retentions.FindRetentionAsync(Topic.Source(added[1].Id), Ct));
        var source = (await Sources.FindAsync(added[0].Id, Ct))!;
        Assert.Equal((SourceState.Paused, full.MinInterval, full.MaxInterval, full.Rules), (source.State, source.MinInterval, source.MaxInterval, source.Rules));
        Assert.Equal(("x", "X-A"), (source.FetchSettings!.UserAgent, source.FetchSettings.Headers[0].Name));
        Assert.True(await Sources.SetRulesAsync(source.Id, null, Ct));
        Assert.Null((await Sources.FindAsync(source.Id, Ct))!.Rules);
        Assert.False(await Sources.SetRulesAsync(source.Id + 10, null, Ct));

        await Assert.ThrowsAsync<ArgumentException>(() => Sources.AddManyAsync(
            [new NewSource { Url = "https://example.org/new" }, new NewSource { Url = "https://example.org/bad", CategoryIds = [4711] }], Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.AddManyAsync([new NewSource { Url = "https://example.org/new" }, new NewSource { Url = "" }], Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.AddManyAsync([new NewSource { Url = "https://example.org/new", Retention = new RetentionSettings(new RetentionRule(-1)) }], Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.AddManyAsync([.. Enumerable.Repeat(full, ISourceStore.MaxAdded + 1)], Now, Ct));
        Assert.Equal(2, (await Sources.ListAsync(0, 10, Ct)).Count);
    }
}

public sealed class SqliteSubscriptionImportStoreTests() : SubscriptionImportStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSubscriptionImportStoreTests() : SubscriptionImportStoreTests(StoreProvider.PostgreSql);
