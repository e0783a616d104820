using Aggregator.Testing;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>A new file for every fact.</summary>
public sealed class SQLiteFixture : IStorageFixture, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    public string? SkipReason => null;

    public JobStorage Open() => new SQLiteStorage(
        _folder.File($"{++_files}.db"), new SQLiteStorageOptions { QueuePollInterval = TimeSpan.FromMinutes(1) });

    public void Close(JobStorage storage) => ((SQLiteStorage)storage).Dispose();

    public void Dispose() => _folder.Dispose();
}
