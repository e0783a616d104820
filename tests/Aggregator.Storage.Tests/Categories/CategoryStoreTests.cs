using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Categories;

public abstract class CategoryStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly Category News = new()
    {
        Id = 4711,
        Slug = "guo-nei",
        Title = "国内 😀\0",
        Description = "每日新闻",
        Language = "zh-Hans",
        ShowAttribution = false,
        Position = -3,
    };

    [Fact]
    public async Task Keeps_every_field_but_numbers_it_itself()
    {
        var added = await Categories.AddAsync(News, Ct);

        Assert.NotEqual(4711, added.Id);
        Assert.Equal(News with { Id = added.Id, Title = "国内 😀" }, added);
        Assert.Equal(added, await Categories.FindAsync("guo-nei", Ct));
        Assert.Null(await Categories.FindAsync("GUO-NEI", Ct));
        Assert.Null(await Categories.FindAsync("absent\0", Ct));
    }

    [Fact]
    public async Task Finds_the_category_that_has_the_slug_and_leaves_it_as_it_is()
    {
        var added = await Categories.AddAsync(News, Ct);

        Assert.Equal(added, await Categories.AddAsync(News with { Title = "other", ShowAttribution = true }, Ct));
        Assert.Single(await Categories.ListAsync(Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("国内")]
    [InlineData("-news")]
    [InlineData("News")]
    public async Task Refuses_a_slug_that_is_not_valid(string slug)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Categories.AddAsync(News with { Slug = slug }, Ct));
        Assert.Empty(await Categories.ListAsync(Ct));
    }

    [Fact]
    public async Task Lists_by_position_then_title()
    {
        await Categories.AddAsync(News with { Slug = "c", Title = "科技", Position = 1 }, Ct);
        await Categories.AddAsync(News with { Slug = "b", Title = "b", Position = 1 }, Ct);
        await Categories.AddAsync(News with { Slug = "a", Title = "Z", Position = 1 }, Ct);
        await Categories.AddAsync(News with { Slug = "z", Title = "z", Position = 0 }, Ct);

        Assert.Equal(["z", "a", "b", "c"], (await Categories.ListAsync(Ct)).Select(category => category.Slug));
    }

    [Fact]
    public async Task Switches_the_attribution_line_and_raises_the_version_when_that_is_a_change()
    {
        var category = await Categories.AddAsync(News, Ct);
        var neighbour = await AddCategoryAsync("neighbour");

        Assert.True(await Categories.SetShowAttributionAsync("guo-nei", true, Now, Ct));
        Assert.True((await Categories.FindAsync("guo-nei", Ct))!.ShowAttribution);
        Assert.Equal(new TopicVersion(1, Now), await Entries.VersionAsync(Topic.Category(category.Id), Ct));

        Assert.True(await Categories.SetShowAttributionAsync("guo-nei", true, Now.AddHours(1), Ct));
        Assert.Equal(new TopicVersion(1, Now), await Entries.VersionAsync(Topic.Category(category.Id), Ct));

        Assert.False(await Categories.SetShowAttributionAsync("absent", true, Now, Ct));
        Assert.Equal(0, (await Entries.VersionAsync(Topic.Category(neighbour), Ct)).Number);
        Assert.Equal(0, (await Entries.VersionAsync(Topic.Everything, Ct)).Number);
    }
}

public sealed class SqliteCategoryStoreTests() : CategoryStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlCategoryStoreTests() : CategoryStoreTests(StoreProvider.PostgreSql);
