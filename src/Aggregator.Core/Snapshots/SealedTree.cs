namespace Aggregator.Core.Snapshots;

/// <summary>
/// A day's tree, cut into complete subtrees, so that the path of one snapshot costs the reading of one of them and not of the
/// day. It never changes.
/// </summary>
public sealed class SealedTree
{
    /// <summary>How many leaves a subtree has; a power of two.</summary>
    public const int SubtreeSize = 1024;

    private readonly List<byte[]> _roots = [];
    private readonly List<long> _firstIds = [];

    private SealedTree()
    {
    }

    /// <summary>About how many bytes it holds.</summary>
    public long Size => 128 + _roots.Count * 72L;

    /// <summary>Reads a day's leaves, by number ascending.</summary>
    public static async Task<SealedTree> ReadAsync(IAsyncEnumerable<SealLeaf> leaves, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        var tree = new SealedTree();
        var subtree = new MerkleRoot();
        await foreach (var leaf in leaves.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (subtree.Count == 0) tree._firstIds.Add(leaf.SnapshotId);
            subtree.Add(leaf.Sha256.Span);
            if (subtree.Count < SubtreeSize) continue;
            tree._roots.Add(subtree.Finish());
            subtree = new MerkleRoot();
        }

        if (subtree.Count > 0) tree._roots.Add(subtree.Finish());
        return tree;
    }

    /// <summary>The subtree that a snapshot of the day stands in: the numbers from <c>FirstId</c> to before <c>EndId</c>, which is null for the last.</summary>
    public (int Index, long FirstId, long? EndId) SubtreeOf(long snapshotId)
    {
        var found = _firstIds.BinarySearch(snapshotId);
        var index = found >= 0 ? found : ~found - 1;
        return (index, _firstIds[index], index + 1 < _firstIds.Count ? _firstIds[index + 1] : null);
    }

    /// <summary>Where a snapshot stands among the day's, from 0, and its path to the root; null when it is not in the subtree.</summary>
    /// <param name="subtreeIndex">From <see cref="SubtreeOf"/>.</param>
    /// <param name="subtree">The leaves of that subtree, by number ascending.</param>
    /// <param name="snapshotId">The snapshot's number.</param>
    public (long Index, IReadOnlyList<byte[]> Path)? Prove(int subtreeIndex, IReadOnlyList<SealLeaf> subtree, long snapshotId)
    {
        ArgumentNullException.ThrowIfNull(subtree);
        for (var i = 0; i < subtree.Count; i++)
        {
            if (subtree[i].SnapshotId != snapshotId) continue;
            var nodes = subtree.Select(leaf => MerkleTree.Leaf(leaf.Sha256.Span)).ToList();
            return ((long)subtreeIndex * SubtreeSize + i, [.. MerkleTree.Path(nodes, i), .. MerkleTree.Path(_roots, subtreeIndex)]);
        }

        return null;
    }
}
