using Aggregator.Core.Takedowns;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Takedowns;

/// <summary>A request as it is read, with the tombstone of its article where there is one.</summary>
internal sealed record TakedownRow
{
    public required long Id { get; init; }
    public required long EntryId { get; init; }
    public string? Title { get; init; }
    public string? Url { get; init; }
    public required int Reason { get; init; }
    public string? Message { get; init; }
    public string? Contact { get; init; }
    public required long ReceivedAt { get; init; }
    public required int State { get; init; }
    public string? Note { get; init; }
    public long? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public int? IsLegal { get; init; }
    public long? RemovedAt { get; init; }
    public long? PurgeAt { get; init; }
    public long? PurgedAt { get; init; }

    public TakedownRequest ToRequest() => new()
    {
        Id = Id,
        EntryId = EntryId,
        Title = Title,
        Url = Url,
        Reason = (TakedownReason)Reason,
        Message = Message,
        Contact = Contact,
        ReceivedAt = UnixTime.FromMilliseconds(ReceivedAt),
        State = (TakedownState)State,
        Note = Note,
        DecidedAt = UnixTime.FromMilliseconds(DecidedAt),
        DecidedBy = DecidedBy,
        Tombstone = RemovedAt is { } removed && PurgeAt is { } purge
            ? new Tombstone(EntryId, IsLegal == 1, UnixTime.FromMilliseconds(removed), UnixTime.FromMilliseconds(purge), UnixTime.FromMilliseconds(PurgedAt))
            : null,
    };
}
