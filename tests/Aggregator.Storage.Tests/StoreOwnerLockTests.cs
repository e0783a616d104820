using Aggregator.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aggregator.Storage.Tests;

public sealed class StoreOwnerLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private StoreConnectionString Store => StoreConnectionString.Parse("Data Source=" + _folder.File("data/store.db"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Refuses_a_second_owner_and_names_the_file_and_the_remedy()
    {
        using var first = await StoreOwnerLock.AcquireAsync(Store, _time, Ct);
        Assert.Equal(_folder.File("data/store.db.lock"), first.FilePath);

        var second = StoreOwnerLock.AcquireAsync(Store, _time, Ct);
        var start = _time.GetTimestamp();
        while (!second.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var refusal = await Assert.ThrowsAsync<StoreInUseException>(() => second);
        Assert.Contains(first.FilePath!, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Stop that server", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL", refusal.Message, StringComparison.Ordinal);
        Assert.True(_time.GetElapsedTime(start) >= StoreOwnerLock.Patience);
    }

    [Fact]
    public async Task Waits_for_an_owner_that_is_just_going()
    {
        var first = await StoreOwnerLock.AcquireAsync(Store, _time, Ct);
        var second = StoreOwnerLock.AcquireAsync(Store, _time, Ct);
        Assert.False(second.IsCompleted);

        first.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));

        using var owner = await second;
        Assert.NotNull(owner.FilePath);
    }

    [Fact]
    public async Task Stops_waiting_when_told_to()
    {
        using var first = await StoreOwnerLock.AcquireAsync(Store, _time, Ct);
        using var cancel = new CancellationTokenSource();
        var second = StoreOwnerLock.AcquireAsync(Store, _time, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task Is_nothing_on_postgresql()
    {
        var store = StoreConnectionString.Parse("Host=127.0.0.1");

        using var first = await StoreOwnerLock.AcquireAsync(store, _time, Ct);
        using var second = await StoreOwnerLock.AcquireAsync(store, _time, Ct);

        Assert.Null(second.FilePath);
    }
}
