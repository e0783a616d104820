using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Crawling;

/// <content>A document that was pushed instead of fetched.</content>
public sealed partial class SourceRefresher : IPushReceiver
{
    /// <inheritdoc />
    public async Task<RefreshOutcome> ReceiveAsync(Source source, string leaseOwner, FetchedDocument pushed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(pushed);
        var at = time.GetUtcNow();
        var context = ContextOf(source, pushed, at);
        var parsed = FeedParser.Parse(pushed.Body, context, cancellationToken);
        if (parsed is ParseResult.Refused refused) return new RefreshOutcome.Failed(new FetchFailure(refused.Kind, refused.Reason, at));

        var feed = ((ParseResult.Parsed)parsed).Feed;
        var normalized = normalizer.Normalize(feed, new NormalizeContext
        {
            BaseUrl = context.BaseUrl,
            FetchedAt = at,
            IdentityRule = source.IdentityRule,
            DefaultLanguage = source.DefaultLanguage,
        });
        var keys = normalized.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var urls = normalized.Entries.Select(entry => entry.Url).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var known = await store.FindKnownAsync(source.Id, keys, urls, cancellationToken).ConfigureAwait(false);
        var comparison = EntryComparison.Of(normalized.Entries, known, source.IdentityRule, normalized.IdentityRule, at);
        // Half a document, or one whose ids do not hold, is for a poll to judge, which sees the whole feed.
        if (feed.IsTruncated || normalized.IdentityRule != source.IdentityRule || comparison.IdsAreUnstable)
            return new RefreshOutcome.Failed(new FetchFailure(FetchFailureKind.Truncated, "The pushed document is not to be taken without the whole feed.", at));

        var routed = await RouteAsync(source, comparison, cancellationToken).ConfigureAwait(false);
        comparison = routed.Comparison;
        var saved = await store.SaveAsync(new RefreshWrite
        {
            Source = source with { LastChangeAt = comparison.HasChanges ? at : source.LastChangeAt },
            LeaseOwner = leaseOwner,
            At = at,
            Fetch = new FetchRecord { At = at, Kind = FetchRecordKind.Pushed, Bytes = pushed.Body.Length },
            Added = comparison.Added,
            Changed = comparison.Changed,
            RightsChanged = comparison.RightsChanged,
            Seen = comparison.Seen,
            Captures = CapturesOf(source, comparison),
            Dropped = routed.Dropped,
            StillDropped = routed.StillDropped,
            Routes = routed.Routes,
        }, cancellationToken).ConfigureAwait(false);
        return !saved ? new RefreshOutcome.LeaseLost()
            : comparison.HasChanges ? new RefreshOutcome.Changed(comparison.Added.Count, comparison.Changed.Count)
            : new RefreshOutcome.Unchanged();
    }
}
