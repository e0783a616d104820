using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>
/// The one rule of what strangers may see of an entry. The strictest of what an admin set, else of the defaults of the source's categories,
/// and of what the publisher's feed asks for holds; no setting is needed for a publisher's wish to be obeyed. Only where an admin says that
/// the publisher agreed does what the feed asks for as a whole not count: a contract is nothing that a feed can know of. What it asks for
/// one entry counts even then.
/// </summary>
/// <remarks>
/// The store reads <see cref="LevelOf(RepublishLevel?, RepublishLevel?, PublisherWishes, bool)"/> from a column that the database computes, so
/// that pages of entries leave out by themselves what appears nowhere; a test holds the two together. Everything that leaves the store for
/// strangers has passed <see cref="Show(StoredEntry, RepublishLevel)"/>.
/// </remarks>
public static class RepublishRule
{
    /// <summary>How long a summary is where no more than that may be shown, in user-perceived characters.</summary>
    public const int MaxSummaryLength = 300;

    /// <summary>The most that these wishes leave.</summary>
    public static RepublishLevel LimitOf(PublisherWishes wishes) =>
        wishes.HasFlag(PublisherWishes.Blocked) || wishes.HasFlag(PublisherWishes.Denied) ? RepublishLevel.Nothing
        : wishes.HasFlag(PublisherWishes.NotArchived) ? RepublishLevel.Summary
        : RepublishLevel.Full;

    /// <summary>What holds for a source.</summary>
    /// <param name="setting">What an admin set of it, or null.</param>
    /// <param name="categoryDefault">The strictest default of its categories, or null when none has one.</param>
    /// <param name="wishes">What its feed asks for.</param>
    /// <param name="publisherAgrees">Whether an admin says that the publisher agreed.</param>
    public static RepublishLevel LevelOf(RepublishLevel? setting, RepublishLevel? categoryDefault, PublisherWishes wishes, bool publisherAgrees) =>
        Stricter(setting ?? categoryDefault ?? RepublishLevel.Full, publisherAgrees ? RepublishLevel.Full : LimitOf(wishes));

    /// <summary>What holds for an entry.</summary>
    /// <param name="ofSource">What holds for its source.</param>
    /// <param name="wishes">What the entry asks for.</param>
    public static RepublishLevel LevelOf(RepublishLevel ofSource, PublisherWishes wishes) => Stricter(ofSource, LimitOf(wishes));

    /// <summary>What of an entry may be shown, or null when nothing may. What may be shown already stays as it is.</summary>
    /// <param name="stored">The entry.</param>
    /// <param name="ofSource">What holds for its source.</param>
    public static StoredEntry? Show(StoredEntry stored, RepublishLevel ofSource)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var level = Stricter(stored.Level, LevelOf(ofSource, stored.Entry.Wishes));
        return level == RepublishLevel.Nothing ? null
            : level == stored.Level ? stored
            : stored with { Entry = Show(stored.Entry, level), Level = level };
    }

    /// <summary>What a level leaves of an entry. Of <see cref="RepublishLevel.Nothing"/> not even the headline is left.</summary>
    public static Entry Show(Entry entry, RepublishLevel level)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (level == RepublishLevel.Full) return entry;
        var summary = entry with { Content = null, Summary = entry.Summary is null ? null : FeedText.Beginning(entry.Summary, MaxSummaryLength) };
        if (level == RepublishLevel.Summary) return summary;
        var title = summary with { Summary = null, ImageUrl = null, Enclosures = [], Tags = [] };
        return level == RepublishLevel.Title ? title : title with { Title = "", Url = null, Authors = [] };
    }

    /// <summary>What of a passage of an entry's text may be shown, where it was chosen from all of it: what the entry still says itself.</summary>
    public static string Passage(StoredEntry shown, string passage)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return shown.Level == RepublishLevel.Full ? passage : shown.Entry.Summary ?? "";
    }

    private static RepublishLevel Stricter(RepublishLevel one, RepublishLevel other) => one < other ? one : other;
}
