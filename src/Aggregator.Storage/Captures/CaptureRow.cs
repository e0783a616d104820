using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Captures;

/// <summary>A claimed capture with its entry.</summary>
internal sealed record CaptureRow
{
    public required long EntryId { get; init; }
    public required long SourceId { get; init; }
    public string? Url { get; init; }
    public string? Host { get; init; }
    public required long DueAt { get; init; }
    public required int Attempts { get; init; }
    public long? CapturedAt { get; init; }
    public required string Title { get; init; }
    public required long SortAt { get; init; }
    public string? Etag { get; init; }
    public string? LastModified { get; init; }

    public DueCapture ToDueCapture() => new()
    {
        EntryId = EntryId,
        SourceId = SourceId,
        Url = Url,
        Host = Host,
        DueAt = UnixTime.FromMilliseconds(DueAt),
        Attempts = Attempts,
        CapturedAt = UnixTime.FromMilliseconds(CapturedAt),
        Title = Title,
        AppearedAt = UnixTime.FromMilliseconds(SortAt),
        ETag = Etag,
        LastModified = LastModified,
    };
}
