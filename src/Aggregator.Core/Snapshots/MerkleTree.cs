using System.Numerics;
using System.Security.Cryptography;

namespace Aggregator.Core.Snapshots;

/// <summary>The Merkle tree of RFC 6962 §2.1 with SHA-256. Its leaves are the SHA-256 of documents.</summary>
public static class MerkleTree
{
    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ leaf).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> leaf)
    {
        Span<byte> bytes = stackalloc byte[1 + SHA256.HashSizeInBytes];
        if (leaf.Length != SHA256.HashSizeInBytes) return SHA256.HashData((byte[])[0, .. leaf]);
        bytes[0] = 0;
        leaf.CopyTo(bytes[1..]);
        return SHA256.HashData(bytes);
    }

    /// <summary>The hash of a node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> bytes = stackalloc byte[1 + 2 * SHA256.HashSizeInBytes];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + left.Length)..]);
        return SHA256.HashData(bytes[..(1 + left.Length + right.Length)]);
    }

    /// <summary>
    /// The path from node <paramref name="index"/> to the root over them all (RFC 6962 §2.1.1): the sibling of each node on the way,
    /// lowest first. The nodes are hashes of leaves, or the roots of complete subtrees of one size (the last may be smaller).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public static IReadOnlyList<byte[]> Path(IReadOnlyList<byte[]> nodes, int index)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, nodes.Count);
        var path = new List<byte[]>();
        var (start, count) = (0, nodes.Count);
        while (count > 1)
        {
            var left = LargestPowerBelow(count);
            if (index - start < left)
            {
                path.Add(Root(nodes, start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Root(nodes, start, left));
                (start, count) = (start + left, count - left);
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The root that a path leads to from a leaf (RFC 9162 §2.1.3.2), or null when the path does not fit the tree's size.</summary>
    public static byte[]? Climb(ReadOnlySpan<byte> leaf, long index, long count, IReadOnlyList<byte[]> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (index < 0 || index >= count) return null;
        var (node, last) = (index, count - 1);
        var hash = Leaf(leaf);
        foreach (var sibling in path)
        {
            if (last == 0) return null;
            if ((node & 1) == 1 || node == last)
            {
                hash = Node(sibling, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    private static byte[] Root(IReadOnlyList<byte[]> nodes, int start, int count)
    {
        var root = new MerkleRoot();
        for (var i = start; i < start + count; i++) root.AddNode(nodes[i]);
        return root.Finish();
    }

    private static int LargestPowerBelow(int count) => 1 << BitOperations.Log2((uint)count - 1);
}
