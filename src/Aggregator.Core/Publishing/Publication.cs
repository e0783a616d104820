using Aggregator.Core.Model;
using Aggregator.Core.Takedowns;

namespace Aggregator.Core.Publishing;

/// <summary>
/// Everything that a feed of ours is written from. The writers are pure: the same publication gives the same bytes,
/// whenever and wherever it is written.
/// </summary>
public sealed record Publication
{
    /// <summary>What the feed is about.</summary>
    public required Topic Topic { get; init; }

    /// <summary>The category's slug, when it is about a category.</summary>
    public string? Slug { get; init; }

    /// <summary>The feed's title; an empty one is written as the feed's own address.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence about it, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The feed's language (BCP 47), in which our own words in it are written: Chinese, else English.</summary>
    public required string Language { get; init; }

    /// <summary>Our addresses.</summary>
    public required SiteLinks Links { get; init; }

    /// <summary>Whether of each story only the entry that leads is in it.</summary>
    public bool OncePerStory { get; init; }

    /// <summary>Which of its topic's entries it holds, and how much of them, as its address says.</summary>
    public FeedView View { get; init; }

    /// <summary>The page of the archive with what comes before (RFC 5005 §4), or null when nothing does or the topic has no archive.</summary>
    public ArchiveAddress? PreviousArchive { get; init; }

    /// <summary>The page that follows this one, when both are full.</summary>
    public ArchiveAddress? NextArchive { get; init; }

    /// <summary>Whether each entry's content begins with the line that names source and snapshot time.</summary>
    public bool ShowAttribution { get; init; } = true;

    /// <summary>The entries, newest first, each once. What may not be shown at all is left out by itself.</summary>
    public required IReadOnlyList<PublishedEntry> Entries
    {
        get;
        init => field = value.All(static entry => entry.MayBeShown) ? value : [.. value.Where(static entry => entry.MayBeShown)];
    }

    /// <summary>What left the topic by a take-down within <see cref="Tombstone.Published"/>, newest first: Atom and JSON Feed tell readers of it.</summary>
    public IReadOnlyList<Tombstone> Tombstones { get; init; } = [];

    /// <summary>The numbers of entries that were there and of which nothing may be shown any more: in a delta they are told of as deleted, as of the topic's change.</summary>
    public IReadOnlyList<long> Withdrawn { get; init; } = [];

    /// <summary>What readers are told to delete, with the times.</summary>
    internal IEnumerable<(long EntryId, DateTimeOffset At)> Deleted =>
        Tombstones.Select(static tombstone => (tombstone.EntryId, tombstone.RemovedAt)).Concat(Withdrawn.Select(id => (id, ChangedAt ?? FeedDates.Earliest)));

    /// <summary>The WebSub hub that pushes what changes in it, or null when there is none.</summary>
    public string? HubUrl { get; init; }

    /// <summary>
    /// When the topic last changed: the feed's date while it has no entries (RFC 4287 §4.2.15 wants one).
    /// It plays no part once there are entries.
    /// </summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>
    /// The feed's date in every format: the newest version's <see cref="FeedDates.UpdatedOf"/>, else <see cref="ChangedAt"/>,
    /// else <see cref="FeedDates.Earliest"/>; never the time of writing.
    /// </summary>
    public DateTimeOffset UpdatedAt =>
        Entries.Count > 0 ? Entries.Max(static entry => FeedDates.UpdatedOf(entry.Stored)) : ChangedAt ?? FeedDates.Earliest;

    /// <summary>What holds for all entries of a feed that is about one source: its rights and its licence; null for other feeds.</summary>
    internal PublishedSource? OneSource => Topic is Topic.OfSource && Entries is [var first, ..] ? PublishedSource.Of(first.Source, Links) : null;

    /// <summary>The address of this feed in a format.</summary>
    public string SelfUrl(FeedFormat format) => UrlOf(format, View);

    /// <summary>The address of the feed with another view, in a format.</summary>
    public string UrlOf(FeedFormat format, FeedView view) => Links.Feed(Topic, Slug, format.Extension(), OncePerStory, view);

    /// <summary>What identifies the feed (RFC 4287 §4.2.6): the same for all pages and cuttings of it.</summary>
    public string Id => UrlOf(FeedFormat.Atom, default);

    /// <summary>The links between the pages of its archive, with their relations (RFC 5005 §4).</summary>
    public IEnumerable<(string Relation, string Url)> ArchiveLinks(FeedFormat format)
    {
        if (View.Archive is not null) yield return ("current", UrlOf(format, View.Current));
        if (PreviousArchive is { } previous) yield return ("prev-archive", UrlOf(format, View.At(previous)));
        if (NextArchive is { } next) yield return ("next-archive", UrlOf(format, View.At(next)));
    }

    /// <summary>The page that shows the same entries.</summary>
    public string PageUrl => Topic switch
    {
        Topic.OfCategory => Links.Category(Slug ?? throw new InvalidOperationException("A category's publication needs its slug.")),
        Topic.OfSource source => Links.Source(source.SourceId),
        Topic.OfSearch search => $"{Links.SearchPage}?{search.Query}",
        // Without the token: readers show this address and ask the host for pictures by it.
        Topic.OfSelection => Links.Subscriptions,
        _ => Links.Home,
    };
}
