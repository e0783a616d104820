namespace Aggregator.Core.Snapshots;

/// <summary>
/// One captured version of an entry, without its text: what stays for ever. It outlives the entry, retention and take-down.
/// All times are UTC.
/// </summary>
public sealed record Snapshot
{
    /// <summary>Its number over all entries, which grows with time and orders the proofs.</summary>
    public required long Id { get; init; }

    /// <summary>The entry that it is a version of.</summary>
    public required long EntryId { get; init; }

    /// <summary>Its number inside the entry, without gaps; 1 is the first, but for entries that came from a store of before there were snapshots.</summary>
    public required int Number { get; init; }

    /// <summary>What was captured.</summary>
    public required SnapshotKind Kind { get; init; }

    /// <summary>When, to the millisecond. Inside an entry it grows with <see cref="Number"/>, and no two share a second.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>The title as plain text; null once it was taken down.</summary>
    public string? Title { get; init; }

    /// <summary>When the publisher says it was published.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>In what it differs from the version before it of the same kind.</summary>
    public required SnapshotChanges Changes { get; init; }

    /// <summary>Its <see cref="VersionHash"/>, which decides whether the next capture is another version.</summary>
    public required ReadOnlyMemory<byte> ContentHash { get; init; }

    /// <summary>SHA-256 of the canonical document, byte for byte as it is served: see <see cref="SnapshotDocument"/>.</summary>
    public required ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>The address that answered, after redirects, without credentials; null for a document of the catalogue.</summary>
    public string? FinalUrl { get; init; }

    /// <summary>The HTTP status of the capture.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>ETag</c> of the answer.</summary>
    public string? ETag { get; init; }

    /// <summary>The <c>Last-Modified</c> of the answer, as it came.</summary>
    public string? LastModified { get; init; }

    /// <summary>Whether its text is still kept and may be shown. Retention and take-down remove texts, never snapshots.</summary>
    public required bool IsKept { get; init; }

    /// <summary>Whether its text is not shown because less than all of the entry may be (see <see cref="Publishing.RepublishRule"/>).</summary>
    public bool IsWithheld { get; init; }

    /// <summary>Why its text is no longer kept; null while it is.</summary>
    public SnapshotRemoval? Removal { get; init; }

    /// <summary>The day whose proof holds it; null until that day is sealed.</summary>
    public DateOnly? SealedOn { get; init; }
}
