using Hangfire.InMemory;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>The oracle: written by Hangfire's own author, as the reference of what a storage does.</summary>
public sealed class InMemoryFixture : IStorageFixture
{
    public string? SkipReason => null;

    public JobStorage Open() => new InMemoryStorage();

    public void Close(JobStorage storage) => ((InMemoryStorage)storage).Dispose();
}
