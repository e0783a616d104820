using Aggregator.Core.Snapshots;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Snapshots;

/// <summary>A row of <c>seal</c>.</summary>
internal sealed record SealRow
{
    public required int Day { get; init; }
    public required long FirstId { get; init; }
    public required long LastId { get; init; }
    public required long Count { get; init; }
    public required byte[] Root { get; init; }
    public int? PreviousDay { get; init; }
    public byte[]? Previous { get; init; }
    public required long SealedAt { get; init; }

    public static SealRow From(Seal seal) => new()
    {
        Day = SnapshotRow.NumberOf(seal.Day),
        FirstId = seal.FirstId,
        LastId = seal.LastId,
        Count = seal.Count,
        Root = seal.Root.ToArray(),
        PreviousDay = seal.PreviousDay is { } day ? SnapshotRow.NumberOf(day) : null,
        Previous = seal.Previous.IsEmpty ? null : seal.Previous.ToArray(),
        SealedAt = seal.SealedAt.ToUnixTimeMilliseconds(),
    };

    public Seal ToSeal() => new()
    {
        Day = SnapshotRow.DayOf(Day),
        FirstId = FirstId,
        LastId = LastId,
        Count = Count,
        Root = Root,
        PreviousDay = PreviousDay is { } day ? SnapshotRow.DayOf(day) : null,
        Previous = Previous,
        SealedAt = UnixTime.FromMilliseconds(SealedAt),
    };
}
