namespace Aggregator.Core.Stores;

/// <summary>Brings the store's schema up to date.</summary>
public interface IStoreMigrator
{
    /// <summary>
    /// Runs the migrations that are missing, in order, under a lock that holds over processes, each in a transaction.
    /// Returns the names of those that ran.
    /// </summary>
    /// <exception cref="StoreSchemaException">The store is newer than the program, or an old migration is not what it was.</exception>
    Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Whether every migration has run, looked up without writing. On SQLite a file that is not there is not made.</summary>
    /// <exception cref="StoreSchemaException">The store belongs to another version of the program.</exception>
    Task<bool> IsCurrentAsync(CancellationToken cancellationToken);
}
