using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Categories;

/// <summary>Changing and deleting categories, and the slugs that they once had.</summary>
public abstract class CategoryAdminStoreTests(StoreProvider provider) : StoreTests(provider)
{
    [Fact]
    public async Task Writes_every_field_and_raises_the_version()
    {
        var id = await AddCategoryAsync("news");
        var wanted = new Category
        {
            Id = id,
            Slug = "xin-wen",
            Title = "新闻",
            Description = "每日",
            Language = "zh-Hans",
            ShowAttribution = false,
            Position = 5,
            Rules = "title contains \"x\" then drop",
        };
        Assert.Equal(CategoryUpdate.Done, await Categories.UpdateAsync(wanted, Now, Ct));
        Assert.Equal(wanted, await Categories.FindAsync(id, Ct));
        Assert.Equal(wanted, await Categories.FindAsync("xin-wen", Ct));
        Assert.Equal(wanted, Assert.Single(await Categories.ListAsync(Ct)));
        Assert.Equal(new TopicVersion(1, Now), await Entries.VersionAsync(Topic.Category(id), Ct));
        Assert.Equal(CategoryUpdate.Unknown, await Categories.UpdateAsync(wanted with { Id = id + 1 }, Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Categories.UpdateAsync(wanted with { Slug = "No" }, Now, Ct));
    }

    [Fact]
    public async Task Old_slugs_lead_to_their_category_for_ever_and_nobody_else_takes_them()
    {
        var id = await AddCategoryAsync("one");
        var other = await AddCategoryAsync("other");
        var category = (await Categories.FindAsync(id, Ct))!;
        Assert.Equal(CategoryUpdate.Done, await Categories.UpdateAsync(category with { Slug = "two" }, Now, Ct));
        Assert.Equal(CategoryUpdate.Done, await Categories.UpdateAsync(category with { Slug = "three" }, Now.AddDays(1), Ct));
        Assert.Equal(["one", "two"], (await Categories.OldSlugsAsync(Ct))[id]);
        Assert.Equal("three", (await Categories.FindByOldSlugAsync("one", Ct))!.Slug);
        Assert.Equal("three", (await Categories.FindByOldSlugAsync("two", Ct))!.Slug);
        Assert.Null(await Categories.FindByOldSlugAsync("three", Ct));
        Assert.Null(await Categories.FindAsync("one", Ct));

        var neighbour = (await Categories.FindAsync(other, Ct))!;
        Assert.Equal(CategoryUpdate.SlugTaken, await Categories.UpdateAsync(neighbour with { Slug = "one" }, Now, Ct));
        Assert.Equal(CategoryUpdate.SlugTaken, await Categories.UpdateAsync(neighbour with { Slug = "three" }, Now, Ct));
        Assert.False(await Categories.AddOldSlugAsync(other, "one", Now, Ct));
        Assert.False(await Categories.AddOldSlugAsync(other, "three", Now, Ct));
        Assert.False(await Categories.AddOldSlugAsync(other, "No Slug", Now, Ct));
        Assert.True(await Categories.AddOldSlugAsync(other, "older", Now, Ct));
        Assert.Equal(other, (await Categories.FindByOldSlugAsync("older", Ct))!.Id);

        // Asking for it by an old slug finds it, and adds nothing.
        Assert.Equal(id, (await Categories.AddAsync(neighbour with { Slug = "two" }, Ct)).Id);
        Assert.Equal(2, (await Categories.ListAsync(Ct)).Count);

        // It may have its own one back.
        Assert.Equal(CategoryUpdate.Done, await Categories.UpdateAsync(category with { Slug = "one" }, Now.AddDays(2), Ct));
        Assert.Equal(["two", "three"], (await Categories.OldSlugsAsync(Ct))[id]);
        Assert.Equal(id, (await Categories.FindAsync("one", Ct))!.Id);
    }

    [Fact]
    public async Task Deleting_leaves_sources_and_entries_where_they_are()
    {
        var (gone, stays) = (await AddCategoryAsync("gone"), await AddCategoryAsync("stays"));
        Assert.Equal(CategoryUpdate.Done, await Categories.UpdateAsync((await Categories.FindAsync(gone, Ct))! with { Slug = "gone-2" }, Now, Ct));
        var source = await AddSourceAsync("https://example.org/feed", gone, stays);
        await RefreshAsync(source, Now, AnEntry("a"), AnEntry("b"));
        Assert.Equal(new Dictionary<long, int> { [gone] = 1, [stays] = 1 }, await Categories.CountSourcesAsync(Ct));

        Assert.True(await Categories.DeleteAsync(gone, Now, Ct));
        Assert.False(await Categories.DeleteAsync(gone, Now, Ct));
        Assert.Equal(2, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(stays) }, Ct)).Count);
        Assert.Equal(2, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct)).Count);
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(gone) }, Ct));
        Assert.Equal("stays", Assert.Single(Assert.Single(await Sources.ListAsync(0, 10, Ct)).Categories).Slug);
        Assert.Null(await Categories.FindByOldSlugAsync("gone", Ct));
        await AddCategoryAsync("gone");
        Assert.NotNull(await Categories.FindAsync("gone", Ct));
    }
}

public sealed class SqliteCategoryAdminStoreTests() : CategoryAdminStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlCategoryAdminStoreTests() : CategoryAdminStoreTests(StoreProvider.PostgreSql);
