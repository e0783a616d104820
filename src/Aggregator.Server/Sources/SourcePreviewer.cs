using System.Text;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Crawl;

namespace Aggregator.Server.Sources;

/// <summary>
/// Fetches as a refresh would, past the same guard and gates, and stores nothing. The real refresher does the work.
/// </summary>
internal sealed class SourcePreviewer(
    IFeedFetcher fetcher, FeedNormalizer normalizer, RefreshPolicy policy, HostGate gate, FeedDiscovery discovery, ISourceAdminStore store,
    TargetGuard guard, SiteLinks links, TimeProvider time)
{
    /// <summary>How many addresses are looked at side by side.</summary>
    private const int Width = 5;

    /// <summary>The most time that one preview takes, the search for feeds of a page apart.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(40);

    /// <summary>Looks at what an admin entered, in its order; of more than <see cref="LookedAtAddress.Most"/> the rest is only read.</summary>
    public async Task<IReadOnlyList<LookedAtAddress>> LookAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var looked = new LookedAtAddress[addresses.Count];
        await Parallel.ForAsync(0, addresses.Count, new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancellationToken }, async (index, stopping) =>
        {
            var shown = Dashboard.ShownAddress.Of(addresses[index]);
            if (SourceAddress.TryRead(addresses[index], guard, out var url) is { } problem)
            {
                looked[index] = new LookedAtAddress(shown, null, null, null, problem);
                return;
            }

            var known = await store.FindByAddressAsync(SourceAddress.Alike(url), stopping);
            looked[index] = new LookedAtAddress(
                shown, url, known.FirstOrDefault(source => source.Url == url) ?? (known.Count > 0 ? known[0] : null),
                index < LookedAtAddress.Most ? await LookAsync(url, stopping) : null, null);
        });
        return looked;
    }

    /// <summary>Looks at an address that is no source yet; when there is a page, also at what feeds it names.</summary>
    public async Task<SourcePreview> LookAsync(string url, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var preview = await LookAsync(new Source { Id = 0, Url = url, State = SourceState.Active, NextFetchAt = now, CreatedAt = now }, cancellationToken);
        if (preview.Fetch.Failure is not { Kind: FetchFailureKind.HtmlInsteadOfFeed or FetchFailureKind.NotFound }) return preview;
        var found = await discovery.FindAsync(new Uri(url), cancellationToken);
        return preview with { Candidates = found.Candidates };
    }

    /// <summary>Looks at a source with its settings, as if it had never been fetched.</summary>
    public async Task<SourcePreview> LookAsync(Source source, CancellationToken cancellationToken)
    {
        var unsaved = new UnsavedRefreshes();
        var now = time.GetUtcNow();
        var unread = source with { Validators = new Validators(), FailureCount = 0, LastFailure = null, IdentityRule = IdentityRule.Id };
        var host = HostGate.HostOf(source);
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        RefreshOutcome outcome;
        using var refresher = new SourceRefresher(fetcher, normalizer, unsaved, policy, time);
        try
        {
            await gate.EnterAsync(host, both.Token);
            var turn = gate.TurnAt(host);
            try
            {
                outcome = await refresher.RefreshAsync(unread, "", turn, both.Token);
            }
            finally
            {
                turn.Leave();
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Failed(new FetchFailure(FetchFailureKind.TimedOut, $"It took longer than {LongestWait.TotalSeconds:0} seconds, or its host is busy.", now), LongestWait);
        }

        if (outcome is RefreshOutcome.Postponed { Until: var later }) return Failed(FetchFailure.OfBusyHost(later, time.GetUtcNow()), time.GetUtcNow() - now);
        var written = unsaved.Written!;
        return new SourcePreview
        {
            Source = written.Source,
            Fetch = written.Fetch!,
            EntryCount = written.Added.Count,
            Entries = [.. written.Added.Take(SourcePreview.Shown)],
            Published = written.Added.Count > 0 ? Publish(written.Source, written.Added[0], now) : null,
        };

        SourcePreview Failed(FetchFailure failure, TimeSpan duration) =>
            new() { Source = source, Fetch = new FetchRecord { At = now, Kind = FetchRecordKind.Failed, Duration = duration, Failure = failure } };
    }

    private string Publish(Source source, Entry entry, DateTimeOffset now) => Encoding.UTF8.GetString(AtomWriter.Write(new Publication
    {
        Topic = Topic.Source(source.Id),
        Title = PublicSourceAddress.Title(source),
        Language = source.Feed.Language ?? source.DefaultLanguage ?? "zh",
        Links = links,
        ShowAttribution = true,
        Entries = [new PublishedEntry(
            new StoredEntry
            {
                Id = 0,
                SourceId = source.Id,
                Entry = entry,
                FirstSeenAt = now,
                CapturedAt = now,
                Version = 1,
                BodyVersion = 1,
                SortAt = entry.PublishedAt < now ? entry.PublishedAt.Value : now,
            },
            source)],
        ChangedAt = now,
    }));
}
