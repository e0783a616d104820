using System.Security.Cryptography;
using Aggregator.Core.Snapshots;
using Xunit;

namespace Aggregator.Core.Tests.Snapshots;

public sealed class MerkleTreeTests
{
    // The leaves and the roots of the first 0 to 8 of them that the reference implementations of RFC 6962 test with.
    private static readonly string[] Inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Has_the_roots_of_the_reference_implementations(int count, string root)
    {
        var tree = new MerkleRoot();
        foreach (var input in Inputs[..count]) tree.Add(Convert.FromHexString(input));

        Assert.Equal(root, Convert.ToHexStringLower(tree.Finish()));
        Assert.Equal(count, tree.Count);
    }

    [Theory]
    [InlineData(0, 8, new[] { "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" })]
    [InlineData(5, 8, new[] { "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" })]
    [InlineData(2, 3, new[] { "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" })]
    public void Has_the_paths_of_the_reference_implementations(int index, int count, string[] path)
    {
        var nodes = Inputs[..count].Select(input => MerkleTree.Leaf(Convert.FromHexString(input))).ToList();

        Assert.Equal(path, MerkleTree.Path(nodes, index).Select(Convert.ToHexStringLower));
    }

    [Fact]
    public void Leads_every_leaf_of_every_size_to_the_root_and_no_other()
    {
        for (var count = 1; count <= 70; count++)
        {
            var leaves = Enumerable.Range(0, count).Select(i => SHA256.HashData([(byte)i])).ToList();
            var nodes = leaves.Select(leaf => MerkleTree.Leaf(leaf)).ToList();
            var root = new MerkleRoot();
            foreach (var leaf in leaves) root.Add(leaf);
            for (var index = 0; index < count; index++)
            {
                var path = MerkleTree.Path(nodes, index);
                Assert.Equal(root.Finish(), MerkleTree.Climb(leaves[index], index, count, path));
                Assert.NotEqual(root.Finish(), MerkleTree.Climb(SHA256.HashData([255, 255]), index, count, path));
                Assert.Null(MerkleTree.Climb(leaves[index], index, count, [.. path, leaves[0]]));
                if (path.Count > 0) Assert.Null(MerkleTree.Climb(leaves[index], index, count, [.. path.Skip(1)]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public async Task Proves_a_snapshot_of_a_day_by_one_subtree_and_the_roots_of_the_others(int count)
    {
        // Numbers of snapshots have gaps: transactions are rolled back.
        var leaves = Enumerable.Range(1, count).Select(i => new SealLeaf(i * 3L, SHA256.HashData(BitConverter.GetBytes(i)))).ToList();
        var root = new MerkleRoot();
        foreach (var leaf in leaves) root.Add(leaf.Sha256.Span);

        var tree = await SealedTree.ReadAsync(leaves.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        foreach (var place in (int[])[0, count / 2, count - 1])
        {
            var (subtree, firstId, endId) = tree.SubtreeOf(leaves[place].SnapshotId);
            var inIt = leaves.Where(leaf => leaf.SnapshotId >= firstId && (endId is null || leaf.SnapshotId < endId)).ToList();
            var proof = tree.Prove(subtree, inIt, leaves[place].SnapshotId)!.Value;
            Assert.Equal(place, proof.Index);
            Assert.Equal(root.Finish(), MerkleTree.Climb(leaves[place].Sha256.Span, place, count, proof.Path));
            Assert.Null(tree.Prove(subtree, inIt, leaves[place].SnapshotId + 1));
        }
    }
}
