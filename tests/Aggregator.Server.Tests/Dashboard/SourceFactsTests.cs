using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.Testing;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Dashboard;

/// <summary>What the home page, the list and the page of a source say, against what was stored.</summary>
public sealed class SourceFactsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private const string Down = "The server answered 503 Service Unavailable.";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);

    private InProcessServer _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await InProcessServer.StartAsync((services, _) => FillAsync(services), Ct);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_home_page_counts_what_is_due_what_fails_what_came_today_and_what_waits()
    {
        using var admin = await _server.SignInAsync();
        var metrics = await RunningAggregator.UntilAsync(
            async () => Parsed(await admin.GetAsync("/hangfire")), page => Metric(page, "captures") != "–", Soon, page => page.Body!.TextContent, Ct);
        // Paused and deleted sources are neither due nor failing.
        Assert.Equal(("2", "1", "8", "2"), (Metric(metrics, "due"), Metric(metrics, "failing"), Metric(metrics, "today"), Metric(metrics, "captures")));

        static string Metric(IDocument page, string name) => page.QuerySelector($"[data-metric='aggregator:{name}']")!.TextContent.Trim();
    }

    [Fact]
    public async Task A_row_says_what_is_stored_and_filters_give_the_right_sources()
    {
        using var admin = await _server.SignInAsync();
        var cells = (await RowsAsync(admin, "")).Single(row => row[1].QuerySelector("a")!.TextContent == "fine");
        Assert.Equal("World", cells[1].QuerySelector(".aggregator-tag")!.TextContent);
        Assert.Equal("active", cells[2].TextContent.Trim());
        Assert.Equal(Written(Now.AddMinutes(-3)), cells[3].TextContent.Trim());
        Assert.Equal(Written(Now.AddHours(30)), cells[4].TextContent.Trim());
        Assert.Equal("0", cells[5].TextContent.Trim());
        Assert.Equal("6", cells[6].QuerySelector("span")!.TextContent);
        var chart = cells[6].QuerySelector("svg")!;
        var numbers = chart.QuerySelector("title")!.TextContent;
        Assert.Equal(chart.GetAttribute("aria-label"), numbers);
        Assert.Equal("New entries per day, oldest first: 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 3", numbers);
        // Of twenty pixels, and one for none.
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 7, 1, 1, 1, 13, 20], chart.QuerySelectorAll("rect").Select(bar => int.Parse(bar.GetAttribute("height")!, CultureInfo.InvariantCulture)));

        var failing = Assert.Single(await RowsAsync(admin, "?health=failing"));
        Assert.Equal(("failing", Written(Now.AddDays(-3)), "4"), (failing[1].QuerySelector("a")!.TextContent, failing[3].TextContent.Trim(), failing[5].TextContent.Trim()));
        Assert.Contains(Down, failing[1].TextContent, StringComparison.Ordinal);
        foreach (var (query, titles) in ((string, string[])[])
            [
                ("health=silent", ["silent"]), ("health=slow", ["slow"]), ("state=paused", ["paused"]), ("state=deleted", ["deleted"]), ("state=active", ["due", "failing", "fine", "silent", "slow", "waiting"]),
                ("", ["due", "failing", "fine", "paused", "silent", "slow", "waiting"]), ("category=1", ["fine"]), ("text=LO", ["slow"]),
            ])
            Assert.Equal(titles, (await RowsAsync(admin, "?" + query)).Select(row => row[1].QuerySelector("a")!.TextContent));
        Assert.Equal("due", (await RowsAsync(admin, "?sort=nextfetch"))[0][4].TextContent.Trim());
    }

    [Fact]
    public async Task Refreshing_several_fetches_those_and_no_others()
    {
        using var admin = await _server.SignInAsync();
        await admin.GetAsync("/hangfire/sources?health=slow");
        var store = _server.Services.GetRequiredService<ISourceStore>();
        var before = await store.FindAsync(_ids["silent"], Ct);
        var page = await admin.SubmitAsync("/hangfire/sources/bulk", ("action", "refresh"), ("id", $"{_ids["fine"]}"), ("id", $"{_ids["slow"]}"), ("id", $"{_ids["paused"]}"));
        Assert.Equal("Sources that are due now: 2.", Parsed(page).QuerySelector("[role=status]")!.TextContent.Trim());
        foreach (var name in new[] { "fine", "slow" })
        {
            var fetched = await RunningAggregator.UntilAsync(() => store.FindAsync(_ids[name], Ct), source => source!.LastFetchAt > Now, Soon, source => $"{source}", Ct);
            // The guard refuses the address; it was asked for.
            Assert.Equal(FetchFailureKind.TargetRefused, fetched!.LastFailure!.Kind);
        }

        Assert.Equal(before, await store.FindAsync(_ids["silent"], Ct));
        Assert.Null((await store.FindAsync(_ids["paused"], Ct))!.LastFetchAt);
    }

    [Fact]
    public async Task The_page_of_a_source_says_how_it_is()
    {
        using var admin = await _server.SignInAsync();
        var page = Parsed(await admin.GetAsync($"/hangfire/sources/{_ids["fine"]}"));
        var health = page.QuerySelectorAll("#health > dt").ToDictionary(term => term.TextContent.Trim(), term => string.Join(' ', term.NextElementSibling!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("0.2 entries a day on average over 30 days", health["Velocity"].Split(" New entries", 2)[0]);
        Assert.Equal("6", health["Entries kept"]);
        Assert.Equal("By their links: the ids cannot be relied on", health["Identity"]);
        Assert.Equal($"Redirects permanently to https://new.example/feed since {Written(Now.AddDays(-2))}", health["Redirect"][..^"Use this address".Length].Trim());
        Assert.Equal($"https://hub.example/, which pushes until {Written(Now.AddDays(4))}", health["WebSub hub"]);
        var chinese = Parsed(await admin.GetAsync($"/hangfire/sources/{_ids["fine"]}?lang=zh"));
        Assert.StartsWith("发布者的服务器出错（HTTP 503）。", chinese.QuerySelector("#fetches td.text-danger")!.TextContent.Trim(), StringComparison.Ordinal);

        // The last fifty fetches, newest first, each with everything.
        var rows = page.QuerySelectorAll("#fetches tbody tr").Select(row => row.QuerySelectorAll("td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToArray()).ToList();
        Assert.Equal(50, rows.Count);
        Assert.Equal([Written(Now.AddMinutes(-3), "HH:mm:ss"), Down + " redirects: 2", "503", "1,530", "–", "0", "0"], rows[0]);
        Assert.Equal([Written(Now.AddMinutes(-4), "HH:mm:ss"), "Read", "200", "51", "20,051", "3", "1"], rows[1]);
        Assert.Equal([Written(Now.AddMinutes(-5), "HH:mm:ss"), "Not modified", "304", "50", "–", "0", "0"], rows[2]);
        Assert.Equal(Written(Now.AddMinutes(-52), "HH:mm:ss"), rows[^1][0]);
    }

    [Fact]
    public async Task A_pinned_certificate_is_warned_of_for_as_long_as_it_is_set()
    {
        using var admin = await _server.SignInAsync();
        var store = _server.Services.GetRequiredService<ISourceStore>();
        // Also of a source that has brought nothing since.
        await store.SetFetchSettingsAsync(_ids["failing"], new FetchSettings { PinnedCertificate = new string('0', 64) }, Ct);
        foreach (var (language, words) in ((string, string)[])[("en", "is pinned, and no authority vouches for it"), ("zh", "没有任何机构为其担保")])
        {
            var page = Parsed(await admin.GetAsync($"/hangfire/sources/{_ids["failing"]}?lang={language}"));
            Assert.Contains(words, page.QuerySelector("#pin-warning.alert-danger")!.TextContent, StringComparison.Ordinal);
            var warned = Assert.Single(await RowsAsync(admin, $"?lang={language}"), row => row[1].TextContent.Contains(words, StringComparison.Ordinal));
            Assert.Equal("failing", warned[1].QuerySelector("a")!.TextContent);
        }

        await store.SetFetchSettingsAsync(_ids["failing"], null, Ct);
        Assert.Null(Parsed(await admin.GetAsync($"/hangfire/sources/{_ids["failing"]}?lang=en")).QuerySelector("#pin-warning"));
    }

    [Fact]
    public async Task Where_a_feed_seems_to_be_now_is_offered_and_taken_with_one_click()
    {
        using var admin = await _server.SignInAsync();
        var page = Parsed(await admin.GetAsync($"/hangfire/sources/{_ids["fine"]}?lang=en"));
        var form = Assert.Single(page.QuerySelectorAll("form[action$='/adopt']"));
        Assert.Equal("Use this address", form.QuerySelector("button")!.TextContent.Trim());
        var answer = await admin.SubmitAsync($"/hangfire/sources/{_ids["fine"]}/adopt");
        Assert.Contains("The settings are saved.", answer.Html, StringComparison.Ordinal);
        var source = (await _server.Services.GetRequiredService<ISourceStore>().FindAsync(_ids["fine"], Ct))!;
        Assert.Equal(("https://new.example/feed", null), (source.Url, source.FetchState.MovedTo));
    }

    [Fact]
    public async Task The_schedule_is_explained_with_what_the_answer_asked_for_in_both_languages()
    {
        using var admin = await _server.SignInAsync();
        var asked = Now.AddMinutes(-9).AddHours(2);
        Assert.Equal(
            $"Next fetch: {Written(Now.AddHours(3))} · About 60 minutes later: how it posts is not known yet. Not before {Written(asked)} because of Cache-Control.",
            await ScheduleAsync("en"));
        Assert.Matches($"^下次抓取：.+ · 约 60 分钟后：.+因 Cache-Control，不早于 .*{asked.ToOffset(TimeSpan.FromHours(8)):HH:mm}。$", await ScheduleAsync("zh"));

        async Task<string> ScheduleAsync(string language)
        {
            var page = Parsed(await admin.GetAsync($"/hangfire/sources/{_ids["slow"]}?lang={language}"));
            return string.Join(' ', page.QuerySelectorAll("#health > dd")[1].TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static string Written(DateTimeOffset time, string clock = "HH:mm") => time.ToString("d MMM yyyy, " + clock, CultureInfo.GetCultureInfo("en-GB"));

    private static IDocument Parsed(FormPage page) => new HtmlParser().ParseDocument(page.Html);

    /// <summary>The rows of the list, in its order.</summary>
    private static async Task<IReadOnlyList<IHtmlCollection<IElement>>> RowsAsync(FormBrowser admin, string query) =>
        [.. Parsed(await admin.GetAsync("/hangfire/sources" + query)).QuerySelectorAll(".js-jobs-list-row").Select(row => row.QuerySelectorAll("td"))];

    private async Task FillAsync(IServiceProvider services)
    {
        var sources = services.GetRequiredService<ISourceStore>();
        var administration = services.GetRequiredService<ISourceAdminStore>();
        var refreshes = services.GetRequiredService<IRefreshStore>();
        var world = await services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = "world", Title = "World", Language = "en" }, Ct);
        foreach (var name in new[] { "fine", "failing", "silent", "slow", "waiting", "paused", "deleted", "due" })
            _ids[name] = (await sources.AddAsync(new NewSource { Url = $"http://127.0.0.1:9/{name}", Title = name, CategoryIds = name == "fine" ? [world.Id] : [] }, Now.AddMinutes(-1), Ct)).Id;
        await administration.SetStateAsync([_ids["paused"]], SourceState.Paused, Now, Ct);

        await SaveAsync("fine", Now.AddDays(-5), write => write with { Added = Entries(1, 1) });
        await SaveAsync("fine", Now.AddDays(-1), write => write with { Added = Entries(2, 2) });
        for (var minute = 52; minute > 4; minute--)
            await SaveAsync("fine", Now.AddMinutes(-minute), write => write with
            {
                Fetch = new FetchRecord { At = write.At, Kind = FetchRecordKind.NotModified, Duration = TimeSpan.FromMilliseconds(45 + minute), Status = 304 },
            });
        // As if it had come today whatever the time is.
        var known = await refreshes.FindKnownAsync(_ids["fine"], ["1"], [], Ct);
        await SaveAsync("fine", Now.AddMinutes(-4), write => write with
        {
            At = Now,
            Added = Entries(4, 3),
            Changed = [(known[0].Id, Entries(1, 1)[0] with { Title = "Changed", ContentHash = new byte[] { 9 } })],
            Fetch = new FetchRecord { At = Now.AddMinutes(-4), Kind = FetchRecordKind.Read, Duration = TimeSpan.FromMilliseconds(51), Status = 200, Bytes = 20_051 },
        });
        await SaveAsync("fine", Now.AddMinutes(-3), write => write with
        {
            Source = write.Source with
            {
                NextFetchAt = Now.AddHours(30),
                IdentityRule = IdentityRule.Link,
                FetchState = new FetchState { MovedTo = "https://new.example/feed", MovedSince = Now.AddDays(-2), MovedSeen = 3 },
            },
            Fetch = new FetchRecord
            {
                At = write.At,
                Kind = FetchRecordKind.Failed,
                Duration = TimeSpan.FromMilliseconds(1530),
                Status = 503,
                Redirects = 2,
                Failure = new FetchFailure(FetchFailureKind.ServerError, Down, write.At, 503),
            },
        });
        var hubs = services.GetRequiredService<IHubSubscriptionStore>();
        await hubs.AnnounceAsync(
            _ids["fine"], new HubSubscription { Id = 0, SourceId = _ids["fine"], HubUrl = "https://hub.example/", TopicUrl = "https://hub.example/topic", Token = "t", Secret = "s", State = HubSubscriptionState.Wanted, NextAttemptAt = Now },
            Now, Ct);
        var hub = Assert.Single(await hubs.FindBySourceAsync(_ids["fine"], Ct));
        Assert.True(await hubs.SaveAsync(hub with { State = HubSubscriptionState.Active, LeaseUntil = Now.AddDays(4), VerifiedAt = Now }, Ct));
        await SaveAsync("failing", Now.AddDays(-3), write => write);
        await SaveAsync("failing", Now.AddMinutes(-9), write => write with
        {
            Source = write.Source with { LastSuccessAt = Now.AddDays(-3), FailureCount = 4, LastFailure = new FetchFailure(FetchFailureKind.ServerError, Down, write.At, 503) },
        });
        await SaveAsync("silent", Now, write => write with { Source = write.Source with { LastChangeAt = Now.AddDays(-40) } });
        await SaveAsync("slow", Now.AddMinutes(-9), write => write with
        {
            Source = write.Source with
            {
                LastFetchDuration = TimeSpan.FromSeconds(7),
                NextFetchAt = Now.AddHours(3),
                ScheduleReason = new ScheduleReason(ScheduleReasonKind.Fresh, TimeSpan.FromHours(2), TimeSpan.FromHours(2)).ToString(),
            },
        });
        await SaveAsync("waiting", Now, write => write with
        {
            Source = write.Source with { NextFetchAt = Now.AddSeconds(-1) },
            Added = Entries(1, 5),
            Captures = [new WantedCapture("1", "example.org:443"), new WantedCapture("2", "example.org:443")],
        });
        await SaveAsync("deleted", Now, write => write with
        {
            Source = write.Source with { NextFetchAt = Now.AddSeconds(-1), FailureCount = 2, LastFailure = new FetchFailure(FetchFailureKind.ServerError, Down, write.At, 503) },
        });
        await administration.DeleteAsync([_ids["deleted"]], Now, Ct);

        async Task SaveAsync(string name, DateTimeOffset at, Func<RefreshWrite, RefreshWrite> write)
        {
            var source = await sources.ClaimAsync(_ids[name], "test", at, at.AddMinutes(5), Ct);
            Assert.NotNull(source);
            var stored = source with { LastFetchAt = at, LastSuccessAt = at, LastDocumentAt = at, LastChangeAt = at, NextFetchAt = at.AddHours(1), FailureCount = 0, LastFailure = null };
            Assert.True(await refreshes.SaveAsync(write(new RefreshWrite { Source = stored, LeaseOwner = "test", At = at, Fetch = new FetchRecord { At = at, Kind = FetchRecordKind.Read } }), Ct));
        }
    }

    private static IReadOnlyList<Entry> Entries(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => new Entry { Key = $"{number}", Title = $"Entry {number}", Url = $"https://example.org/{number}", ContentHash = BitConverter.GetBytes(number) })];
}
