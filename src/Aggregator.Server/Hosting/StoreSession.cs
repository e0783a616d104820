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

    private StoreSession(StoreOwnerLock? ownerLock, bool isExclusive, IReadOnlyList<string> migrations) =>
        (_lock, IsExclusive, Migrations) = (ownerLock, isExclusive, migrations);

    /// <summary>Whether no other process can be using the store.</summary>
    public bool IsExclusive { get; }

    /// <summary>The migrations that ran.</summary>
    public IReadOnlyList<string> Migrations { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="StoreSchemaException">The store belongs to another version of the program.</exception>
    /// <exception cref="StoreInUseException">Another process owns the file.</exception>
    public static async Task<StoreSession> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var settings = services.GetRequiredService<ServerSettings>();
        Directory.CreateDirectory(settings.DataFolder);
        var ownerLock = await StoreOwnerLock.AcquireAsync(settings.Store, services.GetRequiredService<TimeProvider>(), cancellationToken);
        try
        {
            var migrations = await services.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellationToken);
            return new StoreSession(ownerLock, settings.Store.Provider == StoreProvider.Sqlite, migrations);
        }
        catch
        {
            ownerLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens it for a command that only reads: beside a server that runs, when the schema is up to date; else it has to be made so
    /// first, and that takes a store that nobody uses.
    /// </summary>
    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<StoreSession> OpenForReadingAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<ServerSettings>().Store.FilePath is { } file && File.Exists(file)
        && await services.GetRequiredService<IStoreMigrator>().IsCurrentAsync(cancellationToken)
            ? new StoreSession(ownerLock: null, isExclusive: false, [])
            : await OpenAsync(services, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();
}
