using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Keys;

public abstract class KeyStoreTests(StoreProvider provider) : StoreTests(provider)
{
    [Fact]
    public async Task Gives_every_process_the_keys_of_all_oldest_first()
    {
        Assert.Empty(await Get<IKeyStore>().ListAsync(Ct));

        await Get<IKeyStore>().AddAsync("key-1", "<key id=\"1\"><secret>甲</secret></key>", Now, Ct);
        await Get<IKeyStore>().AddAsync("key-2", "<key id=\"2\" />", Now.AddDays(90), Ct);

        Assert.Equal(["<key id=\"1\"><secret>甲</secret></key>", "<key id=\"2\" />"], await Get<IKeyStore>().ListAsync(Ct));
    }
}

public sealed class SqliteKeyStoreTests() : KeyStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlKeyStoreTests() : KeyStoreTests(StoreProvider.PostgreSql);
