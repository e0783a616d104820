using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Search;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Selections;

/// <summary>Reads what a selection is made of.</summary>
internal sealed class SelectionReader(ISelectionStore selections, ISearchStore search, ICategoryStore categories, IOptions<SiteOptions> site, TimeProvider time)
{
    /// <summary>How many tokens are known to be used today; with more of them they are asked for again.</summary>
    private const int MaxUsed = 100_000;

    private readonly HashSet<SelectionToken> _used = [];
    private DateTime _day;

    /// <summary>The places of what its searches find. All of them together take as long as a search may take.</summary>
    public async Task<IReadOnlyCollection<PageKey>> FoundAsync(Selection selection, CancellationToken cancellationToken)
    {
        var requests = new List<SearchRequest>();
        foreach (var topic in selection.Searches)
            if (await SearchAddress.Read(topic.Query).ToRequestAsync(categories, SearchAddress.ZoneOf(site.Value), cancellationToken) is { } request)
                requests.Add(request);
        return await search.FindPlacesAsync(requests, cancellationToken);
    }

    /// <summary>Keeps a selection from expiring whose feed is asked for; nothing when it was used today already, which the store is asked once.</summary>
    public async Task UseAsync(SelectionToken token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var day = now.UtcDateTime.Date;
        lock (_used)
        {
            if (day != _day || _used.Count >= MaxUsed) _used.Clear();
            _day = day;
            if (_used.Contains(token)) return;
        }

        if (await selections.FindAsync(token.Hash(), cancellationToken) is not { } selection) return;
        if (selection.UsedAt.UtcDateTime.Date < day) await selections.UseAsync(selection.Id, now, selection.Visit, cancellationToken);
        lock (_used)
        {
            if (day == _day) _used.Add(token);
        }
    }
}
