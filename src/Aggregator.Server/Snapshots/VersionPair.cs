using System.Globalization;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Snapshots;

/// <summary>Two versions of an article that somebody wants compared, the earlier first.</summary>
/// <param name="Earlier">The earlier version.</param>
/// <param name="Later">The later version; the same one when that was asked for.</param>
internal sealed record VersionPair(Snapshot Earlier, Snapshot Later)
{
    /// <summary>The most digits of a number; a stamp has more.</summary>
    private const int MaxDigits = 9;

    /// <summary>Whether a version is named in a way that it can be named: by its number or by its stamp; null for the usual one.</summary>
    public static bool IsName(string? name) =>
        name is null
        || (name.Length is >= 1 and <= MaxDigits && !name.AsSpan().ContainsAnyExceptInRange('0', '9') && name[0] != '0')
        || SnapshotStamp.Parse(name) is not null;

    /// <summary>
    /// Finds them. The later one is the newest whose text is kept unless asked otherwise; the earlier one is the last before it of
    /// its kind, as feeds and pages tell the same story in different words.
    /// </summary>
    /// <returns>Null when there is no such version, or no other to compare with.</returns>
    public static async Task<VersionPair?> FindAsync(ISnapshotStore snapshots, long entryId, string? from, string? to, CancellationToken cancellationToken)
    {
        var later = to is null
            ? await snapshots.NearestAsync(entryId, DateTimeOffset.MaxValue, cancellationToken)
            : await FindAsync(snapshots, entryId, to, cancellationToken);
        if (later is null) return null;
        var earlier = from is null
            ? await BeforeAsync(snapshots, later, cancellationToken)
            : await FindAsync(snapshots, entryId, from, cancellationToken);
        if (earlier is null) return null;
        return earlier.Number <= later.Number ? new VersionPair(earlier, later) : new VersionPair(later, earlier);
    }

    private static Task<Snapshot?> FindAsync(ISnapshotStore snapshots, long entryId, string name, CancellationToken cancellationToken) =>
        SnapshotStamp.Parse(name) is { } second
            ? snapshots.FindAtAsync(entryId, second, cancellationToken)
            : snapshots.FindAsync(entryId, int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture), cancellationToken);

    private static async Task<Snapshot?> BeforeAsync(ISnapshotStore snapshots, Snapshot later, CancellationToken cancellationToken)
    {
        // Kinds alternate at most; whoever asks for a version further back than this names both.
        var after = Math.Max(0, later.Number - 1 - ArticleReader.MaxListedVersions);
        var before = (await snapshots.ListAsync(later.EntryId, after, cancellationToken))
            .Where(snapshot => snapshot.Number < later.Number && snapshot.IsKept).Reverse().ToList();
        return before.Find(snapshot => snapshot.Kind == later.Kind) ?? (before.Count > 0 ? before[0] : null);
    }
}
