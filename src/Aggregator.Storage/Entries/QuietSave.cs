using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Sources;

namespace Aggregator.Storage.Entries;

/// <summary>What a refresh that took no document over writes of its source, and into its fetch log.</summary>
internal sealed record QuietSave
{
    public required long Id { get; init; }
    public required string LeaseOwner { get; init; }
    public required int State { get; init; }
    public string? FetchState { get; init; }
    public string? Etag { get; init; }
    public string? LastModified { get; init; }
    public long? ValidatorsAt { get; init; }
    public required int ParserVersion { get; init; }
    public required long NextFetchAt { get; init; }
    public string? ScheduleReason { get; init; }
    public long? LastFetchAt { get; init; }
    public long? LastSuccessAt { get; init; }
    public required int FailureCount { get; init; }
    public int? FailureKind { get; init; }
    public string? FailureMessage { get; init; }
    public long? FailureAt { get; init; }
    public int? FailureStatus { get; init; }
    public required int Churn { get; init; }
    public long? LastFetchMs { get; init; }

    // Of the fetch log; null for no row.
    public long? LogAt { get; init; }
    public int? LogKind { get; init; }
    public long? LogMs { get; init; }
    public int? LogStatus { get; init; }
    public long? LogBytes { get; init; }
    public int? LogRedirects { get; init; }
    public int? LogFailureKind { get; init; }
    public string? LogFailureMessage { get; init; }

    /// <summary>What is to be written of a refresh whose <see cref="RefreshWrite.IsQuiet"/>.</summary>
    public static QuietSave From(RefreshWrite write)
    {
        var (source, fetch) = (write.Source, write.Fetch);
        return new QuietSave
        {
            Id = source.Id,
            LeaseOwner = StorableText.Of(write.LeaseOwner),
            State = (int)source.State,
            FetchState = FetchJson.Write(source.FetchState),
            Etag = StorableText.Of(source.Validators.ETag),
            LastModified = StorableText.Of(source.Validators.LastModified),
            ValidatorsAt = UnixTime.ToMilliseconds(source.Validators.ObtainedAt),
            ParserVersion = source.Validators.ParserVersion,
            NextFetchAt = source.NextFetchAt.ToUnixTimeMilliseconds(),
            ScheduleReason = StorableText.Of(source.ScheduleReason),
            LastFetchAt = UnixTime.ToMilliseconds(source.LastFetchAt),
            LastSuccessAt = UnixTime.ToMilliseconds(source.LastSuccessAt),
            FailureCount = source.FailureCount,
            FailureKind = (int?)source.LastFailure?.Kind,
            FailureMessage = StorableText.Of(source.LastFailure?.Message),
            FailureAt = UnixTime.ToMilliseconds(source.LastFailure?.At),
            FailureStatus = source.LastFailure?.HttpStatus,
            Churn = source.Churn,
            LastFetchMs = (long?)source.LastFetchDuration?.TotalMilliseconds,
            LogAt = UnixTime.ToMilliseconds(fetch?.At),
            LogKind = (int?)fetch?.Kind,
            LogMs = (long?)fetch?.Duration?.TotalMilliseconds,
            LogStatus = fetch?.Status,
            LogBytes = fetch?.Bytes,
            LogRedirects = fetch?.Redirects,
            LogFailureKind = (int?)fetch?.Failure?.Kind,
            LogFailureMessage = StorableText.Of(fetch?.Failure?.Message),
        };
    }
}
