using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Snapshots;

/// <summary>
/// The links between an original, its article, and its snapshots, by which programs find their way (RFC 7089, RFC 5829, RFC 8574).
/// </summary>
internal sealed class MementoLinks(ISnapshotStore snapshots, SiteLinks links)
{
    /// <summary>Where a snapshot stands, or null for the whole entry. Four look-ups in an index, however many snapshots there are.</summary>
    public async Task<MementoPlace> PlaceAsync(long entryId, Snapshot? self, CancellationToken cancellationToken)
    {
        var first = await snapshots.NearestAsync(entryId, DateTimeOffset.MinValue, cancellationToken);
        var last = first is null ? null : await snapshots.NearestAsync(entryId, DateTimeOffset.MaxValue, cancellationToken);
        if (self is null || first is null) return new MementoPlace(first, null, self, null, last);

        var previous = await snapshots.NearestAsync(entryId, self.CapturedAt.AddSeconds(-1), cancellationToken);
        var next = self.Number >= last!.Number
            ? null
            : (await snapshots.ListAsync(entryId, self.Number, cancellationToken)).FirstOrDefault(snapshot => snapshot.IsKept) ?? last;
        return new MementoPlace(first, previous?.Number < self.Number ? previous : null, self, next, last);
    }

    /// <summary>The links of a snapshot’s page, of the article’s page, or of an answer of the TimeGate.</summary>
    /// <param name="entryId">The entry.</param>
    /// <param name="original">The original's address; the article stands for an original that has none.</param>
    /// <param name="place">The snapshots to name.</param>
    public LinkSet Of(long entryId, string? original, MementoPlace place)
    {
        var set = new LinkSet()
            .Add(original ?? links.Article(entryId), "original")
            .Add(links.TimeGate(entryId), "timegate");
        AddTimeMap(set, entryId, place);
        foreach (var memento in new[] { place.First, place.Previous, place.Self, place.Next, place.Last }
                     .OfType<Snapshot>().Where(snapshot => snapshot.IsKept).DistinctBy(snapshot => snapshot.Number).OrderBy(snapshot => snapshot.Number))
            set.Add(links.Snapshot(entryId, memento.CapturedAt), RelationsOf(memento, place), ("datetime", LinkSet.Time(memento.CapturedAt)));

        set.Add(links.Article(entryId), "latest-version").Add(links.TimeMap(entryId), "version-history");
        if (place.Previous is { } previous) set.Add(links.Snapshot(entryId, previous.CapturedAt), "predecessor-version");
        if (place.Next is { } next) set.Add(links.Snapshot(entryId, next.CapturedAt), "successor-version");
        return set;
    }

    private void AddTimeMap(LinkSet set, long entryId, MementoPlace place)
    {
        if (place is { First: { } first, Last: { } last })
            set.Add(links.TimeMap(entryId), "timemap", ("type", LinkSet.Format), ("from", LinkSet.Time(first.CapturedAt)), ("until", LinkSet.Time(last.CapturedAt)));
        else
            set.Add(links.TimeMap(entryId), "timemap", ("type", LinkSet.Format));
    }

    private static string RelationsOf(Snapshot memento, MementoPlace place) => string.Join(' ', new[]
    {
        memento.Number == place.First?.Number ? "first" : null,
        memento.Number == place.Last?.Number ? "last" : null,
        memento.Number == place.Previous?.Number ? "prev" : null,
        memento.Number == place.Next?.Number ? "next" : null,
        "memento",
    }.OfType<string>());
}
