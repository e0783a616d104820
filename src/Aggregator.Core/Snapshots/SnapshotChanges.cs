namespace Aggregator.Core.Snapshots;

/// <summary>
/// In what a version differs from the one before it of the same kind. <see cref="None"/> for the first of a kind.
/// The numbers are stored; never renumber them.
/// </summary>
[Flags]
public enum SnapshotChanges
{
    /// <summary>Nothing: there was none before it.</summary>
    None = 0,

    /// <summary>The title.</summary>
    Title = 1,

    /// <summary>The body: its text, its links, its pictures.</summary>
    Body = 2,

    /// <summary>The authors.</summary>
    Authors = 4,

    /// <summary>The publication date.</summary>
    Published = 8,

    /// <summary>The files.</summary>
    Enclosures = 16,

    /// <summary>All of these: also where the version before was hashed by other rules.</summary>
    All = Title | Body | Authors | Published | Enclosures,
}
