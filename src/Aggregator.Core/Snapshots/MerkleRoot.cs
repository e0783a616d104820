using System.Security.Cryptography;

namespace Aggregator.Core.Snapshots;

/// <summary>The root of a <see cref="MerkleTree"/>, computed leaf by leaf in the memory of one path.</summary>
public sealed class MerkleRoot
{
    // The roots of the complete subtrees so far, largest first: one for each bit of the count.
    private readonly List<byte[]> _subtrees = [];

    /// <summary>How many leaves or nodes were added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds the next leaf: the SHA-256 of a document.</summary>
    public void Add(ReadOnlySpan<byte> leaf) => AddNode(MerkleTree.Leaf(leaf));

    /// <summary>Adds the next node: the hash of a leaf, or the root of a complete subtree as large as those before it.</summary>
    public void AddNode(byte[] hash)
    {
        for (var bits = Count; (bits & 1) == 1; bits >>= 1)
        {
            hash = MerkleTree.Node(_subtrees[^1], hash);
            _subtrees.RemoveAt(_subtrees.Count - 1);
        }

        _subtrees.Add(hash);
        Count++;
    }

    /// <summary>The root of the leaves so far; SHA-256 of nothing when there are none.</summary>
    public byte[] Finish()
    {
        if (_subtrees.Count == 0) return SHA256.HashData([]);
        var hash = _subtrees[^1];
        for (var i = _subtrees.Count - 2; i >= 0; i--) hash = MerkleTree.Node(_subtrees[i], hash);
        return hash;
    }
}
