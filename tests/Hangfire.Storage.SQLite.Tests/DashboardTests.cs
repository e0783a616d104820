using System.Diagnostics;
using System.Globalization;
using Aggregator.Testing;
using Hangfire.Common;
using Hangfire.Storage.SQLite.Tests.Conformance;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>The dashboard's pages over an empty, a small and a large storage.</summary>
public sealed class DashboardTests : IDisposable
{
    private const int Many = 100_000;
    private const int Few = 100;
    private const int Rounds = 15;

    /// <summary>Below this, a page is dominated by what has nothing to do with the storage.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Every_page_answers(int jobsPerState)
    {
        using var storage = Fill(jobsPerState);
        await using var dashboard = await DashboardHost.StartAsync(storage);
        foreach (var page in Pages)
        {
            using var answer = await dashboard.GetAsync(page);
            Assert.True(answer.IsSuccessStatusCode, $"{page} answered {answer.StatusCode}.");
        }
    }

    [Fact]
    public async Task Every_page_of_100_000_jobs_per_state_takes_at_most_twice_the_time_of_100()
    {
        using var small = Fill(Few);
        using var large = Fill(Many);
        Assert.Equal(Many, large.GetMonitoringApi().GetStatistics().Failed);
        await using var smallDashboard = await DashboardHost.StartAsync(small);
        await using var largeDashboard = await DashboardHost.StartAsync(large);

        var slow = new List<string>();
        foreach (var (page, far) in Pages.Select(page => (page, page)).Append(FarPage("succeeded")).Append(FarPage("enqueued/default")))
        {
            // Taken in turns and the best of each, so that a busy machine slows down both or none.
            var (few, many) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                few = Shorter(few, await TimeAsync(smallDashboard, page));
                many = Shorter(many, await TimeAsync(largeDashboard, far));
            }

            var ratio = many / few;
            var line = string.Create(CultureInfo.InvariantCulture, $"{far}: {few.TotalMilliseconds:0.00} ms, {many.TotalMilliseconds:0.00} ms, {ratio:0.00}");
            TestContext.Current.TestOutputHelper?.WriteLine(line);
            if (ratio > 2 && many - few > Noise) slow.Add(line);
        }

        Assert.Empty(slow);
    }

    private static IEnumerable<string> Pages =>
    [
        .. DashboardHost.Pages, "/jobs/details/1", "/jobs/details/none",
    ];

    /// <summary>The last page of a list where the small storage has one, and where the list of the large one is cut.</summary>
    private static (string Small, string Large) FarPage(string list) => ($"/jobs/{list}?from=80&count=20", $"/jobs/{list}?from=9980&count=20");

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static async Task<TimeSpan> TimeAsync(DashboardHost dashboard, string page)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await dashboard.GetAsync(page);
        await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{page} answered {answer.StatusCode}.");
        return watch.Elapsed;
    }

    /// <summary>Writes the jobs as the storage would, many to a transaction.</summary>
    private SQLiteStorage Fill(int jobsPerState)
    {
        const int perTransaction = 5_000;

        var storage = new SQLiteStorage(_folder.File(string.Create(CultureInfo.InvariantCulture, $"{jobsPerState}.db")));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var job = NewJob.Of(
            Job.FromExpression(() => FactJobs.Echo("value")), new Dictionary<string, string> { ["CurrentCulture"] = "\"zh-CN\"" }, DateTime.UtcNow, TimeSpan.FromDays(1));
        var time = JobHelper.SerializeDateTime(DateTime.UtcNow);
        (string Name, byte[]? Data)[] states =
        [
            ("Enqueued", StateText.Write(new Dictionary<string, string> { ["EnqueuedAt"] = time, ["Queue"] = "default" })),
            ("Processing", StateText.Write(new Dictionary<string, string> { ["StartedAt"] = time, ["ServerId"] = "s", ["WorkerId"] = "w" })),
            ("Scheduled", StateText.Write(new Dictionary<string, string> { ["EnqueueAt"] = time, ["ScheduledAt"] = time })),
            ("Succeeded", StateText.Write(new Dictionary<string, string> { ["SucceededAt"] = time, ["PerformanceDuration"] = "5", ["Latency"] = "7" })),
            ("Failed", StateText.Write(new Dictionary<string, string>
            {
                ["FailedAt"] = time, ["ExceptionType"] = "System.Exception", ["ExceptionMessage"] = "no", ["ExceptionDetails"] = "no",
            })),
            ("Deleted", StateText.Write(new Dictionary<string, string> { ["DeletedAt"] = time })),
            ("Awaiting", StateText.Write(new Dictionary<string, string> { ["ParentId"] = "1", ["NextState"] = "{}" })),
        ];

        foreach (var (name, data) in states)
        {
            for (var done = 0; done < jobsPerState; done += perTransaction)
            {
                var count = Math.Min(perTransaction, jobsPerState - done);
                var first = storage.Database.NextJobIds(count);
                storage.Database.Write(writer =>
                {
                    for (var id = first; id < first + count; id++)
                    {
                        writer.CreateJob(id, job);
                        writer.SetState(id, new StateRow(name, null, now, data));
                        if (name is "Enqueued") writer.Enqueue("default", id);
                        if (name is not "Scheduled") continue;

                        writer.AddToSet("schedule", id.ToString(CultureInfo.InvariantCulture), now);
                        writer.AddToSet("retries", id.ToString(CultureInfo.InvariantCulture), 0);
                    }
                });
            }
        }

        storage.Database.TidyUp();
        return storage;
    }
}
