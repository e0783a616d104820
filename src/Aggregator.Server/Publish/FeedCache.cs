using System.Data.Common;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Publish;

/// <summary>
/// The rendered feeds. A feed is rendered on the first request after its topic changed, by one of those who ask while the others
/// wait, and then served from memory until the topic changes again, but for <see cref="Pace"/> at least. While the store does not
/// answer, what was current last is served on, for as long as <see cref="PublishOptions.StaleIfError"/> says.
/// </summary>
internal sealed class FeedCache(
    TopicDirectory directory, TopicPlaces places, FeedRenderer renderer, IOptions<PublishOptions> options, StoreTrust trust, TimeProvider time, ILogger<FeedCache> logger)
    : IDisposable
{
    /// <summary>
    /// The least time between two renderings of a feed: however quickly its topic changes, readers get what is at most this old. What
    /// was changed through this process (a take-down) does not wait for it.
    /// </summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>How long readers of a feed that is in memory wait for a store that is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long a store that has failed is left alone by readers of feeds that are in memory.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How old a subscription list may get: adding or renaming a source is no change of the topic's entries.</summary>
    public static readonly TimeSpan SubscriptionListAge = TimeSpan.FromMinutes(1);

    /// <summary>The most that the feeds of searches and selections take of memory, in bytes.</summary>
    private const long MaxSearchBytes = 32 * 1024 * 1024;

    /// <summary>The most that cuttings, pages of archives and deltas take of memory, in bytes.</summary>
    private const long MaxVariantBytes = 64 * 1024 * 1024;

    private readonly BoundedCache<FeedKey, Rendering> _renderings =
        new(options.Value.CacheBytes, static rendering => rendering.Cost, time);

    /// <summary>What the feeds of searches and selections may take of memory, apart: strangers think them up, and must not drive the others out.</summary>
    private readonly BoundedCache<FeedKey, Rendering> _searches =
        new(SearchBytes(options.Value), static rendering => rendering.Cost, time);

    /// <summary>What strangers can ask for in any number of ways, apart for the same reason.</summary>
    private readonly BoundedCache<FeedKey, Rendering> _variants =
        new(VariantBytes(options.Value), static rendering => rendering.Cost, time);

    private readonly SingleFlight<(FeedKey Key, PublishedTopic Topic, ArchivePlace Place), Rendering?> _running = new();

    // However many of them are asked for, half of the machine is left to the feeds that all readers want.
    private readonly SemaphoreSlim _variantsAtOnce = new(Math.Max(1, Environment.ProcessorCount / 2));

    private long _failedAt = long.MinValue;

    /// <summary>The memory that renderings take now, in bytes.</summary>
    public long Bytes => _renderings.Total + _searches.Total + _variants.Total;

    /// <summary>The value of <c>Cache-Control</c> of every feed.</summary>
    public StringValues CacheControl { get; } = options.Value.ToCacheControl(options.Value.MaxAge);

    /// <summary>Whether it is the store that failed, and not we.</summary>
    public static bool IsStoreFailure(Exception failure) => failure is DbException or TimeoutException;

    /// <summary>The whole feed when it is in memory and known to be as current as it has to be, without asking anybody; else null.</summary>
    public Rendering? FindKept(TopicName name, FeedFormat format)
    {
        if (!_renderings.TryGet(new FeedKey(name, format, default), out var last)) return null;
        if (IsKnownCurrent(last)) return last;
        var epoch = trust.Epoch;
        if (directory.FindKnown(name) is not var (topic, topicAsked)) return null;
        if ((format is FeedFormat.Opml ? (ArchivePlace.None, long.MaxValue) : places.FindKnown(topic.Topic)) is not var (place, placeAsked)) return null;
        if (!IsCurrent(last, topic, place)) return null;
        Confirm(last, epoch);
        // As long as the answers that say so hold; but a list of subscriptions ages by itself.
        if (format is not FeedFormat.Opml) last.CurrentUntil = Math.Min(topicAsked, placeAsked) + Timestamps(StoreTrust.Interval);
        return last;
    }

    /// <summary>The feed as it stands, or null when there is no such topic; as it last stood while the store does not answer.</summary>
    public async ValueTask<Rendering?> FindAsync(FeedKey key, CancellationToken cancellationToken)
    {
        if (!CacheOf(key).TryGet(key, out var last) || time.GetElapsedTime(last.ConfirmedAt) > options.Value.StaleIfError)
            return await FindCurrentAsync(key, cancellationToken);
        if (IsKnownCurrent(last)) return last;

        var failedAt = Volatile.Read(ref _failedAt);
        if (failedAt != long.MinValue && time.GetElapsedTime(failedAt) < Pause) return last;
        try
        {
            var current = FindCurrentAsync(key, cancellationToken);
            return current.IsCompletedSuccessfully ? current.Result : await current.AsTask().WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception failure) when (IsStoreFailure(failure))
        {
            Volatile.Write(ref _failedAt, time.GetTimestamp());
            logger.LogWarning(failure, "The store does not answer; feeds are served as they last were (Publish:StaleIfError)");
            return last;
        }
    }

    /// <summary>Lets the feeds of a topic go that is no more, also for when the store does not answer.</summary>
    public void Forget(TopicName name)
    {
        foreach (var cache in (BoundedCache<FeedKey, Rendering>[])[_renderings, _searches, _variants])
            cache.RemoveAll(key => key.Name with { OncePerStory = false } == name with { OncePerStory = false });
    }

    /// <summary>
    /// What changed in a feed since a position (RFC 3229), or null when it cannot be told: the position is not behind the feed's, too much has
    /// changed since, or the feed follows something else than its topic's changes. The whole feed is right in any case.
    /// </summary>
    public async ValueTask<Rendering?> FindDeltaAsync(FeedKey key, Rendering whole, CancellationToken cancellationToken)
    {
        if (key.From is not { } from || from >= whole.Place.Position || key.Name.OncePerStory) return null;
        if (_variants.TryGet(key, out var kept) && IsOf(kept, whole.Topic, whole.Place)) return kept;
        try
        {
            return await _running.RunAsync((key, whole.Topic, whole.Place), stopping => RenderAsync(key, whole.Topic, whole.Place, stopping), cancellationToken);
        }
        catch (Exception failure) when (IsStoreFailure(failure))
        {
            logger.LogWarning(failure, "The store does not answer; a whole feed is served instead of what changed in it");
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The semaphore is not disposed: it holds nothing but memory, and what is still packed gives its place back afterwards.
        _running.Dispose();
    }

    private static long SearchBytes(PublishOptions options) => Math.Min(options.CacheBytes / 8, MaxSearchBytes);

    private static long VariantBytes(PublishOptions options) => Math.Min(options.CacheBytes / 4, MaxVariantBytes);

    private async ValueTask<Rendering?> FindCurrentAsync(FeedKey key, CancellationToken cancellationToken)
    {
        var epoch = trust.Epoch;
        var topic = await directory.FindAsync(key.Name, cancellationToken);
        if (topic is null)
        {
            CacheOf(key).Remove(key);
            return null;
        }

        var place = key.Format is FeedFormat.Opml ? ArchivePlace.None : await places.FindAsync(topic.Topic, cancellationToken);
        if (!CacheOf(key).TryGet(key, out var rendering) || !IsCurrent(rendering, topic, place))
            return await _running.RunAsync((key, topic, place), stopping => RenderAsync(key, topic, place, stopping), cancellationToken);
        Confirm(rendering, epoch);
        return rendering;
    }

    // The epoch as it was before the topic was looked at.
    private void Confirm(Rendering rendering, long epoch)
    {
        rendering.ConfirmedAt = time.GetTimestamp();
        rendering.Epoch = epoch;
    }

    private BoundedCache<FeedKey, Rendering> CacheOf(FeedKey key) =>
        key.Name.IsUnbounded ? _searches : key.IsOneOfMany ? _variants : _renderings;

    /// <summary>Whether it needs no look at all: it is younger than <see cref="Pace"/>, or was found current a moment ago.</summary>
    private bool IsKnownCurrent(Rendering rendering) => rendering.Epoch == trust.Epoch && time.GetTimestamp() < rendering.CurrentUntil;

    private long Timestamps(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private bool IsCurrent(Rendering rendering, PublishedTopic topic, ArchivePlace place) =>
        IsOf(rendering, topic, place)
        && (rendering.Format != FeedFormat.Opml || time.GetElapsedTime(rendering.RenderedAt) < SubscriptionListAge);

    private static bool IsOf(Rendering rendering, PublishedTopic topic, ArchivePlace place) =>
        (ReferenceEquals(rendering.Topic, topic) || rendering.Topic == topic) && rendering.Place == place;

    private async Task<Rendering?> RenderAsync(FeedKey key, PublishedTopic topic, ArchivePlace place, CancellationToken cancellationToken)
    {
        // Somebody may have finished between our look and our turn. A delta has to reach as far as the tag that goes with it says.
        if (CacheOf(key).TryGet(key, out var finished) && ((key.From is null && IsKnownCurrent(finished)) || IsCurrent(finished, topic, place))) return finished;
        if (!key.IsOneOfMany) return await KeepAsync(key, topic, place, cancellationToken);
        await _variantsAtOnce.WaitAsync(cancellationToken);
        Task packed = Task.CompletedTask;
        try
        {
            var rendering = await KeepAsync(key, topic, place, cancellationToken);
            if (rendering is not null) packed = rendering.Packed;
            return rendering;
        }
        finally
        {
            // Packing costs more than rendering, and goes on when the answer is on its way.
            _ = packed.ContinueWith(_ => _variantsAtOnce.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<Rendering?> KeepAsync(FeedKey key, PublishedTopic topic, ArchivePlace place, CancellationToken cancellationToken)
    {
        // Before anything is read: what changes meanwhile ends the trust in it.
        var epoch = trust.Epoch;
        var rendering = key.From is { } from
            ? await renderer.RenderDeltaAsync(topic, place, key.Format, key.View, from, cancellationToken)
            : await renderer.RenderAsync(topic, place, key.Format, key.View, cancellationToken);
        if (rendering is null) return null;
        rendering.Epoch = epoch;
        // What a visitor follows changes by his own hand, and he looks at once.
        if (topic.Topic is not Topic.OfSelection) rendering.CurrentUntil = rendering.RenderedAt + Timestamps(Pace);
        var cache = CacheOf(key);
        cache.Set(key, rendering);
        _ = rendering.Packed.ContinueWith(_ => cache.Weigh(key, rendering), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return rendering;
    }
}
