using System.Data.Common;
using Aggregator.Core.Publishing;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Publish;

/// <summary>
/// The rendered feeds. A feed is rendered on the first request after its topic changed, by one of those who ask while the others
/// wait, and then served from memory until the topic changes again. While the store does not answer, what was current last is served
/// on, for as long as <see cref="PublishOptions.StaleIfError"/> says.
/// </summary>
internal sealed class FeedCache(
    TopicDirectory directory, FeedRenderer renderer, IOptions<PublishOptions> options, TimeProvider time, ILogger<FeedCache> logger) : IDisposable
{
    /// <summary>How long readers of a feed that is in memory wait for a store that is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long a store that has failed is left alone by readers of feeds that are in memory.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How old a subscription list may get: adding or renaming a source is no change of the topic's entries.</summary>
    public static readonly TimeSpan SubscriptionListAge = TimeSpan.FromMinutes(1);

    /// <summary>The most that the feeds of searches and selections take of memory, in bytes.</summary>
    private const long MaxSearchBytes = 32 * 1024 * 1024;

    private readonly BoundedCache<(TopicName Name, FeedFormat Format), Rendering> _renderings =
        new(options.Value.CacheBytes, static rendering => rendering.Cost, time);

    /// <summary>What the feeds of searches and selections may take of memory, apart: strangers think them up, and must not drive the others out.</summary>
    private readonly BoundedCache<(TopicName Name, FeedFormat Format), Rendering> _searches =
        new(Math.Min(options.Value.CacheBytes / 8, MaxSearchBytes), static rendering => rendering.Cost, time);

    private readonly SingleFlight<(TopicName Name, FeedFormat Format, PublishedTopic Topic), Rendering> _running = new();

    private long _failedAt = long.MinValue;

    /// <summary>The memory that renderings take now, in bytes.</summary>
    public long Bytes => _renderings.Total + _searches.Total;

    /// <summary>Whether it is the store that failed, and not we.</summary>
    public static bool IsStoreFailure(Exception failure) => failure is DbException or TimeoutException;

    /// <summary>The feed as it stands, or null when there is no such topic; as it last stood while the store does not answer.</summary>
    public async ValueTask<Rendering?> FindAsync(TopicName name, FeedFormat format, CancellationToken cancellationToken)
    {
        if (!CacheOf(name).TryGet((name, format), out var last) || time.GetElapsedTime(last.ConfirmedAt) > options.Value.StaleIfError)
            return await FindCurrentAsync(name, format, cancellationToken);

        var failedAt = Volatile.Read(ref _failedAt);
        if (failedAt != long.MinValue && time.GetElapsedTime(failedAt) < Pause) return last;
        try
        {
            var current = FindCurrentAsync(name, format, cancellationToken);
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
        foreach (var format in Enum.GetValues<FeedFormat>())
            foreach (var oncePerStory in (ReadOnlySpan<bool>)[false, true])
                CacheOf(name).Remove((name with { OncePerStory = oncePerStory }, format));
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private async ValueTask<Rendering?> FindCurrentAsync(TopicName name, FeedFormat format, CancellationToken cancellationToken)
    {
        var topic = await directory.FindAsync(name, cancellationToken);
        if (topic is null)
        {
            CacheOf(name).Remove((name, format));
            return null;
        }

        if (!CacheOf(name).TryGet((name, format), out var rendering) || !IsCurrent(rendering, topic))
            return await _running.RunAsync((name, format, topic), stopping => RenderAsync(name, format, topic, stopping), cancellationToken);
        rendering.ConfirmedAt = time.GetTimestamp();
        return rendering;
    }

    private BoundedCache<(TopicName Name, FeedFormat Format), Rendering> CacheOf(TopicName name) => name.IsUnbounded ? _searches : _renderings;

    private bool IsCurrent(Rendering rendering, PublishedTopic topic) =>
        rendering.Topic == topic
        && (rendering.Format != FeedFormat.Opml || time.GetElapsedTime(rendering.RenderedAt) < SubscriptionListAge);

    private async Task<Rendering> RenderAsync(TopicName name, FeedFormat format, PublishedTopic topic, CancellationToken cancellationToken)
    {
        // Somebody may have finished between our look and our turn.
        if (CacheOf(name).TryGet((name, format), out var finished) && IsCurrent(finished, topic)) return finished;
        var rendering = await renderer.RenderAsync(topic, format, cancellationToken);
        CacheOf(name).Set((name, format), rendering);
        return rendering;
    }
}
