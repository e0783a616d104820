using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>An entry while it is being read; several dialects may say the same thing, and the better word wins at the end.</summary>
internal sealed class EntryDraft
{
    internal string? Id;
    internal bool IdIsPermalink;
    internal bool IdIsNoPermalink;
    internal string? About;
    internal ParsedText? Title;
    internal ParsedText? OtherTitle;
    internal string? Link;
    internal int LinkRank;
    internal string? OriginalLink;
    internal DateTimeOffset? Published;
    internal int PublishedRank;
    internal DateTimeOffset? Created;
    internal DateTimeOffset? OtherDate;
    internal DateTimeOffset? Updated;
    internal List<Person>? Authors;
    internal List<Person>? OtherAuthors;
    internal List<Person>? Contributors;
    internal ParsedText? Summary;
    internal ParsedText? OtherSummary;
    internal int OtherSummaryRank;
    internal ParsedText? Content;
    internal int ContentRank;
    internal List<Enclosure>? Enclosures;
    internal List<Enclosure>? Media;
    internal List<string>? Categories;
    internal string? Language;
    internal string? Image;
    internal string? Thumbnail;
    internal ParsedText? Rights;
    internal ClaimedSource? Source;
    internal string? Base;
    internal string? CommentsUrl;
    internal bool IsCut;
    private Modules? _modules;

    /// <summary>What the small vocabularies said; most entries have none of them.</summary>
    internal Modules More => _modules ??= new Modules();

    /// <summary>Makes it ready for the next entry: one draft serves a whole document.</summary>
    internal void Clear()
    {
        Id = null;
        IdIsPermalink = false;
        IdIsNoPermalink = false;
        About = null;
        Title = null;
        OtherTitle = null;
        Link = null;
        LinkRank = 0;
        OriginalLink = null;
        Published = null;
        PublishedRank = 0;
        Created = null;
        OtherDate = null;
        Updated = null;
        Authors = null;
        OtherAuthors = null;
        Contributors = null;
        Summary = null;
        OtherSummary = null;
        OtherSummaryRank = 0;
        Content = null;
        ContentRank = 0;
        Enclosures = null;
        Media = null;
        Categories = null;
        Language = null;
        Image = null;
        Thumbnail = null;
        Rights = null;
        Source = null;
        Base = null;
        CommentsUrl = null;
        IsCut = false;
        _modules = null;
    }

    internal ParsedEntry Finish()
    {
        var authors = Authors ?? OtherAuthors;
        if (Contributors is not null) authors = authors is null ? Contributors : [.. authors, .. Contributors];
        return new ParsedEntry
        {
            Id = Id ?? About,
            Title = Title ?? OtherTitle,
            // A guid is a permalink unless it says no; an Atom id or an rdf:about only when it is a page's address.
            Link = Link ?? (IdIsPermalink || Urls.IsHttp(Id) && !IdIsNoPermalink ? Id : null) ?? (Urls.IsHttp(About) ? About : null),
            OriginalLink = OriginalLink,
            CommentsUrl = CommentsUrl,
            CommentsFeedUrl = _modules?.CommentsFeedUrl,
            CommentCount = _modules?.CommentCount,
            InReplyTo = _modules?.InReplyTo,
            // RFC 4287 §4.2.11: what an entry does not say of its rights, the feed that it is from says.
            LicenseUrl = _modules?.LicenseUrl ?? _modules?.SourceLicenseUrl,
            Wishes = _modules?.Wishes ?? PublisherWishes.None,
            Location = _modules?.Location ?? (_modules is { Latitude: { } latitude, Longitude: { } longitude } ? new ParsedLocation(latitude, longitude) : null),
            Podcast = _modules?.Podcast,
            PublishedAt = Published ?? OtherDate ?? Created,
            UpdatedAt = Updated,
            Authors = authors ?? [],
            Summary = string.IsNullOrWhiteSpace(Summary?.Value) ? OtherSummary ?? Summary : Summary,
            Content = Content,
            BaseUrl = Base,
            Enclosures = Enclosures ?? [],
            Media = Media ?? [],
            Categories = Categories ?? [],
            Language = Language,
            ImageUrl = Image ?? Thumbnail,
            Rights = Rights ?? _modules?.SourceRights,
            ClaimedSource = Source ?? (_modules is null or { AggregatedFrom: null, AggregatedFromUrl: null } ? null : new ClaimedSource(_modules.AggregatedFrom, _modules.AggregatedFromUrl)),
        };
    }

    /// <summary>See <see cref="More"/>.</summary>
    internal sealed class Modules
    {
        internal string? CommentsFeedUrl;
        internal int? CommentCount;
        internal string? InReplyTo;
        internal string? LicenseUrl;
        internal string? SourceLicenseUrl;
        internal ParsedText? SourceRights;
        internal PublisherWishes Wishes;
        internal ParsedLocation? Location;
        internal double? Latitude;
        internal double? Longitude;
        internal ParsedPodcast? Podcast;
        internal string? AggregatedFrom;
        internal string? AggregatedFromUrl;
    }
}
