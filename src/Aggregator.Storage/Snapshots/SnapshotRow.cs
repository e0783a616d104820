using System.Globalization;
using Aggregator.Core.Snapshots;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;

namespace Aggregator.Storage.Snapshots;

/// <summary>A snapshot as it is read.</summary>
internal record SnapshotRow
{
    /// <summary>Its columns. A day's seal holds the numbers up to its last.</summary>
    public const string Columns = $"""
        snapshot.id, snapshot.entry_id, snapshot.number, snapshot.kind, snapshot.captured_at, snapshot.title, snapshot.published_at,
        snapshot.changes, snapshot.content_hash, snapshot.sha256, snapshot.final_url, snapshot.status, snapshot.etag, snapshot.last_modified, snapshot.removal,
        (select cast(count(*) as integer) from snapshot_document where snapshot_document.snapshot_id = snapshot.id) as kept, {EntryRights.IsWithheld} as withheld,
        (select day from seal where seal.last_id >= snapshot.id order by seal.last_id limit 1) as sealed_on
        """;

    public required long Id { get; init; }
    public required long EntryId { get; init; }
    public required int Number { get; init; }
    public required int Kind { get; init; }
    public required long CapturedAt { get; init; }
    public string? Title { get; init; }
    public long? PublishedAt { get; init; }
    public required int Changes { get; init; }
    public required byte[] ContentHash { get; init; }
    public required byte[] Sha256 { get; init; }
    public string? FinalUrl { get; init; }
    public int? Status { get; init; }
    public string? Etag { get; init; }
    public string? LastModified { get; init; }
    public int? Removal { get; init; }
    public int Kept { get; init; }
    public int? Withheld { get; init; }
    public int? SealedOn { get; init; }

    public Snapshot ToSnapshot() => new()
    {
        Id = Id,
        EntryId = EntryId,
        Number = Number,
        Kind = (SnapshotKind)Kind,
        CapturedAt = UnixTime.FromMilliseconds(CapturedAt),
        Title = Title,
        PublishedAt = UnixTime.FromMilliseconds(PublishedAt),
        Changes = (SnapshotChanges)Changes,
        ContentHash = ContentHash,
        Sha256 = Sha256,
        FinalUrl = FinalUrl,
        Status = Status,
        ETag = Etag,
        LastModified = LastModified,
        IsKept = Kept > 0 && Withheld is not 1,
        IsWithheld = Kept > 0 && Withheld is 1,
        Removal = (SnapshotRemoval?)Removal,
        SealedOn = SealedOn is { } day ? DayOf(day) : null,
    };

    /// <summary>A day as it is stored: 20260301.</summary>
    public static int NumberOf(DateOnly day) => day.Year * 10_000 + day.Month * 100 + day.Day;

    /// <summary>The day that <see cref="NumberOf"/> stored.</summary>
    public static DateOnly DayOf(int number) =>
        DateOnly.ParseExact(number.ToString("00000000", CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture);
}
