using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Marks;

public abstract class MarkStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private IMarkStore Marks => Get<IMarkStore>();

    [Fact]
    public async Task Remembers_the_last_value_of_each_mark()
    {
        Assert.Null(await Marks.FindAsync("catalogue", Ct));

        await Marks.SetAsync("catalogue", "one", Ct);
        await Marks.SetAsync("other", "国内 😀\0", Ct);
        await Marks.SetAsync("catalogue", "", Ct);

        Assert.Equal("", await Marks.FindAsync("catalogue", Ct));
        Assert.Equal("国内 😀", await Marks.FindAsync("other", Ct));
        Assert.Null(await Marks.FindAsync("Catalogue", Ct));
    }
}

public sealed class SqliteMarkStoreTests() : MarkStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlMarkStoreTests() : MarkStoreTests(StoreProvider.PostgreSql);
