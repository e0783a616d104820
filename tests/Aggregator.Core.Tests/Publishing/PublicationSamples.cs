using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;

namespace Aggregator.Core.Tests.Publishing;

/// <summary>Publications to write, from the ordinary to the hostile.</summary>
internal static class PublicationSamples
{
    public static readonly DateTimeOffset Now = new(2026, 9, 5, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Captured = new(2026, 9, 5, 9, 0, 0, 250, TimeSpan.Zero);
    public static readonly DateTimeOffset FirstSeen = new(2026, 9, 5, 8, 1, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Published = new(2026, 9, 5, 8, 0, 0, TimeSpan.Zero);
    public static readonly SiteLinks Links = new(new Uri("https://agg.example"));

    public static Source Source(long id = 1, string url = "https://orig.example/feed.xml") => new()
    {
        Id = id,
        Url = url,
        State = SourceState.Active,
        NextFetchAt = Now,
        CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        LastChangeAt = Captured,
        Feed = new FeedFacts
        {
            Title = "Orig News",
            SiteUrl = "https://orig.example/",
            Rights = "(c) Orig",
            Format = "rss2.0",
            UpdatedAt = new DateTimeOffset(2026, 9, 5, 8, 0, 0, TimeSpan.Zero),
        },
    };

    public static Entry Entry(string key = "1") => new()
    {
        Key = key,
        Guid = key,
        Url = "https://orig.example/a",
        Title = "T",
        Summary = "A summary",
        Content = "<p>The <em>content</em></p>",
        Authors = [new Person("John", "john@orig.example", "https://orig.example/john")],
        Tags = ["tech"],
        PublishedAt = Published,
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
    };

    public static PublishedEntry Item(long id, Entry? entry = null, Source? source = null) =>
        new(
            new StoredEntry
            {
                Id = id,
                SourceId = (source ?? Source()).Id,
                Entry = entry ?? Entry(id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                FirstSeenAt = FirstSeen,
                CapturedAt = Captured,
                Version = 1,
                SortAt = entry?.PublishedAt < FirstSeen ? entry.PublishedAt.Value : FirstSeen,
            },
            source ?? Source());

    public static Publication Of(params PublishedEntry[] entries) => new()
    {
        Topic = Topic.Category(7),
        Slug = "technology",
        Title = "科技",
        Description = "科技新闻",
        Language = "zh",
        Links = Links,
        Entries = entries,
    };

    /// <summary>One publication of everything that entries and sources can be, by name.</summary>
    public static IReadOnlyDictionary<string, Publication> All { get; } = new Dictionary<string, Publication>(StringComparer.Ordinal)
    {
        ["plain"] = Of(Item(1)),
        ["empty"] = Of() with { ChangedAt = FirstSeen },
        ["empty and new"] = Of(),
        ["without attribution"] = Of(Item(1)) with { ShowAttribution = false },
        ["in English"] = Of(Item(1)) with { Language = "en", Title = "Technology", Description = null },
        ["of everything"] = Of(Item(1)) with { Topic = Topic.Everything, Slug = null },
        ["of a source"] = Of(Item(1)) with { Topic = Topic.Source(1), Slug = null },
        ["a bulk import"] = Of([.. Enumerable.Range(1, 500).Select(static id => Item(id))]),
        ["with an archive behind it"] = Of(Item(1)) with { PreviousArchive = new ArchiveAddress(3, 170) },
        ["a page of an archive"] = Of(Item(1), Item(2)) with
        {
            View = new FeedView { Archive = new ArchiveAddress(2, null) },
            PreviousArchive = new ArchiveAddress(1, null),
            NextArchive = new ArchiveAddress(3, null),
        },
        ["a part of an archive, of summaries since a day, in English"] = Of(Item(1).With(FeedContent.Summary)) with
        {
            Language = "en",
            View = new FeedView { Archive = new ArchiveAddress(2, 77), Content = FeedContent.Summary, Since = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        },
        ["an empty page of an archive"] = Of() with { ChangedAt = FirstSeen, View = new FeedView { Archive = new ArchiveAddress(1, null) } },
        ["summaries"] = Of(Item(1).With(FeedContent.Summary), Item(2, Entry() with { Summary = null }).With(FeedContent.Summary)) with
        {
            View = new FeedView { Content = FeedContent.Summary },
        },
        ["titles"] = Of(Item(1).With(FeedContent.None), Item(2, Entry() with { Title = "" }).With(FeedContent.None)) with { View = new FeedView { Content = FeedContent.None, Count = 5 } },
        ["Chinese"] = Of(
            Item(1, Entry() with
            {
                Title = "中国航天员完成出舱活动：“神舟”新突破",
                Summary = "新华社北京电",
                Content = "<p>新华社北京9月5日电（记者 王小明）……</p>",
                Authors = [new Person("王小明"), new Person("李雷")],
                Tags = ["航天", "国内"],
                Language = "zh-CN",
                Url = "https://新闻.example/文章/一?页=1",
            })),
        ["as little as possible"] = Of(
            Item(1, Entry() with { Title = "", Summary = null, Content = null, Authors = [], Tags = [], Url = null, PublishedAt = null }),
            Item(2, Entry() with { Title = "", Summary = "Only a summary", Content = null, Authors = [], Tags = [] }),
            Item(3, Entry() with { Title = "Only a title", Summary = null, Content = null, Authors = [], Tags = ["", " "] })),
        ["hostile text"] = Of(
            Item(1, Entry() with
            {
                Title = "</title><script>alert(1)</script> & \"<b>\" &lt;i&gt; &copy AT&T ]]> \u0000\u0008\u001f\ud800\uffff\u0085 end",
                Summary = "]]> <!-- </description> &#60; \udc00",
                Content = "<p>]]&gt; text \u0001\u000b\ud83d </p>",
                Authors = [new Person("<Eve> & \u0007Mallory"), new Person("  "), new Person("\u0000")],
                Tags = ["<tag>", "a&amp;b", "\u0001"],
                Rights = "<b>mine</b> &copy; 2026",
                Language = "en\"><x>",
                Url = "https://orig.example/a b?x=[1]&y={2}|3#\"<>",
            }),
            Item(2, Entry() with { Title = "Emoji 😀 and \ud83d\ude00 stay" })) with
        { Title = "<b>科技</b> & co", Description = "a </b> b ]]>" },
        ["a bundled source"] = Of(Item(1, source: Source(9, "catalogue:samples/新闻 一.xml"))),
        ["a source with secrets"] = Of(
            Item(1, source: Source(2, "https://user:pass@orig.example/feed.xml")),
            Item(2, source: Source(3, "https://orig.example/feed?token=s3cr3t") with { Feed = new FeedFacts { SiteUrl = "https://orig.example" } }),
            Item(3, source: Source(4, "https://orig.example/feed?apikey=s3cr3t") with { Feed = new FeedFacts() })),
        ["sources of every dialect"] = Of(
            Item(1, source: Dialect(2, "atom1.0", "tag:orig.example,2005:feed")),
            Item(2, source: Dialect(3, "json1.1", "https://orig.example")),
            Item(3, source: Dialect(4, "rss1.0", "urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6")),
            Item(4, source: Dialect(5, "atom0.3", "a bare title")),
            Item(5, source: Dialect(6, "atom1.0", "urn:uuid:nonsense")),
            Item(6, source: Dialect(7, "atom1.0", "HTTPS://Orig.Example:443/a/../feed")),
            Item(7, source: Dialect(8, null, null) with { Feed = new FeedFacts() })),
        ["every enclosure"] = Of(
            Item(1, Entry() with
            {
                Enclosures =
                [
                    new Enclosure("https://cdn.example/a.mp3", "audio/mpeg", 1234),
                    new Enclosure("https://cdn.example/b.m4a"),
                    new Enclosure("https://cdn.example/c", "not a type", -1),
                    new Enclosure("https://cdn.example/音频.mp3", "", 0),
                    new Enclosure("https://cdn.example/a.mp3", "audio/mpeg", 1234),
                    new Enclosure("ftp://cdn.example/d.mp3", "audio/mpeg", 1),
                ],
            }),
            Item(2, Entry() with { Enclosures = [new Enclosure("https://cdn.example/only", null, null)] })),
        ["a claimed source"] = Of(Item(1, Entry() with { ClaimedSource = new ClaimedSource("Another \u0001paper", "https://u:p@another.example/feed?sig=1") })),
        ["dates before the web"] = Of(
            Item(1, Entry() with { PublishedAt = new DateTimeOffset(1776, 7, 4, 18, 30, 2, TimeSpan.Zero) }, Source() with
            {
                Feed = Source().Feed with { UpdatedAt = new DateTimeOffset(1988, 3, 19, 7, 15, 0, TimeSpan.Zero) },
            })),
        ["licensed"] = Of(
            Item(1, Entry() with { Rights = "(c) John", LicenseUrl = "https://creativecommons.org/licenses/by/4.0/" }),
            Item(2, source: Source(2) with { Feed = Source().Feed with { LicenseUrl = "http://www.creativecommons.org/licenses/by-nc/1.0" } }),
            Item(3, Entry() with { LicenseUrl = "https://orig.example/terms?v=[1]" })) with
        { Topic = Topic.Source(1), Slug = null },
        ["a date in the future"] = Of(Item(1, Entry() with { PublishedAt = Now.AddYears(1) })),
    };

    private static Source Dialect(long id, string? format, string? feedId) =>
        Source(id) with { Feed = new FeedFacts { Title = "Dialect", Id = feedId, Format = format } };
}
