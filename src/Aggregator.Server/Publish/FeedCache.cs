using Aggregator.Core.Publishing;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Publish;

/// <summary>
/// The rendered feeds. A feed is rendered on the first request after its topic changed, by one of those who ask while the others
/// wait, and then served from memory until the topic changes again.
/// </summary>
internal sealed class FeedCache(TopicDirectory directory, FeedRenderer renderer, IOptions<PublishOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How old a subscription list may get: adding or renaming a source is no change of the topic's entries.</summary>
    public static readonly TimeSpan SubscriptionListAge = TimeSpan.FromMinutes(1);

    private readonly BoundedCache<(TopicName Name, FeedFormat Format), Rendering> _renderings =
        new(options.Value.CacheBytes, static rendering => rendering.Cost, time);

    private readonly SingleFlight<(TopicName Name, FeedFormat Format, PublishedTopic Topic), Rendering> _running = new();

    /// <summary>The memory that renderings take now, in bytes.</summary>
    public long Bytes => _renderings.Total;

    /// <summary>The feed as it stands, or null when there is no such topic.</summary>
    public async ValueTask<Rendering?> FindAsync(TopicName name, FeedFormat format, CancellationToken cancellationToken)
    {
        var topic = await directory.FindAsync(name, cancellationToken);
        if (topic is null)
        {
            _renderings.Remove((name, format));
            return null;
        }

        return _renderings.TryGet((name, format), out var rendering) && IsCurrent(rendering, topic)
            ? rendering
            : await _running.RunAsync((name, format, topic), stopping => RenderAsync(name, format, topic, stopping), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private bool IsCurrent(Rendering rendering, PublishedTopic topic) =>
        rendering.Topic == topic
        && (rendering.Format != FeedFormat.Opml || time.GetElapsedTime(rendering.RenderedAt) < SubscriptionListAge);

    private async Task<Rendering> RenderAsync(TopicName name, FeedFormat format, PublishedTopic topic, CancellationToken cancellationToken)
    {
        // Somebody may have finished between our look and our turn.
        if (_renderings.TryGet((name, format), out var finished) && IsCurrent(finished, topic)) return finished;
        var rendering = await renderer.RenderAsync(topic, format, cancellationToken);
        _renderings.Set((name, format), rendering);
        return rendering;
    }
}
