using System.Globalization;
using Aggregator.Core.Audits;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Sources;

/// <summary>
/// What admins do to sources, for the dashboard's pages and the API alike. What cannot be done is a value; every change that was
/// made is told to <see cref="AuditTrail"/>, here and nowhere else.
/// </summary>
internal sealed class SourceAdministration(
    ISourceAdminStore store, ISourceStore sources, TargetGuard guard, IBackgroundJobClient jobs, AuditTrail trail, TimeProvider time)
{
    /// <summary>How long a deleted source can come back.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>How long somebody who asked for a refresh waits for its outcome.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Adds sources and has them fetched; what became of each address, in their order.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="AddSources.Most"/>, or the category does not exist.</exception>
    public async Task<IReadOnlyList<AddedAddress>> AddAsync(AddSources command, string admin, CancellationToken cancellationToken)
    {
        if (command.Addresses.Count > AddSources.Most)
            throw new ArgumentException($"At most {AddSources.Most} addresses are added at once.", nameof(command));
        var report = new List<AddedAddress>();
        foreach (var entered in command.Addresses)
        {
            var line = await AddAsync(entered, command, cancellationToken);
            report.Add(line);
            if (line is not { Outcome: AddOutcome.Added or AddOutcome.Restored, SourceId: { } id }) continue;
            jobs.Enqueue<RefreshSourceJob>(job => job.RunAsync(id, CancellationToken.None));
            await trail.RecordAsync(admin, "source.add", Subject([id]), null, new { url = Dashboard.ShownAddress.Of(entered), command.CategoryId });
        }

        return report;
    }

    /// <summary>Changes sources; how many changed.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="action">How.</param>
    /// <param name="categoryId">Where to, for <see cref="SourceAction.Move"/>; null is no category.</param>
    /// <param name="admin">Who.</param>
    /// <param name="cancellationToken">Ends the work between two batches; those that were done stay done.</param>
    /// <exception cref="ArgumentException">The category does not exist.</exception>
    public async Task<int> ApplyAsync(SourceSelection selection, SourceAction action, long? categoryId, string admin, CancellationToken cancellationToken)
    {
        var changed = 0;
        // All of them first: what is changed may no longer be let through by the filter.
        foreach (var ids in (await IdsAsync(selection, cancellationToken)).Chunk(ISourceAdminStore.MaxChanged))
        {
            var now = time.GetUtcNow();
            var before = await PlacesAsync(ids, cancellationToken);
            var count = action switch
            {
                SourceAction.Refresh => await store.MakeDueAsync(ids, now, cancellationToken),
                SourceAction.Pause => await store.SetStateAsync(ids, SourceState.Paused, now, cancellationToken),
                SourceAction.Resume => await store.SetStateAsync(ids, SourceState.Active, now, cancellationToken),
                SourceAction.Move => await store.SetCategoriesAsync(ids, categoryId is { } category ? [category] : [], now, cancellationToken),
                SourceAction.Delete => await store.DeleteAsync(ids, now, cancellationToken),
                SourceAction.Restore => await store.RestoreAsync(ids, now, cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
            };
            changed += count;
            if (count == 0) continue;
            await trail.RecordAsync(
                admin, "source." + action.ToString().ToLowerInvariant(), Subject(ids), before, await PlacesAsync(ids, CancellationToken.None, count));
        }

        if (changed > 0 && action is SourceAction.Refresh or SourceAction.Resume or SourceAction.Restore)
            jobs.Enqueue<CrawlTick>(tick => tick.RunAsync(CancellationToken.None));
        return changed;
    }

    /// <summary>State and categories of sources, for who changed the wrong ones: as many as the list of changes keeps of a list.</summary>
    private async Task<object?> PlacesAsync(long[] ids, CancellationToken cancellationToken, int? changed = null)
    {
        var places = await store.ListPlacesAsync([.. ids.Take(AuditState.MaxItems)], cancellationToken);
        return ids.Length == 1
            ? places is [var only] ? new { only.State, only.Categories } : null
            : new { changed, sources = places };
    }

    /// <summary>How many sources a change would be for.</summary>
    public async Task<int> CountAsync(SourceSelection selection, CancellationToken cancellationToken) => selection switch
    {
        SourceSelection.Chosen chosen => chosen.Ids.Distinct().Count(),
        SourceSelection.Matching matching => await store.CountAsync(matching.Filter, time.GetUtcNow(), cancellationToken),
        _ => 0,
    };

    /// <summary>Sets everything that an admin sets of a source; null when it is done.</summary>
    /// <param name="sourceId">Which.</param>
    /// <param name="edit">What it is to have.</param>
    /// <param name="admin">Who.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="seen">What the caller has seen: when the source has other settings meanwhile, nothing is done.</param>
    /// <exception cref="KeyNotFoundException">There is no such source.</exception>
    public async Task<SourceProblem?> EditAsync(long sourceId, SourceEdit edit, string admin, CancellationToken cancellationToken, SourceEdit? seen = null)
    {
        var now = time.GetUtcNow();
        var before = await store.FindAsync(sourceId, now, cancellationToken) ?? throw new KeyNotFoundException($"There is no source {sourceId}.");
        if (SourceRules.Problem(edit, before.Source.Url, guard) is { } problem) return problem;
        switch (await store.EditAsync(sourceId, edit, seen, now, cancellationToken))
        {
            case SourceEditOutcome.Changed:
                return new SourceProblem(SourceField.Changed);
            case SourceEditOutcome.AddressTaken:
                return new SourceProblem(SourceField.AddressTaken);
            case SourceEditOutcome.NoSuchCategory:
                return new SourceProblem(SourceField.Category);
            case SourceEditOutcome.NotFound:
                throw new KeyNotFoundException($"There is no source {sourceId}.");
            default:
                await trail.RecordAsync(
                    admin, "source.edit", Subject([sourceId]), Shown(SourceEdit.Of(before.Source, before.Categories)),
                    Shown(edit with { State = edit.State ?? before.Source.State, Capture = edit.Capture ?? before.Source.Capture }));
                if (edit.Url != before.Source.Url) jobs.Enqueue<RefreshSourceJob>(job => job.RunAsync(sourceId, CancellationToken.None));
                return null;
        }
    }

    /// <summary>Sets which pages of a source are captured; what is wrong with that, or null.</summary>
    public async Task<SourceProblem?> SetCaptureAsync(Source source, CapturePolicy policy, string admin, CancellationToken cancellationToken)
    {
        if (policy.Problem() is { } detail) return new SourceProblem(SourceField.Capture, detail);
        if (await sources.SetCaptureAsync(source.Id, policy, time.GetUtcNow(), cancellationToken))
            await trail.RecordAsync(admin, "source.edit", Subject([source.Id]), new { source.Capture }, new { Capture = policy });
        return null;
    }

    /// <summary>
    /// Has a source refreshed by a worker, and waits a while for the outcome; null when it did not come in time: the host is busy or asked
    /// us to stay away, or no worker is free.
    /// </summary>
    public async Task<FetchRecord?> RefreshAsync(Source source, string admin, CancellationToken cancellationToken)
    {
        jobs.Enqueue<RefreshSourceJob>(job => job.RunAsync(source.Id, CancellationToken.None));
        await trail.RecordAsync(admin, "source.refresh", Subject([source.Id]));
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < LongestWait)
        {
            await Task.Delay(BetweenLooks, time, cancellationToken);
            var now = await sources.FindAsync(source.Id, cancellationToken);
            if (now is null) return null;
            if (now.LastFetchAt != source.LastFetchAt) return await store.FindAsync(source.Id, time.GetUtcNow(), cancellationToken) is { Fetches: [var newest, ..] } ? newest : null;
        }

        return null;
    }

    /// <summary>A source's settings for people: what opens doors is left out.</summary>
    internal static object Shown(SourceEdit edit) => new
    {
        url = Dashboard.ShownAddress.Of(edit.Url),
        edit.Title,
        edit.DefaultZone,
        edit.DefaultLanguage,
        edit.MinInterval,
        edit.MaxInterval,
        edit.CategoryIds,
        edit.Republish,
        edit.PublisherAgrees,
        headers = edit.FetchSettings?.Headers.Select(header => header.Name),
        cookies = edit.FetchSettings?.Cookies is null ? null : "…",
        edit.FetchSettings?.UserName,
        password = edit.FetchSettings?.Password is null ? null : "…",
        edit.FetchSettings?.UserAgent,
        proxy = edit.FetchSettings?.Proxy is { } proxy ? Dashboard.ShownAddress.Of(proxy) : null,
        edit.FetchSettings?.PinnedCertificate,
        edit.FetchSettings?.Charset,
        edit.State,
        edit.Capture,
    };

    private async Task<AddedAddress> AddAsync(string entered, AddSources command, CancellationToken cancellationToken)
    {
        var shown = Dashboard.ShownAddress.Of(entered);
        if (SourceAddress.TryRead(entered, guard, out var url) is { } problem) return new AddedAddress(shown, AddOutcome.Refused, Problem: problem);
        var known = await store.FindByAddressAsync(SourceAddress.Alike(url), cancellationToken);
        var same = known.FirstOrDefault(source => source.Url == url);
        if (same is null && !command.EvenIfAlike && known.FirstOrDefault(source => !source.IsDeleted) is { } alike)
            return new AddedAddress(shown, AddOutcome.Alike, alike.Id, alike.Title);
        var added = await sources.AddAsync(
            new NewSource { Url = url, CategoryIds = command.CategoryId is { } category ? [category] : [] }, time.GetUtcNow(), cancellationToken);
        return new AddedAddress(shown, !added.IsNew ? AddOutcome.Known : same is null ? AddOutcome.Added : AddOutcome.Restored, added.Id, same?.Title);
    }

    private async Task<IReadOnlyList<long>> IdsAsync(SourceSelection selection, CancellationToken cancellationToken)
    {
        if (selection is SourceSelection.Chosen chosen) return [.. chosen.Ids.Distinct().Take(SourceSelection.Most)];
        var filter = ((SourceSelection.Matching)selection).Filter;
        var ids = new List<long>();
        const int Page = 10_000;
        while (ids.Count < SourceSelection.Most)
        {
            var page = await store.ListIdsAsync(filter, ids.Count > 0 ? ids[^1] : 0, Page, time.GetUtcNow(), cancellationToken);
            ids.AddRange(page);
            if (page.Count < Page) break;
        }

        return ids;
    }

    private static string Subject(long[] ids) => ids.Length == 1
        ? string.Create(CultureInfo.InvariantCulture, $"source:{ids[0]}")
        : "sources:" + string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
