namespace Aggregator.Storage;

/// <summary>
/// The ownership of a SQLite store by one process: an exclusively opened file beside it, <c>store.db.lock</c>, which the
/// operating system lets go of however the process ends. Whoever opens the store takes it first: the server for as long
/// as it runs, a command for as long as it works. On PostgreSQL it is nothing, because there any number may share.
/// </summary>
public sealed class StoreOwnerLock : IDisposable
{
    /// <summary>How long <see cref="AcquireAsync"/> tries, so that a restart finds its predecessor gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // What opening a file that somebody else holds gives: EAGAIN on Linux, EWOULDBLOCK on macOS, and
    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly FileStream? _file;

    private StoreOwnerLock(FileStream? file) => _file = file;

    /// <summary>The lock file's absolute path; null on PostgreSQL.</summary>
    public string? FilePath => _file?.Name;

    /// <summary>Takes the ownership of a store.</summary>
    /// <exception cref="StoreInUseException">Another process still has it after <see cref="Patience"/>.</exception>
    /// <exception cref="IOException">The lock file cannot be made.</exception>
    public static async Task<StoreOwnerLock> AcquireAsync(
        StoreConnectionString connectionString, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        ArgumentNullException.ThrowIfNull(timeProvider);
        if (connectionString.FilePath is not { } store) return new StoreOwnerLock(file: null);

        Directory.CreateDirectory(Path.GetDirectoryName(store)!);
        var path = store + ".lock";
        for (var start = timeProvider.GetTimestamp(); ;)
        {
            try
            {
                // The file stays when we go: deleting it would let two later owners hold two files of one name.
                return new StoreOwnerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
            }
            catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
            {
                if (timeProvider.GetElapsedTime(start) >= Patience)
                    throw new StoreInUseException(
                        $"Another process is using the store {store} (it holds {path}). "
                        + "Stop that server or command first, or use PostgreSQL (ConnectionStrings:Store = \"Host=…\"), which several processes can share.",
                        exception);
            }

            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    /// <summary>Gives the ownership back.</summary>
    public void Dispose() => _file?.Dispose();
}
