using Aggregator.Core.Stores;
using Microsoft.AspNetCore.Identity;

namespace Aggregator.Server.Accounts;

/// <summary>Makes and checks the admins' accounts; passwords are stored as PBKDF2 hashes of ASP.NET Core's format.</summary>
internal sealed class AdminAccounts(IAdminStore store, IPasswordHasher<Admin> hasher, TimeProvider clock) : IDisposable
{
    // Hashing takes tens of milliseconds of CPU by design: strangers get two of our cores at most.
    private readonly SemaphoreSlim _checks = new(2);

    // A name that does not exist must cost as much as one that does, or the clock tells which names are worth guessing for.
    private readonly Lazy<Admin> _nobody = new(() => Unsaved("nobody", hasher));

    /// <summary>Makes an account, or gives the one of that name a new password (which signs its other sessions out).</summary>
    public async Task<AccountOutcome> SaveAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (AccountRules.Check(name, password) is { } problem) return new AccountOutcome.Refused(problem);
        return new AccountOutcome.Saved(await store.SaveAsync(name, Hash(name, password), clock.GetUtcNow(), cancellationToken));
    }

    /// <summary>Makes an account of that role.</summary>
    public async Task<AccountOutcome> AddAsync(string name, string password, AccountRole role, CancellationToken cancellationToken)
    {
        if (AccountRules.Check(name, password) is { } problem) return new AccountOutcome.Refused(problem);
        return await store.AddAsync(name, Hash(name, password), role, clock.GetUtcNow(), cancellationToken)
            ? new AccountOutcome.Saved(IsNew: true)
            : new AccountOutcome.NameTaken();
    }

    /// <summary>Makes the very first account.</summary>
    public async Task<AccountOutcome> SaveFirstAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (AccountRules.Check(name, password) is { } problem) return new AccountOutcome.Refused(problem);
        return await store.AddFirstAsync(name, Hash(name, password), clock.GetUtcNow(), cancellationToken)
            ? new AccountOutcome.Saved(IsNew: true)
            : new AccountOutcome.NotTheFirst();
    }

    /// <summary>The account, when there is one of that name that is let in and the password is its; it takes the same time when there is none.</summary>
    public async Task<Admin?> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        // The store looks a name up without the U+0000 in it: each other way to write one would be a name of its own to the throttle.
        if (AccountRules.CheckName(name) is not null || password.Length > AccountRules.MaxPasswordLength) return null;

        var admin = await store.FindAsync(name, cancellationToken);
        PasswordVerificationResult result;
        await _checks.WaitAsync(cancellationToken);
        try
        {
            // Asked for whoever comes first, or the first name that does not exist would cost more than any other.
            var nobody = _nobody.Value;
            var checkedAgainst = admin ?? nobody;
            result = hasher.VerifyHashedPassword(checkedAgainst, checkedAgainst.PasswordHash, password);
        }
        finally
        {
            _checks.Release();
        }

        if (admin is null || admin.DisabledAt is not null || result == PasswordVerificationResult.Failed) return null;
        if (result == PasswordVerificationResult.Success) return admin;

        // The hash is of an older, cheaper kind: now is the only time we know the password.
        await store.RehashAsync(admin.Id, admin.PasswordHash, Hash(admin.Name, password), cancellationToken);
        return await store.FindAsync(admin.Name, cancellationToken);
    }

    /// <summary>
    /// The account of somebody whom another system vouches for, made or linked when there is none. It has no password that anybody knows.
    /// </summary>
    public Task<ExternalAccount> SignInExternalAsync(ExternalIdentity identity, bool linkByName, CancellationToken cancellationToken) =>
        store.SignInExternalAsync(identity, _nobody.Value.PasswordHash, linkByName, clock.GetUtcNow(), cancellationToken);

    public void Dispose() => _checks.Dispose();

    private string Hash(string name, string password) => hasher.HashPassword(new Admin(0, name, "", clock.GetUtcNow()), password);

    private static Admin Unsaved(string name, IPasswordHasher<Admin> hasher)
    {
        var admin = new Admin(0, name, "", DateTimeOffset.UnixEpoch);
        return admin with { PasswordHash = hasher.HashPassword(admin, Guid.NewGuid().ToString()) };
    }
}
