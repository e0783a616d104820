using Aggregator.Core.Publishing;

namespace Aggregator.Core.Model;

/// <summary>An upstream feed that we poll: its address, its settings, its schedule and its health. All times are UTC.</summary>
public sealed record Source
{
    /// <summary>The scheme of a source that is a document bundled with the catalogue: <c>catalogue:samples/news.xml</c>.</summary>
    public const string CatalogueScheme = "catalogue";

    /// <summary>The source's number in the store.</summary>
    public required long Id { get; init; }

    /// <summary>
    /// The address that we poll, unique over all sources: absolute <c>http</c> or <c>https</c>, or
    /// <c>catalogue:</c> and a path inside the catalogue folder. It may hold credentials and is never published as it is.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The title an admin gave it, or null to go by <see cref="FeedFacts.Title"/>.</summary>
    public string? Title { get; init; }

    /// <summary>Whether it is polled.</summary>
    public required SourceState State { get; init; }

    /// <summary>The zone of dates that name none: an IANA name (<c>Asia/Shanghai</c>) or an offset (<c>+08:00</c>); null means UTC.</summary>
    public string? DefaultZone { get; init; }

    /// <summary>The language of entries that declare none (BCP 47), set by an admin or the catalogue.</summary>
    public string? DefaultLanguage { get; init; }

    /// <summary>What the feed said of itself when it was last read.</summary>
    public FeedFacts Feed { get; init; } = new();

    /// <summary>What the publisher's last answer lets us ask next time (RFC 9110 §8.8).</summary>
    public Validators Validators { get; init; } = new();

    /// <summary>The rung of the identity ladder on which its entries are told apart.</summary>
    public IdentityRule IdentityRule { get; init; } = IdentityRule.Id;

    /// <summary>When it is due next.</summary>
    public required DateTimeOffset NextFetchAt { get; init; }

    /// <summary>Why it is due then: a <see cref="Model.ScheduleReason"/> as it is stored, or a sentence of an older version.</summary>
    public string? ScheduleReason { get; init; }

    /// <summary>How it posts, learnt from its documents.</summary>
    public PostingRhythm Rhythm { get; init; } = PostingRhythm.Unknown;

    /// <summary>What its last document asks of those who poll it.</summary>
    public PollingHints Hints { get; init; } = new();

    /// <summary>The shortest time between two fetches that an admin set for it, or null; it only narrows the general bounds.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>The longest time between two fetches that an admin set for it, or null; it only narrows the general bounds.</summary>
    public TimeSpan? MaxInterval { get; init; }

    /// <summary>Who holds the lease, or null.</summary>
    public string? LeaseOwner { get; init; }

    /// <summary>When the lease runs out and another worker may claim the source.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>When it was last asked, with whatever outcome.</summary>
    public DateTimeOffset? LastFetchAt { get; init; }

    /// <summary>When it last answered with a feed or with 304.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When it last brought a new or changed entry.</summary>
    public DateTimeOffset? LastChangeAt { get; init; }

    /// <summary>When a whole document of it was last stored: an entry not seen since has left the feed.</summary>
    public DateTimeOffset? LastDocumentAt { get; init; }

    /// <summary>Failures in a row; 0 when the last fetch succeeded.</summary>
    public int FailureCount { get; init; }

    /// <summary>The failure of the last fetch, or null when it succeeded.</summary>
    public FetchFailure? LastFailure { get; init; }

    /// <summary>What the parser had to mend, or the identity ladder had to give up, in the last document; for an admin.</summary>
    public string? HealthNote { get; init; }

    /// <summary>How much of its entries may be shown by an admin's word, or null to go by its categories.</summary>
    public RepublishLevel? Republish { get; init; }

    /// <summary>Whether an admin says that the publisher agreed: then what the feed asks for as a whole does not count.</summary>
    public bool PublisherAgrees { get; init; }

    /// <summary>The strictest <see cref="Category.Republish"/> of its categories, or null when none has one.</summary>
    public RepublishLevel? CategoryRepublish { get; init; }

    /// <summary>How much of its entries may be shown: see <see cref="RepublishRule"/>.</summary>
    public RepublishLevel Level => RepublishRule.LevelOf(Republish, CategoryRepublish, Feed.Wishes, PublisherAgrees);

    /// <summary>What an admin wants of its requests, or null for nothing special. It holds secrets and is never published.</summary>
    public FetchSettings? FetchSettings { get; init; }

    /// <summary>What an admin wants of the pages of its articles.</summary>
    public CapturePolicy Capture { get; init; } = CapturePolicy.Off;

    /// <summary>The rules for its entries, as an admin wrote them, or null; see <see cref="Routing.RoutingRules"/>.</summary>
    public string? Rules { get; init; }

    /// <summary>What redirects and failures taught us about its address.</summary>
    public FetchState FetchState { get; init; } = FetchState.Nothing;

    /// <summary>The WebSub hub that its last document named, or null.</summary>
    public string? HubUrl { get; init; }

    /// <summary>The topic that the document named for that hub, or null.</summary>
    public string? HubTopic { get; init; }

    /// <summary>Until when a hub that we rely on has promised to push its news (WebSub §5.3), or null.</summary>
    public DateTimeOffset? HubLeaseUntil { get; init; }

    /// <summary>
    /// How much of what its entries said changes from poll to poll, in thousandths, the last polls counting most. A source near
    /// 1000 changes everything at every poll: see <see cref="Crawling.VersionBudget"/>.
    /// </summary>
    public int Churn { get; init; }

    /// <summary>How long its last fetch took, or null when there was none.</summary>
    public TimeSpan? LastFetchDuration { get; init; }

    /// <summary>When an admin deleted it, or null; see <see cref="SourceState.Deleted"/>.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What to call it: the admin's title, else the feed's, else the host of its address.</summary>
    public string DisplayTitle =>
        !string.IsNullOrWhiteSpace(Title) ? Title
        : !string.IsNullOrWhiteSpace(Feed.Title) ? Feed.Title
        : Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host
        : Url;

    /// <summary>Whether it is a document bundled with the catalogue, read from the disk and not over HTTP.</summary>
    public bool IsCatalogueDocument => Url.StartsWith(CatalogueScheme + ":", StringComparison.Ordinal);
}
