using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>
/// An entry as our feeds show it: every text is legal in XML, every address public. What all formats have in common is decided
/// here; a writer only gives it its format's shape.
/// </summary>
internal sealed record PublishedItem
{
    // A title made of a summary is a hint in a list, not the summary.
    private const int MadeTitleLength = 60;

    public required string Id { get; init; }

    /// <summary>The publisher's title, or null when there is none.</summary>
    public required string? Title { get; init; }

    /// <summary>A title in any case: the publisher's, else the summary's beginning, else "untitled" (validators and readers want one in Atom).</summary>
    public required string AnyTitle { get; init; }

    /// <summary>The publisher's page.</summary>
    public required string? Url { get; init; }

    /// <summary>Our page with the snapshot.</summary>
    public required string ArticleUrl { get; init; }

    public required PublishedSource Source { get; init; }

    public required ClaimedSource? Claimed { get; init; }

    /// <summary>The story that it stands for.</summary>
    public PublishedStory? Story { get; init; }

    public required string? Summary { get; init; }

    /// <summary>The body as HTML: the publisher's content, else the summary, else a link to the page. Without the attribution line.</summary>
    public required string Body { get; init; }

    /// <summary>Whether <see cref="Body"/> says more than <see cref="Summary"/>.</summary>
    public required bool HasOwnContent { get; init; }

    public required IReadOnlyList<Person> Authors { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyList<PublishedFile> Files { get; init; }

    public required string? ImageUrl { get; init; }

    public required string? Language { get; init; }

    public required string? Rights { get; init; }

    /// <summary>The address of its own licence.</summary>
    public required string? LicenseUrl { get; init; }

    /// <summary>How much of it is shown.</summary>
    public required RepublishLevel Level { get; init; }

    /// <summary>When the publisher published it, when it says so and since <see cref="FeedDates.Earliest"/>; a date after we first had it is that moment.</summary>
    public required DateTimeOffset? PublishedAt { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>See <see cref="FeedDates.UpdatedOf"/>.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public required int Version { get; init; }

    /// <summary>The content to publish: the body, with the attribution line at its top when the publication shows it.</summary>
    public string Content(Publication publication, FeedWords words) =>
        publication.ShowAttribution ? AttributionLine.Html(this, words) + Body : Body;

    /// <summary>The entries of a publication as they are shown.</summary>
    public static IReadOnlyList<PublishedItem> AllOf(Publication publication, FeedWords words)
    {
        var sources = new Dictionary<long, PublishedSource>();
        var items = new List<PublishedItem>(publication.Entries.Count);
        foreach (var entry in publication.Entries)
        {
            if (!sources.TryGetValue(entry.Source.Id, out var source))
                sources.Add(entry.Source.Id, source = PublishedSource.Of(entry.Source, publication.Links));
            // Archived, an entry keeps its source's date as it was then: the page stays as it is while the source goes on.
            var shown = publication.View.Archive is null ? source : source with { UpdatedAt = entry.Stored.CapturedAt };
            items.Add(Of(entry, shown, publication.Links, words));
        }

        return items;
    }

    private static PublishedItem Of(PublishedEntry published, PublishedSource source, SiteLinks links, FeedWords words)
    {
        var (stored, entry) = (published.Stored, published.Stored.Entry);
        var title = FeedText.Line(entry.Title);
        var summary = FeedText.Line(entry.Summary);
        var content = string.IsNullOrWhiteSpace(entry.Content)
            ? null
            : PublicSourceAddress.WithoutCredentials(published.Source, FeedText.Legal(entry.Content));
        var anyTitle = title ?? (summary is null ? words.Untitled : FeedText.Beginning(summary, MadeTitleLength));
        var article = links.Article(stored.Id);
        var url = WebAddress.Published(entry.Url);
        return new PublishedItem
        {
            Id = links.EntryId(stored.Id),
            Title = title,
            AnyTitle = anyTitle,
            Url = url,
            ArticleUrl = article,
            Source = source,
            Claimed = Claim(entry.ClaimedSource),
            Story = published.Story,
            Summary = summary,
            Body = content
                ?? (summary is null
                    ? $"<p><a href=\"{FeedText.ToHtml(url ?? article)}\">{FeedText.ToHtml(anyTitle)}</a></p>"
                    : $"<p>{FeedText.ToHtml(summary)}</p>"),
            HasOwnContent = content is not null,
            Authors = [.. entry.Authors.Select(Author).OfType<Person>()],
            Tags = [.. entry.Tags.Select(FeedText.Line).OfType<string>().Distinct(StringComparer.Ordinal)],
            Files = [.. entry.Enclosures.Select(PublishedFile.Of).OfType<PublishedFile>().DistinctBy(static file => file.Url, StringComparer.Ordinal)],
            ImageUrl = WebAddress.Published(entry.ImageUrl),
            Language = FeedLanguage.Valid(entry.Language),
            Rights = FeedText.Line(entry.Rights),
            LicenseUrl = WebAddress.Published(entry.LicenseUrl),
            Level = stored.Level,
            PublishedAt = entry.PublishedAt is { } date && date >= FeedDates.Earliest ? (date < stored.FirstSeenAt ? date : stored.FirstSeenAt) : null,
            FirstSeenAt = stored.FirstSeenAt,
            CapturedAt = stored.CapturedAt,
            UpdatedAt = FeedDates.UpdatedOf(stored),
            Version = stored.Version,
        };
    }

    private static Person? Author(Person person) =>
        FeedText.Line(person.Name) is { } name ? new Person(name, Email: null, WebAddress.Published(person.Url)) : null;

    private static ClaimedSource? Claim(ClaimedSource? claimed)
    {
        if (claimed is null) return null;
        var (title, url) = (FeedText.Line(claimed.Title), PublicSourceAddress.Clean(claimed.Url, keepFragment: true, out _));
        return title is null && url is null ? null : new ClaimedSource(title, url);
    }
}
