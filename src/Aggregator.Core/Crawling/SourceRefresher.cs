using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Crawling;

/// <summary>The whole way of one source: fetch, parse, normalise, compare with what we have, store.</summary>
/// <param name="fetcher">Fetches.</param>
/// <param name="normalizer">Makes entries of what was parsed.</param>
/// <param name="store">What is known, and where it is written.</param>
/// <param name="policy">Says when to come back.</param>
/// <param name="time">The clock.</param>
public sealed class SourceRefresher(IFeedFetcher fetcher, FeedNormalizer normalizer, IRefreshStore store, RefreshPolicy policy, TimeProvider time) : ISourceRefresher
{
    /// <summary>Some servers answer 304 to any conditional request for ever; every eighth day we ask without validators.</summary>
    public static readonly TimeSpan ValidatorsLast = TimeSpan.FromDays(8);

    /// <inheritdoc />
    public async Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var refresh = new Refresh(source, leaseOwner, time.GetUtcNow());
        var request = new FetchRequest(source.Url, Usable(source.Validators, refresh.At));
        return await fetcher.FetchAsync(request, cancellationToken).ConfigureAwait(false) switch
        {
            FetchResult.Fetched fetched => await ReadAsync(refresh, fetched, cancellationToken).ConfigureAwait(false),
            FetchResult.NotModified same => await UnchangedAsync(refresh, same, cancellationToken).ConfigureAwait(false),
            FetchResult.Gone gone => await FailedAsync(refresh, gone.Failure, null, SourceState.Gone, cancellationToken).ConfigureAwait(false),
            FetchResult.Failed failed => await FailedAsync(refresh, failed.Failure, failed.WaitAtLeast, source.State, cancellationToken).ConfigureAwait(false),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known result of a fetch."),
        };
    }

    private async Task<RefreshOutcome> ReadAsync(Refresh refresh, FetchResult.Fetched fetched, CancellationToken cancellationToken)
    {
        var (source, document) = (refresh.Source, fetched.Document);
        // Of a base only the path matters, but to a reference that is empty or a fragment: it would take a private query along.
        var baseUrl = document.FinalUrl is { } url ? new UriBuilder(url) { Query = "", Fragment = "" }.Uri : null;
        var parsed = FeedParser.Parse(document.Body, new ParseContext
        {
            BaseUrl = baseUrl,
            ContentType = document.ContentType,
            FetchedAt = refresh.At,
            DefaultZone = source.DefaultZone,
        }, cancellationToken);
        if (parsed is ParseResult.Refused refused)
            return await FailedAsync(refresh, new FetchFailure(refused.Kind, refused.Reason, refresh.At), null, source.State, cancellationToken).ConfigureAwait(false);

        var feed = ((ParseResult.Parsed)parsed).Feed;
        var (normalized, compared) = await CompareAsync(refresh, feed, baseUrl, cancellationToken).ConfigureAwait(false);
        var churn = VersionBudget.Churn(source.Churn, compared.Changed.Count, compared.Known);
        var comparison = await HoldAsync(refresh, compared, VersionBudget.IsVolatile(churn), cancellationToken).ConfigureAwait(false);
        var rhythm = PostingRhythm.Of(normalized.Entries.Select(entry => entry.PublishedAt ?? refresh.At), refresh.At);
        var next = policy.AfterSuccess(rhythm, Longer(fetched.WaitAtLeast, feed.MinimumInterval), refresh.At, refresh.Jitter);
        var truncation = feed.IsTruncated
            ? new FetchFailure(FetchFailureKind.Truncated, $"The document ends in the middle; the {normalized.Entries.Count} complete entries of it were kept.", refresh.At)
            : null;
        var after = source with
        {
            Feed = normalized.Facts,
            Rhythm = rhythm,
            // Half a document must not become "unchanged" next time, nor one whose changes wait.
            Validators = truncation is null && comparison.Held == 0 ? document.Validators with { ParserVersion = FeedParser.Version } : new Validators(),
            IdentityRule = normalized.IdentityRule,
            NextFetchAt = next.At,
            ScheduleReason = next.Reason,
            LastFetchAt = refresh.At,
            LastSuccessAt = truncation is null ? refresh.At : source.LastSuccessAt,
            LastChangeAt = comparison.HasChanges ? refresh.At : source.LastChangeAt,
            LastDocumentAt = truncation is null ? refresh.At : source.LastDocumentAt,
            FailureCount = truncation is null ? 0 : source.FailureCount + 1,
            LastFailure = truncation,
            HealthNote = Note(normalized.Notes, churn, comparison.Held),
            Churn = churn,
        };
        var saved = await store.SaveAsync(new RefreshWrite
        {
            Source = after,
            LeaseOwner = refresh.LeaseOwner,
            At = refresh.At,
            Facts = FactsOf(document),
            Added = comparison.Added,
            Changed = comparison.Changed,
            Seen = comparison.Seen,
            Rekeyed = comparison.Rekeyed,
        }, cancellationToken).ConfigureAwait(false);
        return !saved ? new RefreshOutcome.LeaseLost()
            : truncation is not null ? new RefreshOutcome.Failed(truncation)
            : comparison.HasChanges ? new RefreshOutcome.Changed(comparison.Added.Count, comparison.Changed.Count)
            : new RefreshOutcome.Unchanged();
    }

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
        var next = policy.AfterSuccess(refresh.Source.Rhythm, same.WaitAtLeast, refresh.At, refresh.Jitter);
        var after = refresh.Source with
        {
            Validators = same.Validators with { ParserVersion = FeedParser.Version },
            NextFetchAt = next.At,
            ScheduleReason = next.Reason,
            LastFetchAt = refresh.At,
            LastSuccessAt = refresh.At,
            FailureCount = 0,
            LastFailure = null,
            Churn = VersionBudget.Churn(refresh.Source.Churn, 0, int.MaxValue),
        };
        return await SaveSourceAsync(refresh, after, cancellationToken).ConfigureAwait(false) ? new RefreshOutcome.Unchanged() : new RefreshOutcome.LeaseLost();
    }

    private async Task<RefreshOutcome> FailedAsync(
        Refresh refresh, FetchFailure failure, TimeSpan? retryAfter, SourceState state, CancellationToken cancellationToken)
    {
        var failures = refresh.Source.FailureCount + 1;
        var next = policy.AfterFailure(failures, retryAfter, refresh.At, refresh.Jitter);
        var after = refresh.Source with
        {
            State = state,
            NextFetchAt = next.At,
            ScheduleReason = state == SourceState.Gone ? "Not asked again until it is resumed." : next.Reason,
            LastFetchAt = refresh.At,
            FailureCount = failures,
            LastFailure = failure,
        };
        return await SaveSourceAsync(refresh, after, cancellationToken).ConfigureAwait(false)
            ? new RefreshOutcome.Failed(failure, refresh.At + retryAfter)
            : new RefreshOutcome.LeaseLost();
    }

    private Task<bool> SaveSourceAsync(Refresh refresh, Source after, CancellationToken cancellationToken) =>
        store.SaveAsync(new RefreshWrite { Source = after, LeaseOwner = refresh.LeaseOwner, At = refresh.At }, cancellationToken);

    private static CaptureFacts FactsOf(FetchedDocument document) => document.FinalUrl is { } url
        ? new CaptureFacts(PublicSourceAddress.Clean(url.AbsoluteUri, keepFragment: false, out _), 200, document.Validators.ETag, document.Validators.LastModified)
        : new CaptureFacts();

    private static Validators Usable(Validators validators, DateTimeOffset now)
    {
        if (validators.ParserVersion != FeedParser.Version) return new Validators();
        // The hash is our own knowledge and stays: the same bytes need no second reading, however old they are.
        return validators.ObtainedAt is { } at && now - at > ValidatorsLast
            ? new Validators { BodyHash = validators.BodyHash, ParserVersion = validators.ParserVersion }
            : validators;
    }

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;

    private sealed record Refresh(Source Source, string LeaseOwner, DateTimeOffset At)
    {
        /// <summary>From 0 to 1, different for each source and moment, and the same when they are.</summary>
        public double Jitter { get; } = (((ulong)Source.Id * 0x9E3779B97F4A7C15UL) ^ ((ulong)At.ToUnixTimeMilliseconds() * 0xBF58476D1CE4E5B9UL)) % 10_007 / 10_007.0;
    }
}
