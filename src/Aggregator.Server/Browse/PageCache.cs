using Aggregator.Server.Publish;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Browse;

/// <summary>
/// The rendered pages. A page is rendered once for each version of what it shows and each language, by one of those who ask while the others
/// wait, and then served from memory, for <see cref="FeedCache.Pace"/> at least. What no version tells of (a title of a source elsewhere, a
/// sealed day, the end of today) shows within <see cref="MaxAge"/>.
/// </summary>
internal sealed class PageCache(
    TopicDirectory topics, Navigation navigation, PageRenderer renderer, StoreTrust trust, IOptions<SiteOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>The oldest that a page gets: what a shared cache may keep it for, too.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly BoundedCache<PageName, CachedPage> _pages = new(options.Value.PageCacheBytes, static page => page.Body.Cost, time);
    private readonly BoundedCache<PageName, CachedPage> _deep = new(options.Value.PageCacheBytes / 8, static page => page.Body.Cost, time);
    private readonly SingleFlight<(PageName Name, long Epoch), CachedPage?> _running = new();

    /// <summary>The memory that pages take now, in bytes.</summary>
    public long Bytes => _pages.Total + _deep.Total;

    /// <summary>The page when it is in memory and current, else null.</summary>
    public ValueTask<CachedPage?> FindAsync(PageName name, CancellationToken cancellationToken) =>
        CacheOf(name).TryGet(name, out var page) && page.ValidUntil > time.GetUtcNow() ? CurrentAsync(page, cancellationToken) : default;

    /// <summary>The page, from memory or rendered now; null when there is none of that name.</summary>
    /// <param name="name">Which page.</param>
    /// <param name="language">The language that it names.</param>
    /// <param name="read">Reads it. It outlives the request that starts it, for others may wait for the same page.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<CachedPage?> GetAsync(
        PageName name, SiteLanguage language, Func<CancellationToken, Task<PageDraft?>> read, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken)
        ?? await _running.RunAsync((name, trust.Epoch), stopping => RenderAsync(name, language, read, stopping), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private ValueTask<CachedPage?> CurrentAsync(CachedPage page, CancellationToken cancellationToken) =>
        page.Epoch == trust.Epoch && time.GetElapsedTime(page.ReadAt) < FeedCache.Pace ? ValueTask.FromResult<CachedPage?>(page) : CheckAsync(page, cancellationToken);

    private async ValueTask<CachedPage?> CheckAsync(CachedPage page, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(page.Navigation, await navigation.ListAsync(cancellationToken))) return null;
        foreach (var (name, topic) in page.Topics)
            if (await topics.FindAsync(name, cancellationToken) is not { } now || (!ReferenceEquals(now, topic) && now != topic))
                return null;
        return page;
    }

    private async Task<CachedPage?> RenderAsync(
        PageName name, SiteLanguage language, Func<CancellationToken, Task<PageDraft?>> read, CancellationToken cancellationToken)
    {
        // Somebody may have finished between our look and our turn.
        if (await FindAsync(name, cancellationToken) is { } finished) return finished;
        var (now, readAt, epoch) = (time.GetUtcNow(), time.GetTimestamp(), trust.Epoch);
        if (await read(cancellationToken) is not { } draft)
        {
            CacheOf(name).Remove(name);
            return null;
        }

        var question = name.Address.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "" : name.Address[question..];
        var body = new PageBody(await draft.RenderAsync(renderer, new PageRequest(language, query, LanguageChoice.Parameter)));
        var page = new CachedPage(
            body, new PageHeaders(language, draft.Policy, PageResult.SharedFor, draft.Link, draft.MementoDatetime), draft.Topics, draft.Navigation, ValidFrom(now, language), readAt, epoch);
        CacheOf(name).Set(name, page);
        return page;
    }

    // "Today" ends at midnight in the zone of the page.
    private DateTimeOffset ValidFrom(DateTimeOffset now, SiteLanguage language)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(language.Choose(options.Value.TimeZone));
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var midnight = local.Date.AddDays(1) - local.DateTime;
        return now + (midnight < MaxAge ? midnight : MaxAge);
    }

    private BoundedCache<PageName, CachedPage> CacheOf(PageName name) => name.IsDeep ? _deep : _pages;
}
