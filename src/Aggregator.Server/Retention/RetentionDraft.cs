using System.Globalization;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Retention;

/// <summary>How long things are kept, as people and subscription lists write it: numbers, and nothing where it is left to others.</summary>
/// <param name="EntryDays">For how many days entries are kept.</param>
/// <param name="EntryCount">How many newest entries are kept.</param>
/// <param name="VersionDays">For how many days texts of versions are kept.</param>
/// <param name="VersionCount">How many newest versions of an entry keep their texts.</param>
public sealed record RetentionDraft(string? EntryDays, string? EntryCount, string? VersionDays, string? VersionCount)
{
    /// <summary>Settings as they are written.</summary>
    internal static RetentionDraft Of(RetentionSettings settings) =>
        new(Written(settings.Entries?.Days), Written(settings.Entries?.Count), Written(settings.Versions?.Days), Written(settings.Versions?.Count));

    /// <summary>The settings, or null when they cannot be used.</summary>
    /// <param name="problem">Why not, in a sentence.</param>
    internal RetentionSettings? Read(out string? problem)
    {
        if (!TryRead(EntryDays, EntryCount, out var entries) || !TryRead(VersionDays, VersionCount, out var versions))
        {
            problem = "These have to be whole numbers.";
            return null;
        }

        var settings = new RetentionSettings(entries, versions);
        problem = settings.Problem();
        return problem is null ? settings : null;
    }

    // One of the two that is missing sets no bound of its own.
    private static bool TryRead(string? days, string? count, out RetentionRule? rule)
    {
        rule = null;
        if (string.IsNullOrEmpty(days) && string.IsNullOrEmpty(count)) return true;
        if (!TryNumber(days, out var kept) || !TryNumber(count, out var newest)) return false;
        rule = new RetentionRule(kept, newest);
        return true;
    }

    private static bool TryNumber(string? text, out int number)
    {
        number = 0;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string? Written(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
