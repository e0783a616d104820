using Aggregator.Core.Stores;
using Aggregator.Storage;

namespace Aggregator.Server.Hosting;

/// <summary>
/// The right to use the store: the data folder made, the file of an embedded store ours alone, the schema up to date. Dispose it to let
/// the next process in, and do so last of all: whoever has the right may open the store's files and those of the jobs.
/// </summary>
internal sealed class StoreSession(ServerSettings settings, TimeProvider time) : IDisposable
{
    private StoreOwnerLock? _lock;

    /// <summary>Whether no other process can be using the store.</summary>
    public bool IsExclusive => settings.Store.Provider == StoreProvider.Sqlite;

    /// <summary>
    /// Waits for the store to be ours, at most <see cref="StoreOwnerLock.Patience"/>, and brings its schema up to date. The migrations
    /// that ran.
    /// </summary>
    /// <param name="services">Where the store is; they have to be disposed before this is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreSchemaException">The store belongs to another version of the program.</exception>
    /// <exception cref="StoreInUseException">Another process owns the file.</exception>
    public async Task<IReadOnlyList<string>> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.DataFolder);
        _lock = await StoreOwnerLock.AcquireAsync(settings.Store, time, cancellationToken);
        return await services.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellationToken);
    }

    /// <summary>
    /// Opens it for a command that only reads: beside a server that runs, when the schema is up to date; else it has to be made so
    /// first, and that takes a store that nobody uses.
    /// </summary>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task OpenForReadingAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (settings.Store.FilePath is { } file && File.Exists(file) && await services.GetRequiredService<IStoreMigrator>().IsCurrentAsync(cancellationToken)) return;
        await OpenAsync(services, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();
}
