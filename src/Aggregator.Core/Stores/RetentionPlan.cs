namespace Aggregator.Core.Stores;

/// <summary>
/// Every rule there is. A source's own goes before those of the categories in which an entry stands, and these before the general one;
/// an entry in several categories is kept as long as by the one that keeps it longest, be that by the general rule.
/// </summary>
public sealed record RetentionPlan
{
    /// <summary>The rule of entries for which nothing else is said.</summary>
    public RetentionRule Entries { get; init; } = RetentionRule.ForEver;

    /// <summary>The rule of versions' texts for which nothing else is said.</summary>
    public RetentionRule Versions { get; init; } = RetentionRule.ForEver;

    /// <summary>What is set for categories, by their numbers.</summary>
    public IReadOnlyDictionary<long, RetentionSettings> OfCategories { get; init; } = new Dictionary<long, RetentionSettings>();

    /// <summary>What is set for sources, by their numbers.</summary>
    public IReadOnlyDictionary<long, RetentionSettings> OfSources { get; init; } = new Dictionary<long, RetentionSettings>();

    /// <summary>Whether no rule lets an entry go.</summary>
    public bool KeepsAllEntries => Entries.IsForEver && All.All(settings => settings.Entries?.IsForEver ?? true);

    /// <summary>Whether no rule lets a version's text go.</summary>
    public bool KeepsAllVersions => Versions.IsForEver && All.All(settings => settings.Versions?.IsForEver ?? true);

    private IEnumerable<RetentionSettings> All => OfCategories.Values.Concat(OfSources.Values);

    /// <summary>The rule of a source's entries as far as no category of theirs has one: its own, else the general one.</summary>
    public RetentionRule EntriesOfSource(long sourceId) => OfSources.GetValueOrDefault(sourceId)?.Entries ?? Entries;

    /// <summary>The rule of the versions of an entry.</summary>
    /// <param name="sourceId">Its source.</param>
    /// <param name="categoryIds">The categories in which it stands.</param>
    public RetentionRule VersionsOf(long sourceId, IReadOnlyCollection<long> categoryIds)
    {
        ArgumentNullException.ThrowIfNull(categoryIds);
        if (OfSources.GetValueOrDefault(sourceId)?.Versions is { } own) return own;
        return categoryIds.Count == 0
            ? Versions
            : categoryIds.Select(id => OfCategories.GetValueOrDefault(id)?.Versions ?? Versions).Aggregate((one, other) => one.Or(other));
    }

    /// <summary>Whether an entry that has left its feed has to go.</summary>
    public bool LetsGo(ExpiryCandidate candidate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        var since = candidate.FirstSeenAt;
        var bySource = EntriesOfSource(candidate.SourceId).LetsGo(since, candidate.IsBeyondSource, now);
        if (OfSources.GetValueOrDefault(candidate.SourceId)?.Entries is not null) return bySource;
        return candidate.Categories.Count == 0
            ? bySource
            : candidate.Categories.All(place => OfCategories.GetValueOrDefault(place.CategoryId)?.Entries is { } own
                ? own.LetsGo(since, place.IsBeyond, now)
                : bySource);
    }
}
