using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// What fixes a day: the Merkle root over the hashes of all snapshots that were stored since the seal before it, chained to
/// that seal. Days on which nothing was stored have none.
/// </summary>
public sealed record Seal
{
    /// <summary>The day (UTC).</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The number of its first snapshot.</summary>
    public required long FirstId { get; init; }

    /// <summary>The number of its last snapshot.</summary>
    public required long LastId { get; init; }

    /// <summary>How many snapshots it holds, by number.</summary>
    public required long Count { get; init; }

    /// <summary>The root of their <see cref="MerkleTree"/>.</summary>
    public required ReadOnlyMemory<byte> Root { get; init; }

    /// <summary>The day of the seal before; null for the first.</summary>
    public DateOnly? PreviousDay { get; init; }

    /// <summary>The <see cref="Hash"/> of the seal before; empty for the first.</summary>
    public ReadOnlyMemory<byte> Previous { get; init; }

    /// <summary>When it was made, to the millisecond.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>
    /// The text that <see cref="Hash"/> is over, in ASCII: four lines, each ended by a line feed: the day (yyyy-MM-dd), the count, the
    /// root and the previous hash in lower-case hexadecimal, the last line empty for the first seal.
    /// </summary>
    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Day:yyyy-MM-dd}\n{Count}\n{Convert.ToHexStringLower(Root.Span)}\n{Convert.ToHexStringLower(Previous.Span)}\n");

    /// <summary>SHA-256 of <see cref="Text"/>: what the next seal names.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(Text()));
}
