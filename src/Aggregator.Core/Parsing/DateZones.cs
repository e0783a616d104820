using System.Collections.Frozen;
using System.Globalization;

namespace Aggregator.Core.Parsing;

/// <summary>Zone names and zone settings.</summary>
internal static class DateZones
{
    // Minutes east of Greenwich. Where a name is used by several zones, the one most feeds mean.
    private static readonly FrozenDictionary<string, int> Named = new Dictionary<string, int>
    {
        ["Z"] = 0,
        ["UT"] = 0,
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["WET"] = 0,
        ["GMZ"] = 0,
        ["UTCZ"] = 0,
        ["EST"] = -300,
        ["EDT"] = -240,
        ["ET"] = -300,
        ["CST"] = -360,
        ["CDT"] = -300,
        ["CT"] = -360,
        ["MST"] = -420,
        ["MDT"] = -360,
        ["MT"] = -420,
        ["PST"] = -480,
        ["PDT"] = -420,
        ["PT"] = -480,
        ["AKST"] = -540,
        ["AKDT"] = -480,
        ["HST"] = -600,
        ["HAST"] = -600,
        ["AST"] = -240,
        ["ADT"] = -180,
        ["NST"] = -210,
        ["NDT"] = -150,
        ["BRT"] = -180,
        ["BRST"] = -120,
        ["ART"] = -180,
        ["CLT"] = -240,
        ["CLST"] = -180,
        ["COT"] = -300,
        ["PET"] = -300,
        ["VET"] = -240,
        ["BST"] = 60,
        ["WEST"] = 60,
        ["CET"] = 60,
        ["MET"] = 60,
        ["MEZ"] = 60,
        ["MEWT"] = 60,
        ["WAT"] = 60,
        ["CEST"] = 120,
        ["MEST"] = 120,
        ["MESZ"] = 120,
        ["CEDT"] = 120,
        ["EET"] = 120,
        ["SAST"] = 120,
        ["CAT"] = 120,
        ["EEST"] = 180,
        ["EEDT"] = 180,
        ["MSK"] = 180,
        ["MSD"] = 240,
        ["EAT"] = 180,
        ["TRT"] = 180,
        ["IRST"] = 210,
        ["GST"] = 240,
        ["PKT"] = 300,
        ["IST"] = 330,
        ["NPT"] = 345,
        ["BDT"] = 360,
        ["ICT"] = 420,
        ["WIB"] = 420,
        ["HKT"] = 480,
        ["SGT"] = 480,
        ["MYT"] = 480,
        ["PHT"] = 480,
        ["AWST"] = 480,
        ["WITA"] = 480,
        ["BJT"] = 480,
        ["JST"] = 540,
        ["KST"] = 540,
        ["WIT"] = 540,
        ["ACST"] = 570,
        ["ACDT"] = 630,
        ["AEST"] = 600,
        ["AEDT"] = 660,
        ["NZST"] = 720,
        ["NZT"] = 720,
        ["NZDT"] = 780,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Named.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The offset in minutes of a zone name, or null.</summary>
    internal static int? Offset(ReadOnlySpan<char> name, string? language)
    {
        // Chinese publishers mean China Standard Time by CST, everybody else US Central.
        if (name.Equals("CST", StringComparison.OrdinalIgnoreCase) && language?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true)
            return 480;
        if (Lookup.TryGetValue(name, out var minutes)) return minutes;

        // RFC 822 §5.1 military zones, whose signs it had wrong; RFC 5322 §4.3 says that they tell nothing: UTC.
        return name.Length == 1 && char.IsAsciiLetterUpper(name[0]) && name[0] is not ('J' or 'T') ? 0 : null;
    }

    /// <summary>The offset of a zone that is written out, as Windows does: <c>Eastern Daylight Time</c>; null for anything else.</summary>
    internal static int? Described(ReadOnlySpan<char> text)
    {
        var time = text.IndexOf(" Time", StringComparison.OrdinalIgnoreCase);
        if (time < 0) return null;
        text = text[..time].Trim();
        var isSummer = text.EndsWith("Daylight", StringComparison.OrdinalIgnoreCase) || text.EndsWith("Summer", StringComparison.OrdinalIgnoreCase);
        if (!isSummer && !text.EndsWith("Standard", StringComparison.OrdinalIgnoreCase) && !text.EndsWith("Mean", StringComparison.OrdinalIgnoreCase) && !text.EndsWith("Universal", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var (name, minutes) in Descriptions)
            if (text.Contains(name, StringComparison.OrdinalIgnoreCase))
                return isSummer ? minutes + 60 : minutes;
        return null;
    }

    private static readonly (string Name, int Minutes)[] Descriptions =
    [
        ("Central Europe", 60), ("W. Europe", 60), ("Romance", 60), ("Eastern Europe", 120), ("E. Europe", 120), ("Western Europe", 0), ("GMT", 0), ("British", 0), ("Greenwich", 0), ("Universal", 0),
        ("Eastern", -300), ("Central", -360), ("Mountain", -420), ("Pacific", -480), ("China", 480), ("Taipei", 480), ("Tokyo", 540), ("Japan", 540), ("Korea", 540), ("India", 330), ("Russian", 180), ("Moscow", 180),
    ];

    /// <summary>Reads a zone setting: an IANA name or an offset such as <c>+08:00</c>; null when it is neither.</summary>
    internal static TimeZoneInfo? Find(string? zone)
    {
        if (string.IsNullOrWhiteSpace(zone)) return null;
        zone = zone.Trim();
        if (zone[0] is '+' or '-')
        {
            var digits = zone.AsSpan(1);
            return (TimeSpan.TryParseExact(digits, @"hh\:mm", CultureInfo.InvariantCulture, out var offset)
                    || TimeSpan.TryParseExact(digits, "hhmm", CultureInfo.InvariantCulture, out offset))
                && offset <= TimeSpan.FromHours(14)
                ? TimeZoneInfo.CreateCustomTimeZone(zone, zone[0] == '-' ? -offset : offset, zone, zone)
                : null;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : null;
    }
}
