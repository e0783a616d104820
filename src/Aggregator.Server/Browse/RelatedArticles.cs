using System.Threading.Channels;
using Aggregator.Core.Related;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Browse;

/// <summary>
/// What is related to an article, for its page. What was looked up is kept with the article by this service, in the background and several
/// together: a visitor waits for no writing, and what cannot be kept is only looked up again.
/// </summary>
internal sealed class RelatedArticles(IRelatedStore store, TimeProvider time, ILogger<RelatedArticles> logger) : BackgroundService
{
    /// <summary>How many look-ups may wait for being kept; of further ones the oldest are let go.</summary>
    private const int MaxWaiting = 500;

    /// <summary>How many are written at once.</summary>
    private const int BatchSize = 50;

    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly Channel<RelatedList> _found = Channel.CreateBounded<RelatedList>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>The best of them.</summary>
    /// <param name="entryId">The article.</param>
    /// <param name="sameStory">Entries that tell the same story: they are shown elsewhere.</param>
    /// <param name="limit">How many, at the most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<RelatedArticle>> FindAsync(long entryId, IReadOnlySet<long> sameStory, int limit, CancellationToken cancellationToken)
    {
        var list = await store.FindAsync(entryId, time.GetUtcNow(), cancellationToken);
        if (!list.IsKept) _found.Writer.TryWrite(list);
        return [.. list.Articles.Where(article => !sameStory.Contains(article.Stored.Id)).Take(limit)];
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _found.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Gathering, time, stoppingToken);
                var lists = new Dictionary<long, RelatedList>();
                while (lists.Count < BatchSize && _found.Reader.TryRead(out var list)) lists[list.EntryId] = list;
                await KeepAsync([.. lists.Values], stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not kept is looked up again.
        }
    }

    private async Task KeepAsync(IReadOnlyList<RelatedList> lists, CancellationToken cancellationToken)
    {
        try
        {
            await store.KeepAsync(lists, time.GetUtcNow(), cancellationToken);
        }
#pragma warning disable CA1031 // Pages go on without it; the next look-up tries again.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogWarning(error, "What was found as related to {Count} articles could not be kept; it is looked up again for the next visitors", lists.Count);
        }
    }
}
