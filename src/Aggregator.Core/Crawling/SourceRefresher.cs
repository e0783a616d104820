using Aggregator.Core.Background;
using Aggregator.Core.Capturing;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Extracting;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Core.WebSub;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aggregator.Core.Crawling;

/// <summary>The whole way of one source: fetch, parse, normalise, compare with what we have, store.</summary>
/// <param name="fetcher">Fetches.</param>
/// <param name="normalizer">Makes entries of what was parsed.</param>
/// <param name="store">What is known, and where it is written.</param>
/// <param name="policy">Says when to come back.</param>
/// <param name="time">The clock.</param>
/// <param name="addresses">Says what redirects and lasting failures mean; null for the defaults.</param>
/// <param name="budget">The memory of bodies; null for one of its own.</param>
/// <param name="discovery">Looks for the feeds of a failing source's site; null to leave that out.</param>
/// <param name="hubs">Told of hubs, or null.</param>
/// <param name="telemetry">Told of every refresh, or null.</param>
/// <param name="logger">Where errors of our own are written, or null.</param>
/// <param name="captures">When the text of a feed is short; null for the defaults.</param>
/// <param name="fetching">Who we are to robots directives; null for the defaults.</param>
public sealed partial class SourceRefresher(
    IFeedFetcher fetcher, FeedNormalizer normalizer, IRefreshStore store, RefreshPolicy policy, TimeProvider time,
    AddressPolicy? addresses = null, ByteBudget? budget = null, FeedDiscovery? discovery = null,
    HubWatch? hubs = null, AggregatorTelemetry? telemetry = null, ILogger<SourceRefresher>? logger = null, CaptureOptions? captures = null,
    FetchingOptions? fetching = null) : ISourceRefresher, IDisposable
{
    /// <summary>
    /// How many of the documents that were fetched are between being read and being stored at once; the others wait as they came.
    /// Some for each processor, and those that wait for each other to be written in one transaction.
    /// </summary>
    public static int MaxRead { get; } = (4 * Environment.ProcessorCount) + RefreshWrite.MostTogether;

    // What is made of documents lives until it is stored. Of more than the processors and the store can be busy with, the garbage collector has to copy
    // what waits, again and again, while everybody else stands still.
    private readonly SemaphoreSlim _reading = new(MaxRead, MaxRead);

    private readonly int _shortBelow = (captures ?? new CaptureOptions()).ShortBelow;
    private readonly string _productToken = ProductToken.Of(fetching?.UserAgent);
    private readonly ILogger _logger = logger ?? NullLogger<SourceRefresher>.Instance;
    private readonly AddressPolicy _addresses = addresses ?? new AddressPolicy(new FetchingOptions());
    private readonly ByteBudget _budget = budget ?? new ByteBudget(new FetchingOptions().MaxBytesInFlight);

    /// <summary>Some servers answer 304 to any conditional request for ever; every eighth day we ask without validators.</summary>
    public static readonly TimeSpan ValidatorsLast = TimeSpan.FromDays(8);

    /// <inheritdoc />
    public void Dispose() => _reading.Dispose();

    /// <inheritdoc />
    public async Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, HostTurn? turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var activity = AggregatorTelemetry.Activities.StartActivity("refresh");
        activity?.SetTag("source.id", source.Id);
        var started = time.GetTimestamp();
        var refresh = new Refresh(source, leaseOwner, time.GetUtcNow()) { Trace = new FetchTrace(time), Turn = turn, Started = started };
        var outcome = await RefreshAsync(refresh, cancellationToken).ConfigureAwait(false);
        activity?.SetTag("outcome", outcome.GetType().Name);
        telemetry?.Refreshed(source.Id, outcome, refresh.Trace, time.GetElapsedTime(started), refresh.Next);
        return outcome;
    }

    private async Task<RefreshOutcome> RefreshAsync(Refresh refresh, CancellationToken cancellationToken)
    {
        var source = refresh.Source;
        // Until what came of the body is stored: what is made of it takes several times as much.
        using var lease = _budget.Open();
        var request = new FetchRequest(source.Url, Usable(source.Validators, refresh.At)) { Settings = source.FetchSettings, Lease = lease, Trace = refresh.Trace, Turn = refresh.Turn };
        try
        {
            var result = await fetcher.FetchAsync(request, cancellationToken).ConfigureAwait(false);
            refresh.MovedTo = result.MovedTo;
            return result switch
            {
                FetchResult.Fetched fetched => await ReadInTurnAsync(refresh, fetched, cancellationToken).ConfigureAwait(false),
                FetchResult.NotModified same => await UnchangedAsync(refresh, same, cancellationToken).ConfigureAwait(false),
                FetchResult.Postponed postponed => new RefreshOutcome.Postponed(postponed.Until),
                FetchResult.Gone gone => await FailedAsync(refresh, gone.Failure, null, null, cancellationToken).ConfigureAwait(false),
                FetchResult.Failed failed => await FailedAsync(refresh, failed.Failure, failed.WaitAtLeast, null, cancellationToken).ConfigureAwait(false),
                var other => throw new InvalidOperationException($"{other.GetType().Name} is no known result of a fetch."),
            };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Without a failure, and the wait that goes with it, the source would come again as soon as its lease ends, for ever.
            _logger.LogError(error, "Refreshing source {SourceId} failed", source.Id);
            var failure = FetchFailure.OfRefresh(error, refresh.At);
            return await FailedAsync(refresh, failure, null, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RefreshOutcome> ReadInTurnAsync(Refresh refresh, FetchResult.Fetched fetched, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReadAsync(refresh, fetched, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<RefreshOutcome> ReadAsync(Refresh refresh, FetchResult.Fetched fetched, CancellationToken cancellationToken)
    {
        await BackgroundThreads.Shared.EnterAsync();
        var (source, document) = (refresh.Source, fetched.Document);
        var context = ContextOf(source, document, refresh.At);
        var baseUrl = context.BaseUrl;
        var started = time.GetTimestamp();
        using var parsing = AggregatorTelemetry.Activities.StartActivity("parse");
        var parsed = FeedParser.Parse(document.Body, context, cancellationToken);
        parsing?.Stop();
        telemetry?.Parsed(time.GetElapsedTime(started));
        if (parsed is ParseResult.Refused refused)
            return await FailedAsync(refresh, new FetchFailure(refused.Kind, refused.Reason, refresh.At), null, document, cancellationToken).ConfigureAwait(false);

        var feed = ((ParseResult.Parsed)parsed).Feed;
        var (normalized, compared) = await CompareAsync(refresh, feed, baseUrl, cancellationToken).ConfigureAwait(false);
        var churn = VersionBudget.Churn(source.Churn, compared.Changed.Count, compared.Known);
        var held = await HoldAsync(refresh, compared, VersionBudget.IsVolatile(churn), cancellationToken).ConfigureAwait(false);
        var routed = await RouteAsync(source, held, cancellationToken).ConfigureAwait(false);
        var comparison = routed.Comparison;
        var read = source with
        {
            Rhythm = source.Rhythm.IsKnown || document.IsDelta
                ? source.Rhythm.With(comparison.Added.Select(entry => entry.PublishedAt), source.LastSuccessAt ?? refresh.At, refresh.At)
                : PostingRhythm.Of(normalized.Entries.Select(entry => entry.PublishedAt).OfType<DateTimeOffset>(), refresh.At),
            Hints = PollingHints.Of(feed.MinimumInterval, feed.SkipHours, feed.SkipDays),
            FailureCount = 0,
        };
        var next = policy.Next(read, fetched.WaitAtLeast, refresh.At, refresh.Jitter);
        var truncation = feed.IsTruncated
            ? new FetchFailure(FetchFailureKind.Truncated, $"The document ends in the middle; the {normalized.Entries.Count} complete entries of it were kept.", refresh.At)
            : null;
        var (fetchState, moveTo) = truncation is null ? _addresses.AfterSuccess(source, refresh.MovedTo, hasFeed: true, refresh.At) : (AddressPolicy.AfterFailure(source.FetchState, truncation, movedTo: null), null);
        var after = read with
        {
            State = truncation is null ? Revived(source.State) : source.State,
            FetchState = fetchState,
            Feed = normalized.Facts with { Wishes = WishesOf(source, normalized.Facts, document, truncation is not null) },
            // Half a document must not become "unchanged" next time, nor one whose changes wait.
            Validators = truncation is null && comparison.Held == 0 ? document.Validators with { ParserVersion = FeedParser.Version } : new Validators(),
            IdentityRule = normalized.IdentityRule,
            NextFetchAt = next.At,
            ScheduleReason = next.Reason.ToString(),
            LastFetchAt = refresh.At,
            LastSuccessAt = truncation is null ? refresh.At : source.LastSuccessAt,
            LastChangeAt = comparison.HasChanges ? refresh.At : source.LastChangeAt,
            // What a delta does not list has not left.
            LastDocumentAt = truncation is null && !document.IsDelta ? refresh.At : source.LastDocumentAt,
            FailureCount = truncation is null ? 0 : source.FailureCount + 1,
            LastFailure = truncation,
            HealthNote = Note(normalized.Notes, churn, comparison.Held),
            Churn = churn,
            LastFetchDuration = time.GetElapsedTime(refresh.Started),
        };
        // The store packs what it writes.
        await BackgroundThreads.Shared.EnterAsync();
        var saved = await store.SaveAsync(new RefreshWrite
        {
            Source = after,
            LeaseOwner = refresh.LeaseOwner,
            At = refresh.At,
            Facts = FactsOf(document),
            Fetch = RecordOf(refresh, after, FetchRecordKind.Read),
            MayWait = MaxRead - _reading.CurrentCount > 1,
            MoveTo = moveTo,
            Added = comparison.Added,
            Changed = comparison.Changed,
            RightsChanged = comparison.RightsChanged,
            Seen = comparison.Seen,
            Rekeyed = comparison.Rekeyed,
            Captures = CapturesOf(source, comparison),
            Dropped = routed.Dropped,
            StillDropped = routed.StillDropped,
            Routes = routed.Routes,
        }, cancellationToken).ConfigureAwait(false);
        refresh.Next = next.At;
        if (saved && hubs is not null)
        {
            await hubs.PolledAsync(source, comparison.Added, refresh.At, cancellationToken).ConfigureAwait(false);
            if (truncation is null)
                await hubs.ReadAsync(source, document.LinkHeaders, document.FinalUrl, feed, refresh.At, cancellationToken).ConfigureAwait(false);
        }

        return !saved ? new RefreshOutcome.LeaseLost()
            : truncation is not null ? new RefreshOutcome.Failed(truncation)
            : comparison.HasChanges ? new RefreshOutcome.Changed(comparison.Added.Count, comparison.Changed.Count)
            : new RefreshOutcome.Unchanged();
    }

    /// <summary>
    /// What a document asks of those who would republish it: in its text, and in its <c>X-Robots-Tag</c>. Half a document may not have come to
    /// what was asked before.
    /// </summary>
    private PublisherWishes WishesOf(Source source, FeedFacts facts, FetchedDocument document, bool isTruncated)
    {
        var wishes = isTruncated ? source.Feed.Wishes | facts.Wishes : facts.Wishes;
        return RobotsDirectives.FromHeaders(document.RobotsTags, _productToken).AllowsCopies ? wishes : wishes | PublisherWishes.NotArchived;
    }

    /// <summary>How a source's document is to be read, whether it was fetched or pushed.</summary>
    private ParseContext ContextOf(Source source, FetchedDocument document, DateTimeOffset at) => new()
    {
        // Of a base only the path matters, but to a reference that is empty or a fragment: it would take a private query along.
        BaseUrl = document.FinalUrl is { } url ? new UriBuilder(url) { Query = "", Fragment = "" }.Uri : null,
        ContentType = document.ContentType,
        FetchedAt = at,
        DefaultZone = source.DefaultZone,
        CharsetOverride = source.FetchSettings?.Charset,
        ProductToken = _productToken,
    };

    private async Task<(NormalizedFeed Feed, EntryComparison Comparison)> CompareAsync(
        Refresh refresh, ParsedFeed feed, Uri? baseUrl, CancellationToken cancellationToken)
    {
        var rule = refresh.Source.IdentityRule;
        while (true)
        {
            var normalized = normalizer.Normalize(feed, new NormalizeContext
            {
                BaseUrl = baseUrl,
                FetchedAt = refresh.At,
                IdentityRule = rule,
                DefaultLanguage = refresh.Source.DefaultLanguage,
            });
            var keys = normalized.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
            var urls = normalized.Entries.Select(entry => entry.Url).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var known = await store.FindKnownAsync(refresh.Source.Id, keys, urls, cancellationToken).ConfigureAwait(false);
            var comparison = EntryComparison.Of(
                normalized.Entries, known, refresh.Source.IdentityRule, normalized.IdentityRule, refresh.At);
            if (!comparison.IdsAreUnstable || normalized.IdentityRule != IdentityRule.Id) return (normalized, comparison);

            rule = IdentityRule.Link;
        }
    }

    /// <summary>Leaves out the changes of entries that have had their versions for now.</summary>
    private async Task<EntryComparison> HoldAsync(Refresh refresh, EntryComparison comparison, bool isVolatile, CancellationToken cancellationToken)
    {
        if (comparison.Restless.Count == 0) return comparison;
        var recent = await store.CountVersionsAsync(comparison.Restless, refresh.At - VersionBudget.Window, cancellationToken).ConfigureAwait(false);
        return comparison.Hold(recent
            .Where(entry => !VersionBudget.Allows(isVolatile, entry.Count, entry.NewestAt, refresh.At))
            .Select(entry => entry.EntryId)
            .ToHashSet());
    }

    /// <summary>The pages to look at: of what is new, and of what the feed says otherwise now, for then the page most likely does too.</summary>
    private List<WantedCapture> CapturesOf(Source source, EntryComparison comparison) => source.Capture.Mode == CaptureMode.Off
        ? []
        : [.. comparison.Added.Concat(comparison.Changed.Select(change => change.Entry))
            .Where(entry => source.Capture.Wants(entry, _shortBelow))
            .DistinctBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new WantedCapture(entry.Key, HostGate.HostOf(entry.Url!)))];

    private static string? Note(IReadOnlyList<string> notes, int churn, int held)
    {
        var all = new List<string>(notes);
        if (VersionBudget.IsVolatile(churn))
            all.Add($"nearly every entry changes at every poll, so that a change is kept as a version at most every {VersionBudget.VolatileGap.TotalHours:0} hours");
        if (held > 0) all.Add($"{held} {(held == 1 ? "entry" : "entries")} changed too often today; the newest text is taken later");
        return all.Count > 0 ? string.Join("; ", all) : null;
    }

    private async Task<RefreshOutcome> UnchangedAsync(Refresh refresh, FetchResult.NotModified same, CancellationToken cancellationToken)
    {
        // There is no body whose memory has to be bounded: others may be asked while this one is written.
        refresh.Turn?.End();
        var next = policy.Next(refresh.Source with { FailureCount = 0 }, same.WaitAtLeast, refresh.At, refresh.Jitter);
        var (fetchState, moveTo) = _addresses.AfterSuccess(refresh.Source, refresh.MovedTo, same.IsSameBody, refresh.At);
        var after = refresh.Source with
        {
            State = Revived(refresh.Source.State),
            FetchState = fetchState,
            Validators = same.Validators with { ParserVersion = FeedParser.Version },
            NextFetchAt = next.At,
            ScheduleReason = next.Reason.ToString(),
            LastFetchAt = refresh.At,
            LastSuccessAt = refresh.At,
            FailureCount = 0,
            LastFailure = null,
            Churn = VersionBudget.Churn(refresh.Source.Churn, 0, int.MaxValue),
        };
        if (!await SaveSourceAsync(refresh, after, FetchRecordKind.NotModified, moveTo, cancellationToken).ConfigureAwait(false)) return new RefreshOutcome.LeaseLost();
        if (hubs is not null) await hubs.PolledAsync(refresh.Source, [], refresh.At, cancellationToken).ConfigureAwait(false);
        return new RefreshOutcome.Unchanged();
    }

    private async Task<RefreshOutcome> FailedAsync(
        Refresh refresh, FetchFailure failure, TimeSpan? retryAfter, FetchedDocument? page, CancellationToken cancellationToken)
    {
        var source = refresh.Source;
        var failures = source.FailureCount + 1;
        // What the publisher asks for counts from the answer, which may have taken its time.
        var next = policy.Next(source with { FailureCount = failures }, retryAfter, failure.At, refresh.Jitter);
        var fetchState = AddressPolicy.AfterFailure(source.FetchState, failure, refresh.MovedTo);
        var isDead = _addresses.IsDead(fetchState, failure, failures, refresh.At);
        var isRetired = isDead || failure.Kind == FetchFailureKind.Gone;
        if (isDead)
            failure = failure with { Message = $"{failure.Message} It has been away since {fetchState.AwaySince:yyyy-MM-dd} and is not asked again; refresh or resume it to try once more." };
        var after = source with
        {
            State = isRetired ? SourceState.Gone : source.State,
            FetchState = AddressPolicy.ShouldLookAround(failure, failures, isRetired)
                ? fetchState with { Proposals = await LookAroundAsync(refresh, page, cancellationToken).ConfigureAwait(false) }
                : fetchState,
            NextFetchAt = next.At,
            ScheduleReason = (isRetired ? new ScheduleReason(ScheduleReasonKind.Retired, TimeSpan.Zero) : next.Reason).ToString(),
            LastFetchAt = refresh.At,
            FailureCount = failures,
            LastFailure = failure,
        };
        return await SaveSourceAsync(refresh, after, FetchRecordKind.Failed, null, cancellationToken).ConfigureAwait(false)
            ? new RefreshOutcome.Failed(failure)
            : new RefreshOutcome.LeaseLost();
    }

    /// <summary>Other feeds of the source's site: by the page that came instead of the feed, or by the site's own.</summary>
    private async Task<IReadOnlyList<ProposedFeed>?> LookAroundAsync(Refresh refresh, FetchedDocument? page, CancellationToken cancellationToken)
    {
        var source = refresh.Source;
        var found = page is { FinalUrl: { } address }
            ? [.. FeedLinks.Of(page.Body, page.ContentType, address).Where(feed => feed.Url != source.Url).Select(feed => new ProposedFeed(feed.Url, feed.Title))]
            : discovery is not null ? await discovery.LookAsync(source, refresh.Turn, cancellationToken).ConfigureAwait(false)
            : [];
        return found.Count > 0 ? found : null;
    }

    private Task<bool> SaveSourceAsync(Refresh refresh, Source after, FetchRecordKind kind, string? moveTo, CancellationToken cancellationToken)
    {
        refresh.Next = after.NextFetchAt;
        after = after with { LastFetchDuration = time.GetElapsedTime(refresh.Started) };
        return store.SaveAsync(
            new RefreshWrite { Source = after, LeaseOwner = refresh.LeaseOwner, At = refresh.At, MoveTo = moveTo, IsQuiet = moveTo is null, Fetch = RecordOf(refresh, after, kind) },
            cancellationToken);
    }

    private static FetchRecord RecordOf(Refresh refresh, Source after, FetchRecordKind kind) => new()
    {
        At = refresh.At,
        Kind = after.LastFailure is null ? kind : FetchRecordKind.Failed,
        Duration = after.LastFetchDuration,
        Status = refresh.Trace.Last?.Status,
        Bytes = refresh.Trace.Hops.Count > 0 ? refresh.Trace.Hops.Sum(hop => hop.WireBytes) : null,
        Redirects = Math.Max(0, refresh.Trace.Hops.Count - 1),
        Failure = after.LastFailure,
    };

    private static CaptureFacts FactsOf(FetchedDocument document) => document.FinalUrl is { } url
        ? new CaptureFacts(PublicSourceAddress.Clean(url.AbsoluteUri, keepFragment: false, out _), 200, document.Validators.ETag, document.Validators.LastModified)
        : new CaptureFacts();

    // Somebody refreshed it by hand, and it is back.
    private static SourceState Revived(SourceState state) => state == SourceState.Gone ? SourceState.Active : state;

    private static Validators Usable(Validators validators, DateTimeOffset now)
    {
        if (validators.ParserVersion != FeedParser.Version) return new Validators();
        // The hash is our own knowledge and stays: the same bytes need no second reading, however old they are.
        return validators.ObtainedAt is { } at && now - at > ValidatorsLast
            ? new Validators { BodyHash = validators.BodyHash, ParserVersion = validators.ParserVersion }
            : validators;
    }

    /// <summary>
    /// A number from 0 to 1 for a source and a moment. Multiples of the golden ratio lie as evenly as can be, so that sources
    /// that were fetched in one instant, hundreds by one crawl, share no second afterwards; the moment moves all of them alike.
    /// </summary>
    public static double JitterOf(long sourceId, DateTimeOffset at) =>
        ((sourceId * 0.6180339887498949) + (at.ToUnixTimeMilliseconds() % 86_400_000 * 0.0754877666246927)) % 1;

    private sealed record Refresh(Source Source, string LeaseOwner, DateTimeOffset At)
    {
        public required FetchTrace Trace { get; init; }

        public required long Started { get; init; }

        public HostTurn? Turn { get; init; }

        /// <summary>Where permanent redirects led, once there was an answer.</summary>
        public Uri? MovedTo { get; set; }

        /// <summary>When it is due next, once that is decided.</summary>
        public DateTimeOffset? Next { get; set; }

        public double Jitter { get; } = JitterOf(Source.Id, At);
    }
}
