using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Sources;

/// <summary>A row of <c>source</c>.</summary>
internal sealed record SourceRow
{
    public required long Id { get; init; }
    public required string Url { get; init; }
    public string? Title { get; init; }
    public required int State { get; init; }
    public string? DefaultZone { get; init; }
    public string? DefaultLanguage { get; init; }
    public string? FeedTitle { get; init; }
    public string? FeedDescription { get; init; }
    public string? FeedSiteUrl { get; init; }
    public string? FeedId { get; init; }
    public string? FeedLanguage { get; init; }
    public string? FeedRights { get; init; }
    public string? FeedLicense { get; init; }
    public int FeedWishes { get; init; }
    public int? Republish { get; init; }
    public bool PublisherAgrees { get; init; }
    public int? CategoryRepublish { get; init; }
    public string? FeedFormat { get; init; }
    public long? FeedUpdatedAt { get; init; }
    public string? Etag { get; init; }
    public string? LastModified { get; init; }
    public byte[]? BodyHash { get; init; }
    public long? ValidatorsAt { get; init; }
    public required int ParserVersion { get; init; }
    public required int IdentityRule { get; init; }
    public required long NextFetchAt { get; init; }
    public string? ScheduleReason { get; init; }
    public byte[]? Rhythm { get; init; }
    public long? FeedMinInterval { get; init; }
    public int SkipHours { get; init; }
    public int SkipDays { get; init; }
    public long? MinInterval { get; init; }
    public long? MaxInterval { get; init; }
    public long? HubLeaseUntil { get; init; }
    public string? LeaseOwner { get; init; }
    public long? LeaseUntil { get; init; }
    public long? LastFetchAt { get; init; }
    public long? LastSuccessAt { get; init; }
    public long? LastChangeAt { get; init; }
    public long? LastDocumentAt { get; init; }
    public required int FailureCount { get; init; }
    public int? FailureKind { get; init; }
    public string? FailureMessage { get; init; }
    public long? FailureAt { get; init; }
    public int? FailureStatus { get; init; }
    public string? HealthNote { get; init; }
    public int Churn { get; init; }
    public long? LastFetchMs { get; init; }
    public long? DeletedAt { get; init; }
    public required long CreatedAt { get; init; }
    public string? Host { get; init; }
    public string? FetchSettings { get; init; }
    public string? FetchState { get; init; }
    public string? Capture { get; init; }
    public string? Rules { get; init; }

    // Made by the database.
    public string? ListTitle { get; init; }
    public long Entries { get; init; }

    // Written with the subscriptions at hubs, never by a refresh.
    public string? HubUrl { get; init; }
    public string? HubTopic { get; init; }

    public static SourceRow From(Source source) => new()
    {
        Id = source.Id,
        Url = StorableText.Of(source.Url),
        Title = StorableText.Of(source.Title),
        State = (int)source.State,
        DefaultZone = StorableText.Of(source.DefaultZone),
        DefaultLanguage = StorableText.Of(source.DefaultLanguage),
        FeedTitle = StorableText.Of(source.Feed.Title),
        FeedDescription = StorableText.Of(source.Feed.Description),
        FeedSiteUrl = StorableText.Of(source.Feed.SiteUrl),
        FeedId = StorableText.Of(source.Feed.Id),
        FeedLanguage = StorableText.Of(source.Feed.Language),
        FeedRights = StorableText.Of(source.Feed.Rights),
        FeedLicense = StorableText.Of(source.Feed.LicenseUrl),
        FeedWishes = (int)source.Feed.Wishes,
        Republish = (int?)source.Republish,
        PublisherAgrees = source.PublisherAgrees,
        FeedFormat = StorableText.Of(source.Feed.Format),
        FeedUpdatedAt = UnixTime.ToMilliseconds(source.Feed.UpdatedAt),
        Etag = StorableText.Of(source.Validators.ETag),
        LastModified = StorableText.Of(source.Validators.LastModified),
        BodyHash = source.Validators.BodyHash.IsEmpty ? null : source.Validators.BodyHash.ToArray(),
        ValidatorsAt = UnixTime.ToMilliseconds(source.Validators.ObtainedAt),
        ParserVersion = source.Validators.ParserVersion,
        IdentityRule = (int)source.IdentityRule,
        NextFetchAt = source.NextFetchAt.ToUnixTimeMilliseconds(),
        ScheduleReason = StorableText.Of(source.ScheduleReason),
        Rhythm = source.Rhythm.IsKnown ? source.Rhythm.ToBytes() : null,
        FeedMinInterval = (long?)source.Hints.MinimumInterval?.TotalMilliseconds,
        SkipHours = source.Hints.SkipHours,
        SkipDays = source.Hints.SkipDays,
        MinInterval = (long?)source.MinInterval?.TotalMilliseconds,
        MaxInterval = (long?)source.MaxInterval?.TotalMilliseconds,
        HubLeaseUntil = UnixTime.ToMilliseconds(source.HubLeaseUntil),
        LeaseOwner = StorableText.Of(source.LeaseOwner),
        LeaseUntil = UnixTime.ToMilliseconds(source.LeaseUntil),
        LastFetchAt = UnixTime.ToMilliseconds(source.LastFetchAt),
        LastSuccessAt = UnixTime.ToMilliseconds(source.LastSuccessAt),
        LastChangeAt = UnixTime.ToMilliseconds(source.LastChangeAt),
        LastDocumentAt = UnixTime.ToMilliseconds(source.LastDocumentAt),
        FailureCount = source.FailureCount,
        FailureKind = (int?)source.LastFailure?.Kind,
        FailureMessage = StorableText.Of(source.LastFailure?.Message),
        FailureAt = UnixTime.ToMilliseconds(source.LastFailure?.At),
        FailureStatus = source.LastFailure?.HttpStatus,
        HealthNote = StorableText.Of(source.HealthNote),
        Churn = source.Churn,
        LastFetchMs = (long?)source.LastFetchDuration?.TotalMilliseconds,
        CreatedAt = source.CreatedAt.ToUnixTimeMilliseconds(),
        Host = StorableText.Of(HostGate.HostOf(source)),
        FetchSettings = FetchJson.Write(source.FetchSettings),
        FetchState = FetchJson.Write(source.FetchState),
        Capture = FetchJson.Write(source.Capture),
        Rules = StorableText.Of(source.Rules),
    };

    public Source ToSource() => new()
    {
        Id = Id,
        Url = Url,
        Title = Title,
        State = (SourceState)State,
        DefaultZone = DefaultZone,
        DefaultLanguage = DefaultLanguage,
        Feed = new FeedFacts
        {
            Title = FeedTitle,
            Description = FeedDescription,
            SiteUrl = FeedSiteUrl,
            Id = FeedId,
            Language = FeedLanguage,
            Rights = FeedRights,
            LicenseUrl = FeedLicense,
            Wishes = (PublisherWishes)FeedWishes,
            Format = FeedFormat,
            UpdatedAt = UnixTime.FromMilliseconds(FeedUpdatedAt),
        },
        Validators = new Validators
        {
            ETag = Etag,
            LastModified = LastModified,
            BodyHash = BodyHash,
            ObtainedAt = UnixTime.FromMilliseconds(ValidatorsAt),
            ParserVersion = ParserVersion,
        },
        IdentityRule = (IdentityRule)IdentityRule,
        NextFetchAt = UnixTime.FromMilliseconds(NextFetchAt),
        ScheduleReason = ScheduleReason,
        Rhythm = PostingRhythm.FromBytes(Rhythm),
        Hints = new PollingHints { MinimumInterval = Interval(FeedMinInterval), SkipHours = SkipHours, SkipDays = SkipDays },
        MinInterval = Interval(MinInterval),
        MaxInterval = Interval(MaxInterval),
        HubLeaseUntil = UnixTime.FromMilliseconds(HubLeaseUntil),
        LeaseOwner = LeaseOwner,
        LeaseUntil = UnixTime.FromMilliseconds(LeaseUntil),
        LastFetchAt = UnixTime.FromMilliseconds(LastFetchAt),
        LastSuccessAt = UnixTime.FromMilliseconds(LastSuccessAt),
        LastChangeAt = UnixTime.FromMilliseconds(LastChangeAt),
        LastDocumentAt = UnixTime.FromMilliseconds(LastDocumentAt),
        FailureCount = FailureCount,
        LastFailure = FailureKind is { } kind && FailureMessage is not null && FailureAt is { } at
            ? new FetchFailure((FetchFailureKind)kind, FailureMessage, UnixTime.FromMilliseconds(at), FailureStatus)
            : null,
        HealthNote = HealthNote,
        Churn = Churn,
        LastFetchDuration = Interval(LastFetchMs),
        DeletedAt = UnixTime.FromMilliseconds(DeletedAt),
        CreatedAt = UnixTime.FromMilliseconds(CreatedAt),
        Republish = (RepublishLevel?)Republish,
        PublisherAgrees = PublisherAgrees,
        CategoryRepublish = (RepublishLevel?)CategoryRepublish,
        FetchSettings = FetchJson.ReadSettings(FetchSettings),
        FetchState = FetchJson.ReadState(FetchState),
        Capture = FetchJson.ReadCapture(Capture),
        Rules = Rules,
        HubUrl = HubUrl,
        HubTopic = HubTopic,
    };

    private static TimeSpan? Interval(long? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;
}
