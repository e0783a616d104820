using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Browse;

/// <summary>An entry in a list.</summary>
/// <param name="Stored">The entry.</param>
/// <param name="Source">Where it came from; null only while its source is being deleted.</param>
public sealed record ListedEntry(StoredEntry Stored, Source? Source)
{
    /// <summary>The story that the entry stands for, when others tell it too.</summary>
    public Story? Story { get; init; }

    /// <summary>How many other sources tell the story.</summary>
    public int OtherSources => Story is null ? 0 : Story.Members.Select(member => member.SourceId).Where(id => id != Stored.SourceId).Distinct().Count();

    /// <summary>The beginning of its text; null when there is none, or when it only says again what the title says.</summary>
    public string? Excerpt =>
        Browse.Excerpt.Of(Stored.Entry.Summary) is { } excerpt && !Repeats(excerpt, Stored.Entry.Title) ? excerpt : null;

    /// <summary>The address of the picture that stands beside it, or null.</summary>
    public string? Thumbnail =>
        Stored.Entry.ImageUrl
        ?? Stored.Entry.Enclosures.FirstOrDefault(enclosure => enclosure.Type?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true)?.Url;

    // Feeds without titles have them made from the text.
    private static bool Repeats(string excerpt, string title) =>
        title.Length > 0 && (title.StartsWith(excerpt.TrimEnd('…'), StringComparison.Ordinal) || excerpt.TrimEnd('…', '。', '.') == title.TrimEnd('…', '。', '.'));
}
