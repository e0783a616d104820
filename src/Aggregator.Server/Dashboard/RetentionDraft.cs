using System.Globalization;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Dashboard;

/// <summary>What the form of retention holds, as it was typed: numbers, and nothing where it is left to others.</summary>
/// <param name="EntryDays">For how many days entries are kept.</param>
/// <param name="EntryCount">How many newest entries are kept.</param>
/// <param name="VersionDays">For how many days texts of versions are kept.</param>
/// <param name="VersionCount">How many newest versions of an entry keep their texts.</param>
public sealed record RetentionDraft(string EntryDays, string EntryCount, string VersionDays, string VersionCount)
{
    internal static RetentionDraft Of(RetentionSettings settings) =>
        new(Written(settings.Entries?.Days), Written(settings.Entries?.Count), Written(settings.Versions?.Days), Written(settings.Versions?.Count));

    internal static RetentionDraft Of(IFormCollection form) => new(
        form["entry-days"].ToString().Trim(), form["entry-count"].ToString().Trim(), form["version-days"].ToString().Trim(), form["version-count"].ToString().Trim());

    /// <summary>The settings, or null when they cannot be used.</summary>
    internal RetentionSettings? Read() =>
        TryRead(EntryDays, EntryCount, out var entries) && TryRead(VersionDays, VersionCount, out var versions)
        && new RetentionSettings(entries, versions) is var settings && settings.Problem() is null
            ? settings
            : null;

    private static bool TryRead(string days, string count, out RetentionRule? rule)
    {
        rule = null;
        if (days.Length == 0 && count.Length == 0) return true;
        if (!TryNumber(days, out var kept) || !TryNumber(count, out var newest)) return false;
        rule = new RetentionRule(kept, newest);
        return true;
    }

    // One of the two that is empty sets no bound of its own.
    private static bool TryNumber(string text, out int number)
    {
        number = 0;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string Written(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
