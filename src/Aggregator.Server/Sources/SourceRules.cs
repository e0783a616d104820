using System.Globalization;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Sources;

/// <summary>What an admin may set of a source.</summary>
internal static class SourceRules
{
    /// <summary>The longest time between two fetches, in minutes: 366 days.</summary>
    public const int MaxMinutes = 366 * 24 * 60;

    /// <summary>Names the first setting that cannot be used, or returns null. Categories are for the store to judge.</summary>
    public static SourceProblem? Problem(SourceEdit edit, string addressNow, TargetGuard guard)
    {
        if (edit.Url != addressNow && SourceAddress.TryRead(edit.Url, guard, out _) is { } problem) return problem;
        if (edit.Title is { } title && (title.Length > SourceEdit.MaxTitleLength || title.Any(char.IsControl))) return new SourceProblem(SourceField.Title);
        if (edit.DefaultZone is { } zone && !IsZone(zone)) return new SourceProblem(SourceField.Zone);
        if (edit.DefaultLanguage is { } language && !LanguageTag.IsWellFormed(language)) return new SourceProblem(SourceField.Language);
        if (edit.MinInterval <= TimeSpan.Zero || edit.MaxInterval <= TimeSpan.Zero || edit.MinInterval > edit.MaxInterval
            || edit.MinInterval > TimeSpan.FromMinutes(MaxMinutes) || edit.MaxInterval > TimeSpan.FromMinutes(MaxMinutes))
            return new SourceProblem(SourceField.Interval);
        if (edit.Capture?.Problem() is { } unusable) return new SourceProblem(SourceField.Capture, unusable);
        return edit.FetchSettings?.Problem() is { } sentence ? new SourceProblem(SourceField.Request, sentence) : null;
    }

    /// <summary>Whether a text names a zone: by its IANA name, or as an offset of up to 14 hours.</summary>
    public static bool IsZone(string zone) =>
        zone.Length is > 0 and <= 64
        && (zone[0] is '+' or '-'
            ? TimeSpan.TryParseExact(zone.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14)
            : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _));
}
