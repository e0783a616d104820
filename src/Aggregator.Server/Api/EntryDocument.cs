using Aggregator.Core.Model;
using Aggregator.Core.Publishing;

namespace Aggregator.Server.Api;

/// <summary>An entry as the API shows it. All times are UTC.</summary>
public sealed record EntryDocument
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The number of its source.</summary>
    public required long SourceId { get; init; }

    /// <summary>The publisher's page, or null.</summary>
    public string? Url { get; init; }

    /// <summary>The title as plain text.</summary>
    public required string Title { get; init; }

    /// <summary>A plain-text summary, or null.</summary>
    public string? Summary { get; init; }

    /// <summary>The body as sanitised HTML; null in lists.</summary>
    public string? Content { get; init; }

    /// <summary>The names of its authors.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    /// <summary>The publisher's tags.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<Enclosure> Enclosures { get; init; }

    /// <summary>Its language (BCP 47), or null.</summary>
    public string? Language { get; init; }

    /// <summary>
    /// How much of it strangers see: <c>full</c>, <c>summary</c>, <c>title</c>, or <c>nothing</c> where everything stored was asked for.
    /// </summary>
    public required string Republished { get; init; }

    /// <summary>Its rights line, or null.</summary>
    public string? Rights { get; init; }

    /// <summary>The address of its own licence, or null.</summary>
    public string? License { get; init; }

    /// <summary>What the publisher asks of those who would republish it: <c>blocked</c>, <c>denied</c>, <c>notArchived</c>.</summary>
    public required IReadOnlyList<string> Wishes { get; init; }

    /// <summary>When the publisher says it was published, or null.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When the publisher says it was changed, or null.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When we first had it.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When we took its newest snapshot.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>The number of its newest snapshot, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>An entry as strangers may see it.</summary>
    internal static EntryDocument Of(StoredEntry shown) => Of(shown, shown.Level);

    /// <summary>An entry as it is stored, with how much of it strangers see.</summary>
    internal static EntryDocument Of(StoredEntry stored, Source source) => Of(stored, RepublishRule.LevelOf(source.Level, stored.Entry.Wishes));

    private static EntryDocument Of(StoredEntry stored, RepublishLevel level)
    {
        var entry = stored.Entry;
        return new EntryDocument
        {
            Id = stored.Id,
            SourceId = stored.SourceId,
            Url = entry.Url,
            Title = entry.Title,
            Summary = entry.Summary,
            Content = entry.Content,
            Authors = [.. entry.Authors.Select(static author => author.Name)],
            Tags = entry.Tags,
            Enclosures = entry.Enclosures,
            Language = entry.Language,
            Republished = level.Name(),
            Rights = entry.Rights,
            License = entry.LicenseUrl,
            Wishes = SourceDocument.NamesOf(entry.Wishes),
            PublishedAt = entry.PublishedAt,
            UpdatedAt = entry.UpdatedAt,
            FirstSeenAt = stored.FirstSeenAt,
            CapturedAt = stored.CapturedAt,
            Version = stored.Version,
        };
    }
}
