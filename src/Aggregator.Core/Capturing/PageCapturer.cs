using Aggregator.Core.Crawling;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Capturing;

/// <summary>The whole way of one capture: read the article's page, keep what it says, and decide when to look again.</summary>
/// <param name="reader">Reads pages.</param>
/// <param name="captures">Where it is written.</param>
/// <param name="sources">What admins want of each source.</param>
/// <param name="entries">What the feed said.</param>
/// <param name="schedule">Says when to look again.</param>
/// <param name="options">When a feed's text is short.</param>
/// <param name="time">The clock.</param>
/// <param name="telemetry">Told of every look.</param>
/// <param name="logger">Where errors of our own are written.</param>
public sealed class PageCapturer(
    PageReader reader, ICaptureStore captures, ISourceStore sources, IEntryArchive entries, CaptureSchedule schedule, CaptureOptions options,
    TimeProvider time, AggregatorTelemetry telemetry, ILogger<PageCapturer> logger)
{
    /// <summary>Looks at one page that is leased to us, and writes what came of it.</summary>
    /// <param name="due">The capture.</param>
    /// <param name="owner">Who holds its lease.</param>
    /// <param name="cancellationToken">Breaks the look off; the lease stays.</param>
    /// <returns>How it ended, and what was stored; the outcome is null when it was put off.</returns>
    public async Task<(CaptureOutcome? Outcome, CaptureSaved Saved)> CaptureAsync(DueCapture due, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(due);
        using var activity = AggregatorTelemetry.Activities.StartActivity("capture");
        activity?.SetTag("entry.id", due.EntryId);
        var started = time.GetTimestamp();
        var source = await sources.FindAsync(due.SourceId, cancellationToken).ConfigureAwait(false);
        if (source is null || due.Url is null || !await IsWantedAsync(source, due, cancellationToken).ConfigureAwait(false))
        {
            var left = await captures.SaveAsync(
                new CaptureWrite { Claimed = due, LeaseOwner = owner, At = time.GetUtcNow(), State = CaptureState.NotWanted, Outcome = CaptureOutcome.NotWanted },
                cancellationToken).ConfigureAwait(false);
            return (CaptureOutcome.NotWanted, left);
        }

        var reading = await ReadAsync(source, due, cancellationToken).ConfigureAwait(false);
        var at = time.GetUtcNow();
        var (state, attempts, dueAt) = schedule.After(reading, due.Attempts, due.AppearedAt, at, SourceRefresher.JitterOf(due.EntryId, at));
        if (reading is PageReading.Busy)
        {
            await captures.DeferAsync([(due.EntryId, dueAt ?? at)], owner, cancellationToken).ConfigureAwait(false);
            telemetry.Captured(due.EntryId, "busy", null, time.GetElapsedTime(started));
            return (null, CaptureSaved.Noted);
        }

        var (outcome, reason) = reading switch
        {
            PageReading.Refused refused => (refused.Outcome, refused.Reason),
            PageReading.Failed failed => (failed.Outcome, failed.Reason),
            PageReading.NotModified => (CaptureOutcome.Unchanged, null),
            _ => (CaptureOutcome.Captured, (string?)null),
        };
        var read = reading as PageReading.Read;
        // Only of an article on one page does its validator say that nothing of it changed.
        var isWhole = read is { Pages: 1, Article.NextPageUrl: null };
        var saved = await captures.SaveAsync(
            new CaptureWrite
            {
                Claimed = due,
                LeaseOwner = owner,
                At = at,
                State = state,
                Outcome = outcome,
                Reason = state == CaptureState.GivenUp ? $"{reason} It was tried {options.Attempts} times{(dueAt is null ? " and is given up." : ".")}" : reason,
                Attempts = attempts,
                DueAt = dueAt,
                Page = read is null ? null : new PageSnapshotWrite { EntryId = due.EntryId, Document = DocumentOf(read, source, due, at), Facts = read.Facts },
                ETag = isWhole ? read!.Facts.ETag : null,
                LastModified = isWhole ? read!.Facts.LastModified : null,
            },
            cancellationToken).ConfigureAwait(false);
        if (saved == CaptureSaved.Unchanged) outcome = CaptureOutcome.Unchanged;
        activity?.SetTag("outcome", outcome.ToString());
        telemetry.Captured(due.EntryId, saved == CaptureSaved.LeaseLost ? "lease_lost" : AggregatorTelemetry.NameOf(outcome), reason, time.GetElapsedTime(started));
        return (outcome, saved);
    }

    private async Task<PageReading> ReadAsync(Source source, DueCapture due, CancellationToken cancellationToken)
    {
        try
        {
            var validators = due is { ETag: null, LastModified: null } ? null : new Validators { ETag = due.ETag, LastModified = due.LastModified };
            return await reader.ReadAsync(source, due.Url!, source.Capture.Selectors(), validators, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Without a failure, and the wait that goes with it, the page would come again as soon as its lease ends, for ever.
            logger.LogError(error, "Capturing the page of entry {EntryId} failed", due.EntryId);
            return new PageReading.Failed(CaptureOutcome.Failed, $"The capture failed with {error.GetType().Name}; the log has the details.");
        }
    }

    /// <summary>What admins want may have changed since it was ordered. What has been captured once goes on.</summary>
    private async Task<bool> IsWantedAsync(Source source, DueCapture due, CancellationToken cancellationToken) => source.Capture.Mode switch
    {
        CaptureMode.Off => false,
        CaptureMode.WhenShort when due.CapturedAt is null =>
            await entries.FindAsync(due.EntryId, cancellationToken).ConfigureAwait(false) is { } stored && source.Capture.Wants(stored.Entry, options.ShortBelow),
        _ => true,
    };

    private static SnapshotDocument DocumentOf(PageReading.Read read, Source source, DueCapture due, DateTimeOffset at)
    {
        var article = read.Article;
        return new SnapshotDocument
        {
            Kind = SnapshotKind.Page,
            CapturedAt = at,
            Url = article.CanonicalUrl ?? UrlCleaner.Clean(read.Url.AbsoluteUri) ?? due.Url,
            Title = article.Title.Length > 0 ? article.Title : due.Title,
            Content = article.Content,
            Authors = [.. article.Authors.Select(static name => new Person(name))],
            Credits = [.. article.Credits.Select(static credit => new Credit(credit.Role, credit.Name))],
            ImageUrl = article.LeadImageUrl,
            Language = article.Language,
            PublishedAt = article.PublishedAt,
            UpdatedAt = article.ModifiedAt,
            Site = article.Source ?? article.SiteName,
            Source = new SnapshotSource(PublicSourceAddress.Title(source), PublicSourceAddress.Own(source)),
        };
    }
}
