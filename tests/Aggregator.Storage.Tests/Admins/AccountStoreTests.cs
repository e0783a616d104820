using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Admins;

public abstract class AccountStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly DateTimeOffset LongAgo = Now.AddDays(-14);

    private IAdminStore Admins => Get<IAdminStore>();

    private ISessionStore Sessions => Get<ISessionStore>();

    private IApiKeyStore Keys => Get<IApiKeyStore>();

    [Fact]
    public async Task Keeps_one_admin_who_is_let_in()
    {
        await AddAsync("ann");
        await AddAsync("vic", AccountRole.Viewer);
        Assert.False(await Admins.AddAsync("ANN", "other", AccountRole.Viewer, Now, Ct));
        Assert.Equal(AccountChange.LastAdmin, await Admins.SetRoleAsync("Ann", AccountRole.Viewer, Ct));
        Assert.Equal(AccountChange.LastAdmin, await Admins.SetDisabledAsync("ann", Now, Ct));
        Assert.Equal(AccountChange.NotFound, await Admins.SetRoleAsync("bob", AccountRole.Admin, Ct));

        Assert.Equal(AccountChange.Done, await Admins.SetRoleAsync("vic", AccountRole.Admin, Ct));
        Assert.Equal(AccountChange.Done, await Admins.SetDisabledAsync("ann", Now, Ct));
        Assert.Equal(AccountChange.LastAdmin, await Admins.SetDisabledAsync("vic", Now, Ct));
        Assert.Equal([("ann", Now), ("vic", null)], (await Admins.ListAsync(Ct)).Select(admin => (admin.Name, admin.DisabledAt)));
    }

    [Fact]
    public async Task Of_two_admins_who_disable_each_other_at_once_one_stays()
    {
        await AddAsync("ann");
        await AddAsync("bob");
        var outcomes = await Task.WhenAll(
            Task.Run(() => Admins.SetDisabledAsync("ann", Now, Ct), Ct), Task.Run(() => Admins.SetDisabledAsync("bob", Now, Ct), Ct));
        Assert.Equal([AccountChange.Done, AccountChange.LastAdmin], outcomes.Order());
    }

    [Fact]
    public async Task Makes_knows_and_links_the_account_of_an_identity_and_sets_its_role()
    {
        var olga = new ExternalIdentity("https://id.example", "1", "Olga", AccountRole.Admin);
        var made = await Admins.SignInExternalAsync(olga, "hash", linkByName: false, Now, Ct);
        Assert.Equal((ExternalOutcome.Created, null), (made.Outcome, made.Before));
        Assert.Equal(("Olga", "hash", AccountRole.Admin, olga.Id), (made.Now!.Name, made.Now.PasswordHash, made.Now.Role, made.Now.ExternalId));

        var known = await Admins.SignInExternalAsync(olga with { Name = "other", Role = AccountRole.Viewer }, "hash", false, Now, Ct);
        Assert.Equal((ExternalOutcome.Known, made.Now, made.Now with { Role = AccountRole.Viewer }), (known.Outcome, known.Before, known.Now));
        Assert.Equal(known.Now, await Admins.FindExternalAsync(olga.Id, Ct));
        Assert.Null(await Admins.FindExternalAsync("https://id.example 2", Ct));

        var twin = olga with { Subject = "2" };
        Assert.Equal(ExternalOutcome.NameTaken, (await Admins.SignInExternalAsync(twin, "hash", linkByName: true, Now, Ct)).Outcome);
        var ann = await AddAsync("ann");
        var asAnn = twin with { Name = "ANN", Role = AccountRole.Viewer };
        Assert.Equal(ExternalOutcome.NameTaken, (await Admins.SignInExternalAsync(asAnn, "hash", linkByName: false, Now, Ct)).Outcome);
        var linked = await Admins.SignInExternalAsync(asAnn, "hash", linkByName: true, Now, Ct);
        Assert.Equal((ExternalOutcome.Linked, ann, ann with { Role = AccountRole.Viewer, ExternalId = twin.Id }), (linked.Outcome, linked.Before, linked.Now));

        await Admins.SetDisabledAsync("ann", Now, Ct);
        var disabled = await Admins.SignInExternalAsync(asAnn with { Role = AccountRole.Admin }, "hash", true, Now, Ct);
        Assert.Equal((ExternalOutcome.Disabled, null, AccountRole.Viewer), (disabled.Outcome, disabled.Now, (await Admins.FindAsync("ann", Ct))!.Role));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Admins.SignInExternalAsync(olga with { Subject = new string('x', 1001) }, "hash", false, Now, Ct));
    }

    [Fact]
    public async Task Of_two_first_sign_ins_of_one_identity_at_once_one_makes_the_account()
    {
        var olga = new ExternalIdentity("https://id.example", "1", "olga", AccountRole.Admin);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Admins.SignInExternalAsync(olga, "hash", false, Now, Ct), Ct)));
        Assert.Equal([ExternalOutcome.Known, ExternalOutcome.Created], both.Select(account => account.Outcome).Order());
        Assert.Single(await Admins.ListAsync(Ct));
    }

    [Fact]
    public async Task Finds_a_session_until_it_ends_or_is_unused_or_its_account_is_disabled()
    {
        var ann = await AddAsync("ann");
        await AddAsync("bob");
        var first = await Sessions.OpenAsync([1], ann.Id, "192.0.2.7", new string('a', 500), LongAgo, Now, Ct);
        await Sessions.OpenAsync([2], ann.Id, "192.0.2.8", null, LongAgo, Now.AddHours(1), Ct);

        var found = (await Sessions.FindAsync([1], LongAgo, Ct))!;
        Assert.Equal((first, ann, Now, Now, "192.0.2.7"), (found.Id, found.Admin, found.CreatedAt, found.SeenAt, found.Network));
        Assert.Equal(ISessionStore.MaxAgentLength, found.Agent!.Length);
        Assert.Null(await Sessions.FindAsync([3], LongAgo, Ct));
        Assert.Null(await Sessions.FindAsync([1], Now, Ct));
        await Sessions.TouchAsync(first, Now.AddMinutes(5), Ct);
        Assert.NotNull(await Sessions.FindAsync([1], Now, Ct));
        Assert.True(await Sessions.KnowsNetworkAsync("ANN", "192.0.2.7", Ct));
        Assert.False(await Sessions.KnowsNetworkAsync("bob", "192.0.2.7", Ct));

        Assert.False(await Sessions.EndAsync(first, adminId: ann.Id + 1, Ct));
        Assert.Equal(1, await Sessions.EndOthersAsync(ann.Id, first, Ct));
        Assert.Single(await Sessions.ListAsync(adminId: null, LongAgo, 10, Ct));
        await Admins.SetDisabledAsync("ann", Now, Ct);
        Assert.Empty(await Sessions.ListAsync(ann.Id, LongAgo, 10, Ct));
        Assert.Null(await Sessions.FindAsync([1], LongAgo, Ct));
    }

    [Fact]
    public async Task A_new_password_ends_sessions_and_another_hash_of_the_same_does_not()
    {
        var ann = await AddAsync("ann");
        await Sessions.OpenAsync([1], ann.Id, "", null, LongAgo, Now, Ct);
        await Admins.RehashAsync(ann.Id, ann.PasswordHash, "stronger", Ct);
        Assert.Equal("stronger", (await Sessions.FindAsync([1], LongAgo, Ct))!.Admin.PasswordHash);
        await Admins.SaveAsync("ann", "new", Now, Ct);
        Assert.Null(await Sessions.FindAsync([1], LongAgo, Ct));
    }

    [Fact]
    public async Task Has_a_limit_of_sessions_and_forgets_the_oldest()
    {
        var ann = await AddAsync("ann");
        for (var i = 0; i < ISessionStore.MaxPerAccount + 2; i++) await Sessions.OpenAsync([(byte)i], ann.Id, "", null, LongAgo, Now.AddSeconds(i), Ct);
        Assert.Equal(ISessionStore.MaxPerAccount, (await Sessions.ListAsync(ann.Id, LongAgo, 1000, Ct)).Count);
        Assert.Null(await Sessions.FindAsync([1], LongAgo, Ct));
        Assert.NotNull(await Sessions.FindAsync([2], LongAgo, Ct));
    }

    [Fact]
    public async Task Finds_a_key_until_it_expires_or_is_revoked_or_its_account_is_disabled()
    {
        var ann = await AddAsync("ann");
        await AddAsync("bob");
        var id = (await Keys.AddAsync(new NewApiKey([1], "agg_abc", "CI 构建", ann.Id, ApiScopes.Read | ApiScopes.Write, Now.AddDays(1)), Now, Ct))!.Value;
        await Keys.TouchAsync(id, Now.AddMinutes(1), Ct);
        Assert.Equal(
            new ApiKey(id, ann, "CI 构建", "agg_abc", ApiScopes.Read | ApiScopes.Write, Now, Now.AddDays(1), Now.AddMinutes(1)), await Keys.FindAsync([1], Now, Ct));
        Assert.Null(await Keys.FindAsync([1], Now.AddDays(1), Ct));
        Assert.False(await Keys.RevokeAsync(id, ann.Id + 1, Ct));

        await Admins.SetDisabledAsync("ann", Now, Ct);
        Assert.Null(await Keys.FindAsync([1], Now, Ct));
        await Admins.SetDisabledAsync("ann", null, Ct);
        Assert.NotNull(await Keys.FindAsync([1], Now, Ct));
        Assert.True(await Keys.RevokeAsync(id, ann.Id, Ct));
        Assert.Null(await Keys.FindAsync([1], Now, Ct));
        Assert.Empty(await Keys.ListAsync(ann.Id, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Keys.AddAsync(new NewApiKey([1], "", "none", ann.Id, ApiScopes.None, null), Now, Ct));
    }

    [Fact]
    public async Task All_keys_of_one_account_are_revoked_at_once()
    {
        var (ann, bob) = (await AddAsync("ann"), await AddAsync("bob"));
        foreach (var (hash, admin) in (IEnumerable<(byte, Admin)>)[(1, ann), (2, ann), (3, bob)])
            await Keys.AddAsync(new NewApiKey([hash], "agg_abc", "CI", admin.Id, ApiScopes.Read, null), Now, Ct);
        Assert.Equal(2, await Keys.RevokeAllAsync(ann.Id, Ct));
        Assert.Null(await Keys.FindAsync([1], Now, Ct));
        Assert.NotNull(await Keys.FindAsync([3], Now, Ct));
        Assert.Equal(0, await Keys.RevokeAllAsync(ann.Id, Ct));
    }

    private async Task<Admin> AddAsync(string name, AccountRole role = AccountRole.Admin)
    {
        Assert.True(await Admins.AddAsync(name, "hash of " + name, role, Now, Ct));
        return (await Admins.FindAsync(name, Ct))!;
    }
}

public sealed class SqliteAccountStoreTests() : AccountStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlAccountStoreTests() : AccountStoreTests(StoreProvider.PostgreSql);
