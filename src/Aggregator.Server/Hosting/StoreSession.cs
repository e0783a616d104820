using Aggregator.Core.Stores;
using Aggregator.Storage;

namespace Aggregator.Server.Hosting;

/// <summary>
/// The right to use the store: the data folder made, the file of an embedded store ours alone, the schema up to date.
/// Dispose it to let the next process in.
/// </summary>
internal sealed class StoreSession : IDisposable
{
    private readonly StoreOwnerLock? _lock;

    private StoreSession(StoreOwnerLock? ownerLock) => _lock = ownerLock;

    /// <summary>Whether no other process can be using the store.</summary>
    public bool IsExclusive => _lock is not null;

    /// <summary>Opens it.</summary>
    /// <param name="settings">Where the store is.</param>
    /// <param name="migrator">Brings its schema up to date.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreSchemaException">The store belongs to another version of the program.</exception>
    /// <exception cref="StoreInUseException">Another process owns the file.</exception>
    public static async Task<StoreSession> OpenAsync(ServerSettings settings, IStoreMigrator migrator, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.DataFolder);
        var ownerLock = settings.StoreProvider == StoreProvider.Sqlite
            ? await StoreOwnerLock.TakeAsync(settings.StoreConnectionString, cancellationToken)
            : null;
        try
        {
            await migrator.MigrateAsync(cancellationToken);
            return new StoreSession(ownerLock);
        }
        catch
        {
            ownerLock?.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();
}
