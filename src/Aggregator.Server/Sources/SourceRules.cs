using System.Globalization;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
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
        if (edit.Title is { } title && !IsTitle(title, SourceEdit.MaxTitleLength)) return new SourceProblem(SourceField.Title);
        if (edit.DefaultZone is { } zone && !IsZone(zone)) return new SourceProblem(SourceField.Zone);
        if (edit.DefaultLanguage is { } language && !LanguageTag.IsWellFormed(language)) return new SourceProblem(SourceField.Language);
        if (!AreIntervals(edit.MinInterval, edit.MaxInterval)) return new SourceProblem(SourceField.Interval);
        if (edit.Capture?.Problem() is { } unusable) return new SourceProblem(SourceField.Capture, unusable);
        return edit.FetchSettings?.Problem() is { } sentence ? new SourceProblem(SourceField.Request, sentence) : null;
    }

    /// <summary>Whether a text can be a title: one line of at most so many characters.</summary>
    public static bool IsTitle(string title, int maxLength) => title.Length <= maxLength && !title.Any(char.IsControl);

    /// <summary>What of a stranger's text can be a title (<see cref="IsTitle"/>): as one line, without what is too long.</summary>
    public static string TitleOf(string text, int maxLength) =>
        TextCut.To(new string([.. text.Select(static c => char.IsControl(c) ? ' ' : c)]).Trim(), maxLength);

    /// <summary>Whether these can be the shortest and the longest time between two fetches of a source; null is no bound of its own.</summary>
    public static bool AreIntervals(TimeSpan? min, TimeSpan? max) => IsInterval(min) && IsInterval(max) && !(min > max);

    /// <summary>The time that a number of minutes means, to the millisecond, as the store keeps it; null when it can be no time between two fetches.</summary>
    public static TimeSpan? Interval(double minutes) =>
        minutes is > 0 and <= MaxMinutes && TimeSpan.FromMilliseconds(Math.Round(minutes * 60_000)) is var time && time > TimeSpan.Zero ? time : null;

    /// <summary>A time between two fetches as the minutes that <see cref="Interval"/> reads: all of it, whole or not.</summary>
    public static string MinutesOf(TimeSpan interval) => interval.TotalMinutes.ToString("0.######", CultureInfo.InvariantCulture);

    private static bool IsInterval(TimeSpan? time) => time is null || (time > TimeSpan.Zero && time <= TimeSpan.FromMinutes(MaxMinutes));

    /// <summary>Whether a text names a zone: by its IANA name, or as an offset of up to 14 hours.</summary>
    public static bool IsZone(string zone) =>
        zone.Length is > 0 and <= 64
        && (zone[0] is '+' or '-'
            ? TimeSpan.TryParseExact(zone.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14)
            : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _));
}
