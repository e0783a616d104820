using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Storage.Tests;

public sealed class StoreServiceCollectionExtensionsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Refuses_a_connection_string_of_neither_kind_before_anything_is_composed()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentException>(() => services.AddAggregatorStore("nonsense"));
        Assert.Empty(services);
    }

    [Fact]
    public void Opens_nothing_before_the_first_use()
    {
        using var folder = new TemporaryFolder();
        using (var services = new ServiceCollection().AddAggregatorStore("Data Source=" + folder.File("data/store.db")).BuildServiceProvider(validateScopes: true))
        {
            Assert.NotNull(services.GetRequiredService<ISourceStore>());
            Assert.Equal(StoreProvider.Sqlite, services.GetRequiredService<StoreConnectionString>().Provider);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaves_one_whole_sqlite_file_when_disposed(bool asynchronously)
    {
        using var folder = new TemporaryFolder();
        var connectionString = "Data Source=" + folder.File("store.db");
        var services = new ServiceCollection().AddAggregatorStore(connectionString).BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
        var categories = services.GetRequiredService<ICategoryStore>();
        await categories.AddAsync(new Category { Id = 0, Slug = "news", Title = "news", Language = "zh" }, Ct);
        await categories.ListAsync(Ct);
        Assert.True(File.Exists(folder.File("store.db-wal")));

        if (asynchronously) await services.DisposeAsync();
        else services.Dispose();

        Assert.Equal([folder.File("store.db")], Directory.GetFiles(folder.Path));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => categories.ListAsync(Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => categories.AddAsync(new Category { Id = 0, Slug = "tech", Title = "tech", Language = "zh" }, Ct));

        await using var again = new ServiceCollection().AddAggregatorStore(connectionString).BuildServiceProvider();
        Assert.Single(await again.GetRequiredService<ICategoryStore>().ListAsync(Ct));
    }
}
