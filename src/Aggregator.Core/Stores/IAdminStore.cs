namespace Aggregator.Core.Stores;

/// <summary>The admins' accounts.</summary>
public interface IAdminStore
{
    /// <summary>The most accounts of a list.</summary>
    const int MaxListed = 1_000;

    /// <summary>Whether there is any.</summary>
    Task<bool> AnyAsync(CancellationToken cancellationToken);

    /// <summary>The account of that name, without regard to case, or null.</summary>
    Task<Admin?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The accounts by name, at most <see cref="MaxListed"/>.</summary>
    Task<IReadOnlyList<Admin>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes an admin's account, or gives the one of that name a new password, which ends its sessions. True when it is new.</summary>
    Task<bool> SaveAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes an account; false, and nothing done, when there is one of that name.</summary>
    Task<bool> AddAsync(string name, string passwordHash, AccountRole role, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes the very first account; false, and nothing done, when there is one already. Safe against two at once.</summary>
    Task<bool> AddFirstAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores the same password under another hash; sessions go on.</summary>
    Task RehashAsync(long adminId, string oldHash, string newHash, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the account of an identity, makes it, or gives it the account of that name; and sets its role, for the system that vouches
    /// knows better, also of the last admin. All in one transaction.
    /// </summary>
    /// <param name="identity">Who.</param>
    /// <param name="passwordHash">What a new account has for a password: the hash of one that nobody knows.</param>
    /// <param name="linkByName">Whether an account of that name that belongs to no identity yet is taken.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ArgumentException">The name or the identity is empty or too long.</exception>
    Task<ExternalAccount> SignInExternalAsync(
        ExternalIdentity identity, string passwordHash, bool linkByName, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The account of an identity, or null.</summary>
    Task<Admin?> FindExternalAsync(string externalId, CancellationToken cancellationToken);

    /// <summary>Gives an account another role.</summary>
    Task<AccountChange> SetRoleAsync(string name, AccountRole role, CancellationToken cancellationToken);

    /// <summary>Lets an account in no more, and ends its sessions, or lets it in again (null).</summary>
    Task<AccountChange> SetDisabledAsync(string name, DateTimeOffset? disabledAt, CancellationToken cancellationToken);
}
