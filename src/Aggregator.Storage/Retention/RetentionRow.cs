using Aggregator.Core.Stores;

namespace Aggregator.Storage.Retention;

/// <summary>A row of <c>retention</c>.</summary>
internal sealed record RetentionRow
{
    public const string Columns = "source_id, category_id, entry_days, entry_count, version_days, version_count";

    public const string Insert = $"""
        insert into retention ({Columns})
        values (@SourceId, @CategoryId, @EntryDays, @EntryCount, @VersionDays, @VersionCount)
        """;

    public long? SourceId { get; init; }
    public long? CategoryId { get; init; }
    public int? EntryDays { get; init; }
    public int? EntryCount { get; init; }
    public int? VersionDays { get; init; }
    public int? VersionCount { get; init; }

    public static RetentionRow Of(long id, bool isSource, RetentionSettings settings) => new()
    {
        SourceId = isSource ? id : null,
        CategoryId = isSource ? null : id,
        EntryDays = settings.Entries?.Days,
        EntryCount = settings.Entries?.Count,
        VersionDays = settings.Versions?.Days,
        VersionCount = settings.Versions?.Count,
    };

    public RetentionSettings ToSettings() => new(Rule(EntryDays, EntryCount), Rule(VersionDays, VersionCount));

    private static RetentionRule? Rule(int? days, int? count) => days is null && count is null ? null : new RetentionRule(days ?? 0, count ?? 0);
}
