using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.Browse;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class AdminAccountsTests : IAsyncLifetime
{
    private const string Sentence = "four lamps on the quay";

    private RunningSite _site = null!;
    private AdminAccounts _accounts = null!;
    private IAdminStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await RunningSite.StartAsync();
        _accounts = _site.Services.GetRequiredService<AdminAccounts>();
        _store = _site.Services.GetRequiredService<IAdminStore>();
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task An_account_opens_with_its_password_only()
    {
        Assert.Equal(new AccountOutcome.Saved(IsNew: true), await _accounts.SaveAsync("Anna", Sentence, default));
        Assert.Equal("Anna", (await _accounts.CheckAsync("anna", Sentence, default))!.Name);
        Assert.Null(await _accounts.CheckAsync("anna", Sentence + " ", default));
        Assert.Null(await _accounts.CheckAsync("anna", "", default));
        Assert.Null(await _accounts.CheckAsync("nobody", Sentence, default));
        Assert.Null(await _accounts.CheckAsync(new string('n', 100_000), Sentence, default));
        Assert.Null(await _accounts.CheckAsync("an\0na", Sentence, default));
        Assert.Null(await _accounts.CheckAsync("anna\0", Sentence, default));
    }

    [Fact]
    public async Task Saving_a_known_name_changes_its_password()
    {
        await _accounts.SaveAsync("anna", Sentence, default);
        Assert.Equal(new AccountOutcome.Saved(IsNew: false), await _accounts.SaveAsync("ANNA", "another long sentence", default));
        Assert.Null(await _accounts.CheckAsync("anna", Sentence, default));
        Assert.NotNull(await _accounts.CheckAsync("anna", "another long sentence", default));
    }

    [Fact]
    public async Task What_breaks_a_rule_is_not_stored()
    {
        Assert.Equal(new AccountOutcome.Refused(AccountProblem.PasswordTooShort), await _accounts.SaveAsync("anna", "short", default));
        Assert.Equal(new AccountOutcome.Refused(AccountProblem.NameMissing), await _accounts.SaveFirstAsync("", Sentence, default));
        Assert.False(await _store.AnyAsync(default));
    }

    [Fact]
    public async Task Of_many_first_accounts_one_is_made()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Task.Run(() => _accounts.SaveFirstAsync($"admin{number}", Sentence, default))));
        Assert.Single(outcomes.OfType<AccountOutcome.Saved>());
        Assert.Equal(7, outcomes.OfType<AccountOutcome.NotTheFirst>().Count());
    }

    [Fact]
    public async Task A_hash_of_a_cheaper_kind_is_renewed_when_its_owner_signs_in()
    {
        var cheap = new PasswordHasher<Admin>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        var now = _site.Clock.GetUtcNow();
        await _store.SaveAsync("anna", cheap.HashPassword(new Admin(0, "anna", "", now), Sentence), now, default);
        var before = (await _store.FindAsync("anna", default))!.PasswordHash;

        var admin = await _accounts.CheckAsync("anna", Sentence, default);

        Assert.NotEqual(before, admin!.PasswordHash);
        Assert.NotNull(await _accounts.CheckAsync("anna", Sentence, default));
    }

    [Theory]
    [InlineData("anna", "nobody", "anna", "nobody", "closed")]
    [InlineData("nobody", "anna", "closed", "nobody", "anna")]
    public async Task A_name_that_nobody_has_costs_the_hasher_what_any_other_costs(params string[] names)
    {
        foreach (var name in new[] { "anna", "closed" }) await _accounts.SaveAsync(name, Sentence, default);
        await _accounts.AddAsync("another", Sentence, AccountRole.Admin, default);
        Assert.Equal(AccountChange.Done, await _store.SetDisabledAsync("closed", _site.Clock.GetUtcNow(), default));
        var hasher = new CountingHasher();
        using var accounts = new AdminAccounts(_store, hasher, _site.Clock);

        var costs = new List<(int Hashed, int Verified)>();
        foreach (var name in names)
        {
            var (hashed, verified) = (hasher.Hashed, hasher.Verified);
            Assert.Null(await accounts.CheckAsync(name, "wrong", default));
            costs.Add((hasher.Hashed - hashed, hasher.Verified - verified));
        }

        // The first of all makes the hash that stands for nobody's, whoever it is.
        Assert.Equal([(1, 1), (0, 1), (0, 1), (0, 1), (0, 1)], costs);
    }

    private sealed class CountingHasher : IPasswordHasher<Admin>
    {
        private readonly PasswordHasher<Admin> _hasher = new();

        public int Hashed { get; private set; }

        public int Verified { get; private set; }

        public string HashPassword(Admin user, string password)
        {
            Hashed++;
            return _hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Admin user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
