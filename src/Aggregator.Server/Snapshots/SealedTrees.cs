using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Snapshots;

/// <summary>
/// The trees of the days that were asked for, so that a day is read once and not for each snapshot of it.
/// </summary>
internal sealed class SealedTrees(ISealStore seals, TimeProvider time) : IDisposable
{
    /// <summary>The most that all of them hold: some hundred days of many snapshots.</summary>
    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly BoundedCache<DateOnly, SealedTree> _trees = new(MaxBytes, tree => tree.Size, time);
    private readonly SingleFlight<DateOnly, SealedTree> _reading = new();

    /// <summary>Where a snapshot stands in a day's tree, and its path to the root; null when the day does not hold it.</summary>
    public async Task<(long Index, IReadOnlyList<byte[]> Path)?> ProveAsync(Seal seal, long snapshotId, CancellationToken cancellationToken)
    {
        if (snapshotId < seal.FirstId || snapshotId > seal.LastId) return null;
        if (!_trees.TryGet(seal.Day, out var tree))
        {
            tree = await _reading.RunAsync(
                seal.Day, stopping => SealedTree.ReadAsync(seals.ReadLeavesAsync(seal.FirstId, seal.LastId, stopping), stopping), cancellationToken);
            _trees.Set(seal.Day, tree);
        }

        var (index, firstId, endId) = tree.SubtreeOf(snapshotId);
        var subtree = new List<SealLeaf>(SealedTree.SubtreeSize);
        await foreach (var leaf in seals.ReadLeavesAsync(firstId, endId - 1 ?? seal.LastId, cancellationToken)) subtree.Add(leaf);
        return tree.Prove(index, subtree, snapshotId);
    }

    /// <inheritdoc />
    public void Dispose() => _reading.Dispose();
}
