using Aggregator.Core.Snapshots;

namespace Aggregator.Server.Snapshots;

/// <summary>The words in which programs are told of versions.</summary>
internal static class VersionWords
{
    private static readonly (SnapshotChanges Change, string Word)[] Changes =
    [
        (SnapshotChanges.Title, "title"), (SnapshotChanges.Body, "body"), (SnapshotChanges.Authors, "authors"),
        (SnapshotChanges.Published, "published"), (SnapshotChanges.Enclosures, "enclosures"),
    ];

    /// <summary>In what a version differs from the one before it of its kind.</summary>
    public static IEnumerable<string> Of(SnapshotChanges changes) => Changes.Where(each => changes.HasFlag(each.Change)).Select(each => each.Word);
}
