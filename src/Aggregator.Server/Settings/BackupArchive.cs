using System.IO.Compression;
using Aggregator.Server.Hosting;
using Aggregator.Storage;

namespace Aggregator.Server.Settings;

/// <summary>A backup as one zip file: <c>store.db</c>, and <c>jobs.db</c> where jobs are kept in a file. Unpacked into an empty data folder it is the server again.</summary>
internal sealed class BackupArchive(ServerSettings settings) : IDisposable
{
    // Each copy takes the store's size on the disk; one at a time is enough.
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Whether there is a file to copy; PostgreSQL has tools of its own.</summary>
    public bool IsPossible => settings.Store.FilePath is not null;

    /// <summary>Writes the archive. Copies that it makes on the way are deleted however it ends.</summary>
    /// <exception cref="IOException">A copy cannot be made.</exception>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        var store = settings.Store.FilePath ?? throw new InvalidOperationException("The store is not a file.");
        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            await AddAsync(archive, store, "store.db", cancellationToken);
            if (settings.JobStorage == JobStorageKind.Sqlite && File.Exists(settings.JobsFile)) await AddAsync(archive, settings.JobsFile, "jobs.db", cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static async Task AddAsync(ZipArchive archive, string file, string name, CancellationToken cancellationToken)
    {
        var copy = $"{file}.backup-{Guid.NewGuid():N}";
        try
        {
            await SqliteBackup.CopyAsync(file, copy, cancellationToken);
            await using var entry = await archive.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await using var content = File.OpenRead(copy);
            await content.CopyToAsync(entry, cancellationToken);
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
