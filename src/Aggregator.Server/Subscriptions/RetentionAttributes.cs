using System.Globalization;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Subscriptions;

/// <summary>How long what is of a source or a category is kept, as attributes of an outline and back.</summary>
internal static class RetentionAttributes
{
    /// <summary>The attributes; none for what is left to others.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(RetentionSettings settings) => OwnAttributes.Of(
        ("entryDays", Written(settings.Entries?.Days)), ("entryCount", Written(settings.Entries?.Count)),
        ("versionDays", Written(settings.Versions?.Days)), ("versionCount", Written(settings.Versions?.Count)));

    /// <summary>What an outline asks for; nothing, with the reason, when it cannot be used.</summary>
    public static RetentionSettings Read(OpmlOutline outline, out string? problem)
    {
        problem = null;
        if (TryRead(outline, "entryDays", "entryCount", out var entries) && TryRead(outline, "versionDays", "versionCount", out var versions))
        {
            var settings = new RetentionSettings(entries, versions);
            problem = settings.Problem();
            return problem is null ? settings : RetentionSettings.None;
        }

        problem = "These have to be whole numbers.";
        return RetentionSettings.None;
    }

    private static bool TryRead(OpmlOutline outline, string days, string count, out RetentionRule? rule)
    {
        rule = null;
        if (outline.Own(days) is null && outline.Own(count) is null) return true;
        if (!TryNumber(outline.Own(days), out var kept) || !TryNumber(outline.Own(count), out var newest)) return false;
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
