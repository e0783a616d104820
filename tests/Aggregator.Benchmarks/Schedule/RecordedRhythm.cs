using System.Text.Json;
using Aggregator.Core.Parsing;

namespace Aggregator.Benchmarks.Schedule;

/// <summary>When the entries of one recorded feed were published.</summary>
/// <param name="Name">The feed's title or file.</param>
/// <param name="Dates">The dates, ascending; at least <see cref="LeastDates"/> different ones.</param>
/// <param name="Length">How many entries the document held: the most that one poll can find.</param>
internal sealed record RecordedRhythm(string Name, DateTimeOffset[] Dates, int Length)
{
    /// <summary>Fewer different dates say nothing of a rhythm.</summary>
    public const int LeastDates = 8;

    /// <summary>A document that covers less bears dates of its making, or shows one burst.</summary>
    public static readonly TimeSpan ShortestSpan = TimeSpan.FromHours(3);

    /// <summary>How often it posts, in entries a day.</summary>
    public double PerDay => (Dates.Length - 1) / (Dates[^1] - Dates[0]).TotalDays;

    /// <summary>Reads the real captures of the corpus; what cannot be used is counted by its reason.</summary>
    public static (IReadOnlyList<RecordedRhythm> Rhythms, IReadOnlyDictionary<string, int> Unused) Load(string corpus)
    {
        var rhythms = new List<RecordedRhythm>();
        var unused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var known = new HashSet<DateTimeOffset>();
        var titles = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in File.ReadLines(Path.Combine(corpus, "expect.jsonl")))
        {
            using var expectation = JsonDocument.Parse(line);
            var root = expectation.RootElement;
            if (!root.GetProperty("real").GetBoolean() || !root.GetProperty("must").ValueEquals("parse")) continue;
            var file = root.GetProperty("file").GetString()!;
            var parsed = FeedParser.Parse(File.ReadAllBytes(Path.Combine(corpus, file)), new ParseContext { FetchedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });
            var rhythm = parsed is ParseResult.Parsed { Feed: var feed }
                ? new RecordedRhythm(
                    feed.Title?.Value.Trim() is { Length: > 0 } title ? title : file,
                    [.. feed.Entries.Select(entry => (entry.PublishedAt ?? entry.UpdatedAt)?.ToUniversalTime()).OfType<DateTimeOffset>().Where(date => date.Year is > 1995 and < 2026).Order()],
                    feed.Entries.Count)
                : null;
            var problem = rhythm is null ? "is not read" : Problem(rhythm)
                ?? (known.Add(rhythm.Dates[^1]) && titles.Add(rhythm.Name) ? null : "is another capture of a feed already used");
            if (problem is null) rhythms.Add(rhythm!);
            else unused[problem] = unused.GetValueOrDefault(problem) + 1;
        }

        return (rhythms, unused);
    }

    private static string? Problem(RecordedRhythm rhythm)
    {
        var different = rhythm.Dates.Distinct().ToArray();
        if (different.Length < LeastDates) return $"has fewer than {LeastDates} different dates";
        if (different[^1] - different[0] < ShortestSpan) return $"covers less than {ShortestSpan.TotalHours} hours";
        var gaps = different.Zip(different.Skip(1), (earlier, later) => later - earlier).ToArray();
        if (gaps.Distinct().Count() <= 2) return "was made with even gaps, not recorded";
        return rhythm.Dates.Count(date => date.TimeOfDay == rhythm.Dates[0].TimeOfDay) > rhythm.Dates.Length / 2
            ? "has dates without times of day"
            : null;
    }
}
