using System.Globalization;
using System.Text;
using Aggregator.Testing;

namespace Aggregator.Benchmarks.Schedule;

/// <summary>
/// <c>schedule [SEED]</c>: simulates a year of polling over the posting rhythms of the shared corpus' real feeds, ours beside
/// others' rules, and writes <c>docs/schedule.md</c> and its plot anew. The same seed gives the same files.
/// </summary>
internal static class ScheduleBenchmark
{
    private static readonly double[] Eagernesses = [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8];

    /// <summary>Runs it; 2 when the corpus is not there.</summary>
    public static int Run(string[] args)
    {
        var corpus = Path.Combine(Repository.Root, "..", "shared", "corpus");
        if (!File.Exists(Path.Combine(corpus, "expect.jsonl")))
        {
            Console.Error.WriteLine("The shared corpus is not beside the repository: there are no recorded rhythms to simulate.");
            return 2;
        }

        var seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        var (rhythms, unused) = RecordedRhythm.Load(corpus);
        var processes = PostingProcess.Fit(rhythms);
        var simulation = new ScheduleSimulation(processes, seed);
        Console.WriteLine($"{simulation.Feeds} feeds, {simulation.Entries} entries in a year, seed {seed}");

        foreach (var rhythm in rhythms.OrderByDescending(rhythm => rhythm.PerDay).Take(5))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rhythm.PerDay:F1} entries a day: {rhythm.Name}, {rhythm.Dates.Length} dates from {rhythm.Dates[0]:u} to {rhythm.Dates[^1]:u}"));
        var others = Others(simulation);
        var curve = Eagernesses.Select(eagerness => (Eagerness: eagerness, Result: simulation.Run(Name(eagerness), eagerness))).ToList();
        var ours = curve.Single(point => point.Eagerness == 1).Result;
        foreach (var result in others.Concat(curve.Select(point => point.Result))) Console.WriteLine(Row(result));
        var matched = others.Select(other => (Other: other, Match: Match(simulation, other), AsQuick: AsQuick(simulation, other))).ToList();
        foreach (var (other, match, asQuick) in matched) Console.WriteLine($"{Row(match)} <- {other.Name}\n{Row(asQuick)} <- as quick");
        var checks = Enumerable.Range(seed + 1, 3).Select(another => ($"seed {another}", new ScheduleSimulation(processes, another)))
            .Concat(new[] { 0, 1 }.Select(half => (half == 0 ? "every other feed" : "the other half", new ScheduleSimulation([.. processes.Where((_, index) => index % 2 == half)], seed))))
            .Select(check => (check.Item1, check.Item2.Run("ours", 1), Others(check.Item2))).ToList();

        var docs = Path.Combine(Repository.Root, "docs");
        Directory.CreateDirectory(docs);
        File.WriteAllText(Path.Combine(docs, "schedule.svg"), Plot(others, curve));
        File.WriteAllText(Path.Combine(docs, "schedule.md"), Report(simulation, rhythms, unused, seed, others, curve, ours, matched, checks));
        Console.WriteLine("docs/schedule.md and docs/schedule.svg are written.");
        return 0;
    }

    private static List<ScheduleResult> Others(ScheduleSimulation simulation) =>
    [
        simulation.Run("every 30 minutes", (_, _) => new FixedRule(TimeSpan.FromMinutes(30))) with { ShortName = "30 min" },
        simulation.Run("every 60 minutes", (_, _) => new FixedRule(TimeSpan.FromMinutes(60))) with { ShortName = "60 min" },
        simulation.Run("Miniflux `entry_frequency`", (_, _) => new MinifluxRule(null)) with { ShortName = "Miniflux" },
        simulation.Run("Miniflux looking once an hour", (_, _) => new MinifluxRule(TimeSpan.FromHours(1))) with { ShortName = "Miniflux, hourly look" },
        simulation.Run("CommaFeed", (_, _) => new CommaFeedRule()) with { ShortName = "CommaFeed" },
    ];

    /// <summary>Ours with no more requests than another rule, as near to it as eight halvings come.</summary>
    private static ScheduleResult Match(ScheduleSimulation simulation, ScheduleResult other)
    {
        double low = Math.Log(0.03), high = Math.Log(30);
        ScheduleResult? best = null;
        for (var step = 0; step < 8; step++)
        {
            var middle = (low + high) / 2;
            var eagerness = Math.Round(Math.Exp(middle), 3);
            var result = simulation.Run(Name(eagerness), eagerness);
            if (result.Requests <= other.Requests) (best, low) = (result, middle);
            else high = middle;
        }

        return best ?? throw new InvalidOperationException($"{other.Name} asks less often than ours can.");
    }

    /// <summary>Ours with a median no later than another rule's, as near to it as eight halvings come.</summary>
    private static ScheduleResult AsQuick(ScheduleSimulation simulation, ScheduleResult other)
    {
        double low = Math.Log(0.03), high = Math.Log(30);
        ScheduleResult? best = null;
        for (var step = 0; step < 8; step++)
        {
            var middle = (low + high) / 2;
            var eagerness = Math.Round(Math.Exp(middle), 3);
            var result = simulation.Run(Name(eagerness), eagerness);
            if (result.Median <= other.Median) (best, high) = (result, middle);
            else low = middle;
        }

        return best ?? throw new InvalidOperationException($"{other.Name} is quicker than ours can be.");
    }

    private static string Report(
        ScheduleSimulation simulation, IReadOnlyList<RecordedRhythm> rhythms, IReadOnlyDictionary<string, int> unused, int seed,
        List<ScheduleResult> others, List<(double Eagerness, ScheduleResult Result)> curve, ScheduleResult ours,
        List<(ScheduleResult Other, ScheduleResult Match, ScheduleResult AsQuick)> matched, List<(string Name, ScheduleResult Ours, List<ScheduleResult> Others)> checks)
    {
        var perDay = rhythms.Select(rhythm => rhythm.PerDay).Order().ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # How often sources are asked, and how late their entries come

            Written by `dotnet run -c Release --project tests/Aggregator.Benchmarks -- schedule {seed}`; the same seed writes the same page.

            A schedule buys early entries with requests. Here a year of polling is simulated for {simulation.Feeds} feeds with
            {simulation.Entries.ToString("N0", CultureInfo.InvariantCulture)} new entries, our rule beside those of others. Less is better in every column.

            ![Median and mean delay against requests for each entry](schedule.svg)

            | rule | requests for each entry | median delay | mean | nine of ten within | median of the feeds' medians | missed entries |
            |---|---|---|---|---|---|---|

            """);
        foreach (var result in others.Append(ours with { Name = "**ours, as installed**" })) text.AppendLine(Row(result));
        text.AppendLine();
        foreach (var other in others) text.AppendLine(Verdict(ours, other, "Ours, as installed,"));
        text.Append("""

            No one setting can be lazier than the laziest of them and quicker than the most eager. `Refresh:Eagerness` moves ours
            along the line of the plot; with no more requests than each of the others it comes to this:

            | beside | its requests for each entry | its median and mean | `Refresh:Eagerness` | our requests for each entry | our median and mean | both less |
            |---|---|---|---|---|---|---|

            """);
        foreach (var (other, match, _) in matched)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {other.Name} | {other.RequestsPerEntry:F2} | {Time(other.Median)}, {Time(other.Mean)} | {match.Name[(match.Name.LastIndexOf(' ') + 1)..]} | {match.RequestsPerEntry:F2} | {Time(match.Median)}, {Time(match.Mean)} | {(IsBetter(match, other) ? "yes" : "no")} |"));
        text.Append("""

            And with a median no later than each of the others:

            | beside | its requests for each entry | its median and mean | `Refresh:Eagerness` | our requests for each entry | our median and mean | part of its requests |
            |---|---|---|---|---|---|---|

            """);
        foreach (var (other, _, asQuick) in matched)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {other.Name} | {other.RequestsPerEntry:F2} | {Time(other.Median)}, {Time(other.Mean)} | {asQuick.Name[(asQuick.Name.LastIndexOf(' ') + 1)..]} | {asQuick.RequestsPerEntry:F2} | {Time(asQuick.Median)}, {Time(asQuick.Mean)} | {asQuick.RequestsPerEntry / other.RequestsPerEntry:P0} |"));
        text.Append("\nOur line:\n\n| `Refresh:Eagerness` | requests for each entry | median delay | mean | nine of ten within | median of the feeds' medians | missed entries |\n|---|---|---|---|---|---|---|\n");
        foreach (var (_, result) in curve) text.AppendLine(Row(result with { Name = result.Name[(result.Name.LastIndexOf(' ') + 1)..] }));
        text.Append("\nWhich of the others one setting beats on both axes at once:\n\n");
        foreach (var (eagerness, result) in curve)
        {
            var beaten = others.Where(other => IsBetter(result, other)).Select(other => other.Name).ToList();
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"- {eagerness}{(eagerness == 1 ? ", as installed" : "")}: {(beaten.Count > 0 ? string.Join(", ", beaten) : "none")}"));
        }

        var (laziest, quickest) = (others.MinBy(other => other.Requests)!, others.MinBy(other => other.Median)!);
        var fewest = simulation.FewestRequestsForHalfWithin(quickest.Median);
        var lazier = others.Where(other => other.RequestsPerEntry < fewest).Select(other => string.Create(CultureInfo.InvariantCulture, $"{other.Name} ({other.RequestsPerEntry:F2})")).ToList();
        text.Append(CultureInfo.InvariantCulture, $"""

            To be better than all at once a setting would need fewer requests than {laziest.Name} ({laziest.RequestsPerEntry:F2}) and a median below
            {quickest.Name}'s ({Time(quickest.Median)}). Somebody who knew how often each feed posts in every hour of the week, asked only in the busiest
            hours of the busiest feeds and let the other half of the entries go unseen, would need {fewest:F2} requests for each entry for that
            median{(lazier.Count > 0 ? $", which is more than {string.Join(" or ", lazier)} asks: no rule that knows rates alone beats {(lazier.Count > 1 ? "any of these" : "it")} and {quickest.Name} at once" : "")}.

            """);
        text.Append("\nOther years and parts of the feeds (ours as installed; requests for each entry, median delay):\n\n| | ours |");
        foreach (var other in others) text.Append(CultureInfo.InvariantCulture, $" {other.Name} |");
        text.Append("\n|---|---|").Append(string.Concat(Enumerable.Repeat("---|", others.Count))).AppendLine();
        foreach (var (name, again, rest) in checks)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {again.RequestsPerEntry:F2}, {Time(again.Median)} |");
            foreach (var other in rest) text.Append(CultureInfo.InvariantCulture, $" {other.RequestsPerEntry:F2}, {Time(other.Median)} |");
            text.AppendLine();
        }

        text.Append(CultureInfo.InvariantCulture, $"""

            ## What is simulated

            - **The feeds** are the real captures of the shared corpus whose dates tell a rhythm: {rhythms.Count}. {simulation.FeedsOfHalf()} of them bring half of
              the entries, so that these decide the delays over all entries. They post from
              {perDay[0].ToString("0.000", CultureInfo.InvariantCulture)} to {perDay[^1].ToString("0", CultureInfo.InvariantCulture)} times a day; the middle one {perDay[perDay.Count / 2].ToString("0.0", CultureInfo.InvariantCulture)} times. Not used:

            """);
        foreach (var (reason, count) in unused) text.Append(CultureInfo.InvariantCulture, $"  - {count} captures: each {reason}\n");
        text.Append("""
            - **A year** of a feed is made of blocks of the gaps between its recorded entries, five on average, drawn at random, on a
              clock that runs with the profile of its week (hour of day and weekday, UTC, drawn to the profile of all feeds
              where its own recording is short). Bursts, nights and week-ends stay as they were.
            - **A rule knows what its polls showed**, and nothing else: the first document with its dates, then what is new. A document
              holds as many entries as the recorded one; what left it unseen is a missed entry and has no delay.
            - **Ours** is the program's own `RefreshPolicy` and `PostingRhythm`, due sources being looked for once a minute.
            - **Miniflux**: a week divided by the week's entries (made from the mean gap of those of the last seven days,
              rounded up), from 5 minutes to 24 hours, factor 1. Its default looks for due feeds once an hour; both are shown.
            - **CommaFeed**: half of the document's mean gap, from 5 minutes to 1 hour; 1 hour when the newest entry is a week old,
              2 from two weeks, 4 from thirty days.
            - Every answer comes at once and none fails. Nobody's hints (`ttl`, `Cache-Control`) count, for anyone: they are floors
              that bind all rules alike.

            ## What it does not show

            - Rules that ask every feed alike find the entries of rare feeds sooner: the column of the feeds' medians, in which
              a blog of one entry a month counts as much as a wire. Ours asks what posts at all once a day, and spends the
              rest where entries come.
            - The two numbers that ours has to be given, the price of a request and how much cheaper it is at frequent feeds,
              were chosen on this simulation with seed 1. The other years were not looked at; they have the same feeds.
            - The gaps are drawn from one document each: what only a long recording would show, such as holidays, years of decay
              or a move to other hours, is not in it. Nor do minutes of the hour stay that a publisher's timer may keep.

            """);
        return text.ToString();
    }

    private static string Verdict(ScheduleResult ours, ScheduleResult other, string who) => string.Create(CultureInfo.InvariantCulture,
        $"- {who} {(IsBetter(ours, other) ? "is better on both axes than" : ours.Requests <= other.Requests ? "asks less often but is later than" : ours.Median <= other.Median ? "is sooner but asks more often than" : "is worse on both axes than")} {other.Name}: {ours.RequestsPerEntry / other.RequestsPerEntry:F2} × the requests, {ours.Median / other.Median:F2} × the median delay, {ours.Mean / other.Mean:F2} × the mean.");

    private static bool IsBetter(ScheduleResult ours, ScheduleResult other) => ours.Requests <= other.Requests && ours.Median < other.Median;

    private static string Row(ScheduleResult result) => string.Create(CultureInfo.InvariantCulture,
        $"| {result.Name} | {result.RequestsPerEntry:F2} | {Time(result.Median)} | {Time(result.Mean)} | {Time(result.P90)} | {Time(result.MedianOfFeeds)} | {result.Missed} |");

    private static string Name(double eagerness) => string.Create(CultureInfo.InvariantCulture, $"ours, eagerness {eagerness}");

    private static string Time(TimeSpan time) => time.TotalMinutes < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h");

    private static string Plot(List<ScheduleResult> others, List<(double Eagerness, ScheduleResult Result)> curve)
    {
        return Scatter.Document(Of("Median delay", result => result.Median), Of("Mean delay", result => result.Mean));

        Scatter Of(string title, Func<ScheduleResult, TimeSpan> delay)
        {
            var plot = new Scatter
            {
                Title = title,
                XTitle = "requests for each entry",
                YTitle = "minutes until a new entry is found",
                X = (0.25, 8, [0.25, 0.5, 1, 2, 4, 8]),
                Y = (4, 128, [4, 8, 16, 32, 64, 128]),
            };
            foreach (var other in others) plot.Point(other.RequestsPerEntry, delay(other).TotalMinutes, other.ShortName ?? other.Name);
            foreach (var (eagerness, result) in curve)
                plot.Line(result.RequestsPerEntry, delay(result).TotalMinutes, eagerness == 1 ? "ours, as installed" : "");
            return plot;
        }
    }
}
