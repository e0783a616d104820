using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Browse;

/// <summary>The categories that stand in the header of every page, asked for at most once a second. The same list as long as nothing in it changed.</summary>
internal sealed class Navigation(ICategoryStore categories, StoreTrust trust, TimeProvider time) : IDisposable
{
    private readonly SingleFlight<long, IReadOnlyList<Category>> _checks = new();
    private volatile Checked? _last;

    /// <summary>All categories, in the order of lists.</summary>
    public ValueTask<IReadOnlyList<Category>> ListAsync(CancellationToken cancellationToken)
    {
        var epoch = trust.Epoch;
        return _last is { } last && last.Epoch == epoch && time.GetElapsedTime(last.At) < StoreTrust.Interval
            ? ValueTask.FromResult(last.Categories)
            : new ValueTask<IReadOnlyList<Category>>(_checks.RunAsync(epoch, stopping => CheckAsync(epoch, stopping), cancellationToken));
    }

    /// <summary>The categories as they were seen last, without asking anybody; none before anybody has asked.</summary>
    public IReadOnlyList<Category> LastSeen => _last?.Categories ?? [];

    /// <inheritdoc/>
    public void Dispose() => _checks.Dispose();

    private async Task<IReadOnlyList<Category>> CheckAsync(long epoch, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var listed = await categories.ListAsync(cancellationToken);
        var kept = _last is { } last && last.Categories.SequenceEqual(listed) ? last.Categories : listed;
        _last = new Checked(kept, asked, epoch);
        return kept;
    }

    private sealed record Checked(IReadOnlyList<Category> Categories, long At, long Epoch);
}
