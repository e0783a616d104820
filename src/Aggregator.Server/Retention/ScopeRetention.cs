using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>
/// How long what is of a category or of a source is kept, in the configuration. What is not set is left to the next rule; of two values
/// that belong together (days and count) one that is set makes the other 0.
/// </summary>
internal sealed class ScopeRetention
{
    /// <summary>For how many days an entry that has left its feed is kept after we first had it; 0 is for ever.</summary>
    public int? Days { get; set; }

    /// <summary>How many newest entries are kept, besides those that their feed still holds; 0 is all.</summary>
    public int? Count { get; set; }

    /// <summary>For how many days after their capture the texts of versions are kept; 0 is for ever.</summary>
    public int? VersionDays { get; set; }

    /// <summary>The texts of how many of an entry's newest versions are kept; 0 is all.</summary>
    public int? VersionCount { get; set; }

    /// <summary>The same as the store has it.</summary>
    public RetentionSettings Settings => new(Rule(Days, Count), Rule(VersionDays, VersionCount));

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    /// <param name="section">Where it stands in the configuration.</param>
    public string? Problem(string section)
    {
        if (Days is < 0 or > RetentionRule.MaxDays) return $"{section}:Days must be a number of days from 0 (for ever) to {RetentionRule.MaxDays}.";
        if (Count is < 0 or > RetentionRule.MaxCount) return $"{section}:Count must be 0 (all) to {RetentionRule.MaxCount}.";
        if (VersionDays is < 0 or > RetentionRule.MaxDays) return $"{section}:VersionDays must be a number of days from 0 (for ever) to {RetentionRule.MaxDays}.";
        return VersionCount is < 0 or (> 0 and < RetentionSettings.MinVersionCount) or > RetentionRule.MaxCount
            ? $"{section}:VersionCount must be 0 (all) or {RetentionSettings.MinVersionCount} to {RetentionRule.MaxCount}."
            : null;
    }

    private static RetentionRule? Rule(int? days, int? count) => days is null && count is null ? null : new RetentionRule(days ?? 0, count ?? 0);
}
