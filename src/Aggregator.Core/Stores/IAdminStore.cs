namespace Aggregator.Core.Stores;

/// <summary>The admins' accounts.</summary>
public interface IAdminStore
{
    /// <summary>Whether there is any.</summary>
    Task<bool> AnyAsync(CancellationToken cancellationToken);

    /// <summary>The account of that name, without regard to case, or null.</summary>
    Task<Admin?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes an account, or gives the one of that name a new password. True when it is new.</summary>
    Task<bool> SaveAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes the very first account; false, and nothing done, when there is one already. Safe against two at once.</summary>
    Task<bool> AddFirstAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken);
}
