using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Storage.Tests.Admins;

public abstract class AdminStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private IAdminStore Admins => Get<IAdminStore>();

    [Fact]
    public async Task Finds_an_account_without_regard_to_case()
    {
        Assert.False(await Admins.AnyAsync(Ct));
        Assert.True(await Admins.SaveAsync("Änne 管理员", "hash", Now, Ct));

        Assert.True(await Admins.AnyAsync(Ct));
        var admin = await Admins.FindAsync("äNNE 管理员", Ct);
        Assert.Equal(("Änne 管理员", "hash", Now), (admin!.Name, admin.PasswordHash, admin.CreatedAt));
        Assert.Null(await Admins.FindAsync("anne", Ct));
    }

    [Fact]
    public async Task Gives_an_account_of_that_name_a_new_password()
    {
        await Admins.SaveAsync("Ann", "first", Now, Ct);
        var id = (await Admins.FindAsync("Ann", Ct))!.Id;

        Assert.False(await Admins.SaveAsync("ANN", "second", Now.AddDays(1), Ct));
        Assert.Equal(new Admin(id, "Ann", "second", Now), await Admins.FindAsync("ann", Ct));
    }

    [Fact]
    public async Task Makes_the_first_account_only_when_there_is_none()
    {
        Assert.True(await Admins.AddFirstAsync("first", "hash", Now, Ct));
        Assert.False(await Admins.AddFirstAsync("first", "other", Now, Ct));
        Assert.False(await Admins.AddFirstAsync("second", "hash", Now, Ct));

        Assert.Equal("hash", (await Admins.FindAsync("first", Ct))!.PasswordHash);
        Assert.Null(await Admins.FindAsync("second", Ct));
    }

    [Fact]
    public async Task Makes_one_first_account_of_many_that_are_asked_for_at_once()
    {
        await using var other = Compose();
        IAdminStore[] stores = [Admins, other.GetRequiredService<IAdminStore>()];

        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => stores[i % 2].AddFirstAsync($"admin {i}", "hash", Now, Ct), Ct)));

        Assert.Single(made, true);
        Assert.Equal(1, await Database.ReadAsync(session => session.FindAsync<int>("select count(*) from admin"), Ct));
    }

    [Fact]
    public async Task Refuses_a_name_that_is_none()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Admins.SaveAsync(" ", "hash", Now, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Admins.AddFirstAsync(new string('a', 201), "hash", Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Admins.SaveAsync("ann", "", Now, Ct));
        Assert.False(await Admins.AnyAsync(Ct));
    }
}

public sealed class SqliteAdminStoreTests() : AdminStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlAdminStoreTests() : AdminStoreTests(StoreProvider.PostgreSql);
