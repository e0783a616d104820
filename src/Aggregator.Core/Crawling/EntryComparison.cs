using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Crawling;

/// <summary>What a document brings beyond what is stored.</summary>
internal sealed record EntryComparison
{
    /// <summary>Fewer repeated articles than this are a publisher's slip, not a habit.</summary>
    private const int FewestUnstable = 2;

    public required IReadOnlyList<Entry> Added { get; init; }

    public required IReadOnlyList<(long EntryId, Entry Entry)> Changed { get; init; }

    /// <summary>Stored entries whose rights, licence or wishes are others now, whatever else of them changed: these wait for nothing.</summary>
    public IReadOnlyList<(long EntryId, Entry Entry)> RightsChanged { get; init; } = [];

    /// <summary>Of <see cref="Changed"/>, the entries that have had so many versions that <see cref="VersionBudget"/> has to be asked.</summary>
    public IReadOnlyList<long> Restless { get; init; } = [];

    /// <summary>How many changed entries wait, and are no part of <see cref="Changed"/>: see <see cref="Hold"/>.</summary>
    public int Held { get; init; }

    /// <summary>How many of the document's entries are stored already.</summary>
    public int Known { get; init; }

    public required IReadOnlyList<long> Seen { get; init; }

    public required IReadOnlyList<(long EntryId, string Key)> Rekeyed { get; init; }

    /// <summary>
    /// Whether most of what looks new is there already under another id, with the same link and title: the publisher makes up
    /// ids anew, and the source has to be read by its links.
    /// </summary>
    public required bool IdsAreUnstable { get; init; }

    public bool HasChanges => Added.Count > 0 || Changed.Count > 0;

    /// <summary>The same without the changes of these entries, which wait for a later poll; that they were in the document is kept.</summary>
    public EntryComparison Hold(IReadOnlySet<long> entryIds) => entryIds.Count == 0
        ? this
        : this with
        {
            Changed = [.. Changed.Where(change => !entryIds.Contains(change.EntryId))],
            Held = entryIds.Count,
            Seen = [.. Seen, .. entryIds],
        };

    /// <summary>Compares. Pure.</summary>
    /// <param name="entries">The document's entries, each key once.</param>
    /// <param name="known">The stored entries with one of their keys or links.</param>
    /// <param name="storedRule">The rung by which the stored keys were made.</param>
    /// <param name="rule">The rung by which the document's keys were made.</param>
    /// <param name="at">The moment of the refresh: it decides which last-seen marks are to be renewed.</param>
    public static EntryComparison Of(
        IReadOnlyList<Entry> entries, IReadOnlyList<KnownEntry> known, IdentityRule storedRule, IdentityRule rule, DateTimeOffset at)
    {
        var rekeyed = new List<(long, string)>();
        var byKey = new Dictionary<string, KnownEntry>(StringComparer.Ordinal);
        foreach (var entry in known.OrderBy(entry => entry.Id))
        {
            var key = storedRule == rule
                ? entry.Key
                : EntryKey.Compute(rule, entry.Guid, entry.Url, entry.PublishedAt, entry.Title, entry.ContentHash.Span);
            // Of two stored entries that the new rule holds for one, the older keeps the name and the other stays as it was.
            if (byKey.TryAdd(key, entry) && key != entry.Key) rekeyed.Add((entry.Id, key));
        }

        // An entry that the document still holds under its own id has not come back under another: a status page has one link
        // and one title for everything it says.
        var held = entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var articles = known
            .Where(entry => entry.Url is not null && !held.Contains(entry.Key))
            .ToLookup(entry => (entry.Url, entry.Title));
        var added = new List<Entry>();
        var changed = new List<(long, Entry)>();
        var seen = new List<long>();
        var restless = new List<long>();
        var rightsChanged = new List<(long, Entry)>();
        var repeated = 0;
        foreach (var entry in entries)
        {
            if (!byKey.TryGetValue(entry.Key, out var stored))
            {
                added.Add(entry);
                if (articles[(entry.Url, entry.Title)].Any(article => IsSameText(article, entry))) repeated++;
                continue;
            }

            if (stored.Rights != entry.Rights || stored.LicenseUrl != entry.LicenseUrl || stored.Wishes != entry.Wishes) rightsChanged.Add((stored.Id, entry));
            if (!stored.ContentHash.Span.SequenceEqual(entry.ContentHash.Span))
            {
                changed.Add((stored.Id, entry));
                if (stored.Version >= VersionBudget.VolatileBurst) restless.Add(stored.Id);
            }
            else if (stored.IsSeenMarkOld(at))
            {
                seen.Add(stored.Id);
            }
        }

        return new EntryComparison
        {
            Added = added,
            Changed = changed,
            Restless = restless,
            RightsChanged = rightsChanged,
            Known = entries.Count - added.Count,
            Seen = seen,
            Rekeyed = rekeyed,
            IdsAreUnstable = repeated >= FewestUnstable && repeated * 2 > added.Count,
        };
    }

    private static bool IsSameText(KnownEntry stored, Entry entry) =>
        stored.ContentHash.Span.SequenceEqual(entry.ContentHash.Span) || (stored.PublishedAt is { } at && at == entry.PublishedAt);
}
