using Aggregator.Core.Model;
using Aggregator.Core.Routing;

namespace Aggregator.Core.Stores;

/// <summary>Everything that one refresh changes. It is written in one transaction, or not at all.</summary>
public sealed record RefreshWrite
{
    /// <summary>
    /// How old a <see cref="KnownEntry.LastSeenAt"/> has to be before a refresh renews it. It also is what
    /// <see cref="IRetentionStore.ForgetAsync"/> waits for: an entry has left its source when a document is stored
    /// without it this long after its last mark.
    /// </summary>
    public static readonly TimeSpan SeenRenewal = TimeSpan.FromDays(1);

    /// <summary>
    /// The source as it is after the refresh: facts, validators, identity rule, schedule and health are written, the state
    /// only when it is <see cref="SourceState.Gone"/> or no longer is, what admins set never. A refresh that stores a whole document has
    /// <see cref="Model.Source.LastDocumentAt"/> at <see cref="At"/>: entries that it does not hold have left.
    /// </summary>
    public required Source Source { get; init; }

    /// <summary>Who holds the lease. When it was lost meanwhile, nothing is written.</summary>
    public required string LeaseOwner { get; init; }

    /// <summary>The moment of the refresh: first-seen and capture time of what it brought.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How the document came, for the snapshots of what it brought.</summary>
    public CaptureFacts Facts { get; init; } = new();

    /// <summary>What the source's health is to remember of the fetch, but for the counts, which are of what is really stored; null for nothing.</summary>
    public FetchRecord? Fetch { get; init; }

    /// <summary>
    /// Whether no document was taken over, because it is the same as before or none came: then of <see cref="Source"/> only
    /// validators, schedule and health are written, together with those of others, and nothing else of this is looked at.
    /// </summary>
    public bool IsQuiet { get; init; }

    /// <summary>
    /// Whether other refreshes are on their way to be stored, so that it may wait some milliseconds for them: where there is one writer, several
    /// in one transaction write far less than each in its own.
    /// </summary>
    public bool MayWait { get; init; }

    /// <summary>How many of those that may wait are written together at the most.</summary>
    public const int MostTogether = 8;

    /// <summary>The address that the source is polled at from now on, or null. It stays where it is when another source has that one.</summary>
    public string? MoveTo { get; init; }

    /// <summary>Entries with keys that are not stored yet.</summary>
    public IReadOnlyList<Entry> Added { get; init; } = [];

    /// <summary>Entries whose version changed, by their numbers.</summary>
    public IReadOnlyList<(long EntryId, Entry Entry)> Changed { get; init; } = [];

    /// <summary>
    /// Stored entries whose rights, licence or wishes are others now, by their numbers. None of that makes a version: it says nothing of the text,
    /// and holds at once for all versions that there are.
    /// </summary>
    public IReadOnlyList<(long EntryId, Entry Entry)> RightsChanged { get; init; } = [];

    /// <summary>Unchanged entries that the document still holds and whose last-seen mark is old enough to be renewed: see <see cref="KnownEntry.IsSeenMarkOld"/>.</summary>
    public IReadOnlyList<long> Seen { get; init; } = [];

    /// <summary>Entries that a rule keeps out, with the rule: what they were is remembered, their text is not.</summary>
    public IReadOnlyList<(Entry Entry, string Rule)> Dropped { get; init; } = [];

    /// <summary>Keys of entries that were dropped before and that the document still holds.</summary>
    public IReadOnlyList<string> StillDropped { get; init; } = [];

    /// <summary>
    /// What the rules do with added and changed entries, by key: places in categories and tags besides those that they have by
    /// themselves. A changed entry loses what earlier rules gave it and these do not.
    /// </summary>
    public IReadOnlyDictionary<string, RoutingOutcome> Routes { get; init; } = new Dictionary<string, RoutingOutcome>(StringComparer.Ordinal);

    /// <summary>How long a dropped entry is remembered after its source's documents no longer hold it.</summary>
    public static readonly TimeSpan DroppedKept = TimeSpan.FromDays(30);

    /// <summary>New keys of stored entries, when the source stepped down the identity ladder.</summary>
    public IReadOnlyList<(long EntryId, string Key)> Rekeyed { get; init; } = [];

    /// <summary>Those of <see cref="Added"/> and <see cref="Changed"/> whose pages are to be looked at now, each key once.</summary>
    public IReadOnlyList<WantedCapture> Captures { get; init; } = [];
}
