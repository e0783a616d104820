using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>A feed while it is being read.</summary>
internal sealed class FeedDraft
{
    internal string Format = "";
    internal ParsedText? Title;
    internal ParsedText? Description;
    internal string? Link;
    internal int LinkRank;
    internal string? Self;
    internal string? Id;
    internal string? Language;
    internal ParsedText? Rights;
    internal DateTimeOffset? Updated;
    internal DateTimeOffset? Published;
    internal string? Image;
    internal List<Person>? Authors;
    internal List<string>? Hubs;
    internal TimeSpan? Ttl;
    internal TimeSpan? UpdatePeriod;
    internal int UpdateFrequency = 1;
    internal List<int>? SkipHours;
    internal List<DayOfWeek>? SkipDays;
    internal readonly List<ParsedEntry> Entries = [];
    internal bool SawChannel;
    internal string? Next;
    internal string? PreviousArchive;
    internal string? NewUrl;
    internal string? LicenseUrl;
    internal PublisherWishes Wishes;
    internal bool IsComplete;
    internal bool IsArchive;
    internal List<ParsedTombstone>? Tombstones;
    internal string? Note;
    internal bool TooManyEntries;
    internal bool AddressesGrewTooLong;

    internal ParsedFeed Finish(string encoding, IReadOnlyList<string> repairs) => new()
    {
        Format = Format,
        Encoding = encoding,
        Repairs = repairs,
        Title = Title,
        Description = Description,
        SiteUrl = Link,
        SelfUrl = Self,
        Id = Id,
        Language = Language,
        Rights = Rights,
        UpdatedAt = Updated ?? Published,
        ImageUrl = Image,
        Authors = Authors ?? [],
        HubUrls = Hubs ?? [],
        MinimumInterval = UpdatePeriod / UpdateFrequency is { } period && !(Ttl > period) ? period : Ttl,
        SkipHours = SkipHours ?? [],
        SkipDays = SkipDays ?? [],
        Entries = Entries,
        Tombstones = Tombstones ?? [],
        NextUrl = Next,
        PreviousArchiveUrl = PreviousArchive,
        NewFeedUrl = NewUrl,
        LicenseUrl = LicenseUrl,
        Wishes = Wishes,
        IsComplete = IsComplete,
        IsArchive = IsArchive,
    };
}
