using System.Net;
using System.Text;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Server.Tests.Crawl;

/// <summary>A source's whole way over real HTTP into a real SQLite store.</summary>
public sealed class RefreshTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FetchingOptions _options = new()
    {
        AllowedTargets = ["127.0.0.0/8"],
        PerHostGap = TimeSpan.Zero,
        PerHostConcurrency = 16,
        Concurrency = 16,
        Timeout = TimeSpan.FromSeconds(5),
    };

    private LoopbackUpstream _upstream = null!;
    private ServiceProvider _services = null!;
    private Crawler _crawler = null!;
    private HostGate _gate = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ISourceStore Sources => _services.GetRequiredService<ISourceStore>();

    private IEntryStore Entries => _services.GetRequiredService<IEntryStore>();

    public async ValueTask InitializeAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 16, EntriesPerSource = 5 }, Cancellation);
        _services = new ServiceCollection()
            .AddAggregatorStore($"Data Source={_folder.File("store.db")}")
            .AddSingleton(new HttpFeedFetcher(_options, new GuardedConnector(new TargetGuard(_options.AllowedTargets)), "test", TimeProvider.System, NullLogger<HttpFeedFetcher>.Instance))
            .BuildServiceProvider();
        await _services.GetRequiredService<IStoreMigrator>().MigrateAsync(Cancellation);
        _gate = new HostGate(_options, TimeProvider.System, _services.GetRequiredService<IHostStore>());
        _crawler = new Crawler(Sources, Refresher(), _gate, _options, TimeProvider.System, NullLogger<Crawler>.Instance);
        foreach (var source in _upstream.Sources)
            await Sources.AddAsync(new NewSource { Url = source.Url.AbsoluteUri }, TimeProvider.System.GetUtcNow(), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, FetchFailureKind> Faults => new()
    {
        { "404", FetchFailureKind.NotFound },
        { "500", FetchFailureKind.ServerError },
        { "html", FetchFailureKind.HtmlInsteadOfFeed },
        { "empty", FetchFailureKind.EmptyBody },
        { "loop", FetchFailureKind.RedirectLoop },
        { "truncated", FetchFailureKind.Truncated },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Keeps_a_failure_on_its_source_and_changes_nothing_that_was_stored(string fault, FetchFailureKind kind)
    {
        var first = await CrawlAsync();
        Assert.Equal((16, 16, 0, 80), (first.Sources, first.Changed, first.Failed, first.NewEntries));
        var before = await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 500, WithContent = true }, Cancellation);

        _upstream.SetFault(0, fault switch
        {
            "404" => new LoopbackUpstreamFault.Status(HttpStatusCode.NotFound),
            "500" => new LoopbackUpstreamFault.Status(HttpStatusCode.InternalServerError),
            "html" => new LoopbackUpstreamFault.HtmlPage(),
            "empty" => new LoopbackUpstreamFault.EmptyBody(),
            "loop" => new LoopbackUpstreamFault.RedirectLoop(),
            _ => new LoopbackUpstreamFault.TruncatedDocument(),
        });
        await RefreshAsync(1);
        await RefreshAsync(1);
        var source = (await Sources.FindAsync(1, Cancellation))!;
        Assert.Equal(kind, source.LastFailure!.Kind);
        Assert.Equal(2, source.FailureCount);
        Assert.EndsWith(".", source.LastFailure.Message, StringComparison.Ordinal);
        Assert.Equal(SourceState.Active, source.State);
        Assert.NotNull(source.LastSuccessAt);

        var after = await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 500, WithContent = true }, Cancellation);
        Assert.Equal(
            before.Select(entry => (entry.Id, entry.Version, entry.Entry.Title, entry.Entry.Content)),
            after.Select(entry => (entry.Id, entry.Version, entry.Entry.Title, entry.Entry.Content)));

        // What was wrong mends itself when the publisher does.
        _upstream.SetFault(0, null);
        _upstream.Publish(0, 1);
        await RefreshAsync(1);
        source = (await Sources.FindAsync(1, Cancellation))!;
        Assert.Null(source.LastFailure);
        Assert.Equal(0, source.FailureCount);
    }

    [Fact]
    public async Task An_error_of_our_own_is_shown_and_waits_like_any_other_failure()
    {
        var now = TimeProvider.System.GetUtcNow();
        var claimed = (await Sources.ClaimAsync(3, "hand", now, now.AddMinutes(1), Cancellation))!;
        var outcome = await Refresher(store: new BeforeSaving(_services.GetRequiredService<IRefreshStore>(), static write =>
            write.Added.Count > 0 ? throw new InvalidDataException("No entry is taken.") : Task.CompletedTask)).RefreshAsync(claimed, "hand", null, Cancellation);

        Assert.IsType<RefreshOutcome.Failed>(outcome);
        var source = (await Sources.FindAsync(3, Cancellation))!;
        Assert.Equal((FetchFailureKind.InternalError, 1, null), (source.LastFailure!.Kind, source.FailureCount, source.LeaseOwner));
        Assert.True(source.NextFetchAt >= now + TimeSpan.FromMinutes(4), $"due at {source.NextFetchAt:O}");
    }

    [Fact]
    public async Task Reads_a_source_again_in_the_encoding_that_an_admin_names()
    {
        var greek = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-7")!.GetBytes("<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>Καλημέρα κόσμε</title></item></channel></rss>");
        await using var site = await LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/rss+xml; charset=windows-1251";
            return context.Response.Body.WriteAsync(greek).AsTask();
        });
        var id = (await Sources.AddAsync(new NewSource { Url = site.Address + "feed" }, TimeProvider.System.GetUtcNow(), Cancellation)).Id;
        await RefreshAsync(id);
        Assert.True(await Sources.SetFetchSettingsAsync(id, new FetchSettings { Charset = "iso-8859-7" }, Cancellation));
        await RefreshAsync(id);

        var entry = Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(id) }, Cancellation));
        Assert.Equal(("Καλημέρα κόσμε", 2), (entry.Entry.Title, entry.Version));
    }

    [Fact]
    public async Task Asks_a_retired_feed_no_more()
    {
        await CrawlAsync();
        _upstream.SetFault(2, new LoopbackUpstreamFault.Status(HttpStatusCode.Gone));
        await RefreshAsync(3);
        Assert.Equal(SourceState.Gone, (await Sources.FindAsync(3, Cancellation))!.State);
        Assert.Equal(0, await Sources.CountDueAsync(TimeProvider.System.GetUtcNow().AddYears(1), Cancellation) - 15);
    }

    [Fact]
    public async Task Brings_a_retired_feed_back_when_a_refresh_by_hand_succeeds()
    {
        await CrawlAsync();
        _upstream.SetFault(2, new LoopbackUpstreamFault.Status(HttpStatusCode.Gone));
        await RefreshAsync(3);
        _upstream.SetFault(2, null);
        var now = TimeProvider.System.GetUtcNow();
        var claimed = (await Sources.ClaimAsync(3, "hand", now, now.AddMinutes(1), Cancellation))!;
        Assert.Equal(SourceState.Gone, claimed.State);
        await Refresher().RefreshAsync(claimed, "hand", null, Cancellation);
        var source = (await Sources.FindAsync(3, Cancellation))!;
        Assert.Equal((SourceState.Active, null), (source.State, source.LastFailure));
    }

    [Fact]
    public async Task Counts_a_source_as_gone_that_answered_404_for_weeks_and_proposes_what_its_site_names()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/")
                return context.Response.Body.WriteAsync("<html><head><link rel=alternate type=application/rss+xml href=/new.xml title=New>"u8.ToArray()).AsTask();
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var id = (await Sources.AddAsync(new NewSource { Url = site.Address + "feed.xml" }, clock.GetUtcNow(), Cancellation)).Id;
        for (var day = 1; day <= 30; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            var claimed = (await Sources.ClaimAsync(id, "test", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
            await Refresher(clock).RefreshAsync(claimed, "test", null, Cancellation);
            var source = (await Sources.FindAsync(id, Cancellation))!;
            // Four weeks after the first time.
            Assert.Equal(day >= 29 ? SourceState.Gone : SourceState.Active, source.State);
            Assert.Equal(day >= 3, source.FetchState.Proposals is [{ Title: "New" } proposal] && proposal.Url == site.Address + "new.xml");
            if (source.State == SourceState.Gone)
            {
                Assert.Contains("has been away since", source.LastFailure!.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("It never counted as gone.");
    }

    [Fact]
    public async Task Moves_to_where_a_permanent_redirect_has_led_for_long()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var old = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 308;
            context.Response.Headers.Location = _upstream.Sources[0].Url.AbsoluteUri + "?moved";
            return Task.CompletedTask;
        });
        var id = (await Sources.AddAsync(new NewSource { Url = old.Address + "feed" }, clock.GetUtcNow(), Cancellation)).Id;
        // Where the feed was asked for anew, and came: most days bring only word that it is as it was.
        for (var day = 0; day <= 9; day++)
        {
            Assert.Equal(old.Address + "feed", (await Sources.FindAsync(id, Cancellation))!.Url);
            var claimed = (await Sources.ClaimAsync(id, "test", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
            await Refresher(clock).RefreshAsync(claimed, "test", null, Cancellation);
            clock.Advance(TimeSpan.FromDays(1));
        }

        var moved = (await Sources.FindAsync(id, Cancellation))!;
        Assert.Equal((_upstream.Sources[0].Url.AbsoluteUri + "?moved", old.Address + "feed"), (moved.Url, moved.FetchState.MovedFrom));
        Assert.Equal(5, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(id) }, Cancellation)).Count);
    }

    [Fact]
    public async Task Merges_a_delta_and_takes_what_it_does_not_list_for_still_there()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var isDelta = context.Request.Headers.IfNoneMatch == "\"1\"" && context.Request.Headers["A-IM"] == "feed";
            context.Response.StatusCode = isDelta ? 226 : 200;
            context.Response.Headers.ETag = isDelta ? "\"2\"" : "\"1\"";
            return context.Response.Body.WriteAsync(Rss(isDelta ? ["c"] : ["a", "b"])).AsTask();
        });
        var id = (await Sources.AddAsync(new NewSource { Url = server.Address + "feed" }, clock.GetUtcNow(), Cancellation)).Id;
        for (var round = 0; round < 2; round++)
        {
            var claimed = (await Sources.ClaimAsync(id, "test", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
            Assert.IsType<RefreshOutcome.Changed>(await Refresher(clock).RefreshAsync(claimed, "test", null, Cancellation));
            clock.Advance(TimeSpan.FromDays(3));
        }

        Assert.Equal(["a", "b", "c"], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(id) }, Cancellation)).Select(entry => entry.Entry.Title).Order());
        Assert.Equal(0, await _services.GetRequiredService<IRetentionStore>().ForgetAsync(
            new RetentionPlan { Entries = new RetentionRule(Days: 1) }, clock.GetUtcNow().AddDays(2), 100, Cancellation));
        Assert.Equal("\"2\"", (await Sources.FindAsync(id, Cancellation))!.Validators.ETag);

        static byte[] Rss(string[] items) => System.Text.Encoding.UTF8.GetBytes(
            $"<rss version='2.0'><channel><title>t</title>{string.Concat(items.Select(item => $"<item><guid>{item}</guid><title>{item}</title></item>"))}</channel></rss>");
    }

    [Fact]
    public async Task Asks_for_the_whole_document_every_eighth_day_and_when_another_parser_read_the_last_one()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var conditional = new List<bool>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            // One of those that answer any conditional request with 304, whatever they have.
            conditional.Add(context.Request.Headers.IfNoneMatch.Count > 0);
            if (conditional[^1]) context.Response.StatusCode = 304;
            context.Response.Headers.ETag = "\"for ever\"";
            return conditional[^1] ? Task.CompletedTask
                : context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"<rss version='2.0'><channel><title>t</title><item><guid>{conditional.Count}</guid><title>Day {conditional.Count}</title></item></channel></rss>")).AsTask();
        });
        var id = (await Sources.AddAsync(new NewSource { Url = server.Address + "feed" }, clock.GetUtcNow(), Cancellation)).Id;
        using var fetcher = new HttpFeedFetcher(_options, new GuardedConnector(new TargetGuard(_options.AllowedTargets)), "test", clock, NullLogger<HttpFeedFetcher>.Instance);
        for (var day = 0; day <= 18; day++)
        {
            // What the store says of a document that an earlier version of the parser read.
            if (day == 4) await Sources.SetFetchSettingsAsync(id, null, Cancellation);
            var claimed = (await Sources.ClaimAsync(id, "test", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
            await Refresher(clock, fetcher: fetcher).RefreshAsync(claimed, "test", null, Cancellation);
            clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        }

        Assert.Equal([0, 4, 12], Enumerable.Range(0, conditional.Count).Where(day => !conditional[day]));
        Assert.Equal(3, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(id) }, Cancellation)).Count);
    }

    [Fact]
    public async Task Moves_to_no_page_that_is_no_feed_however_long_a_redirect_leads_there()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var isFeed = true;
        await using var site = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/feed")
            {
                context.Response.StatusCode = 301;
                context.Response.Headers.Location = "/new";
                return Task.CompletedTask;
            }

            return context.Response.Body.WriteAsync(isFeed ? "<rss version='2.0'><channel><title>t</title></channel></rss>"u8.ToArray() : "<html><body>Sold."u8.ToArray()).AsTask();
        });
        var id = (await Sources.AddAsync(new NewSource { Url = site.Address + "feed" }, clock.GetUtcNow(), Cancellation)).Id;
        for (var day = 0; day < 40; day++)
        {
            // A feed for a while, but not long enough to move, and then something else for long.
            isFeed = day < 6;
            var claimed = (await Sources.ClaimAsync(id, "test", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
            await Refresher(clock).RefreshAsync(claimed, "test", null, Cancellation);
            clock.Advance(TimeSpan.FromDays(1));
        }

        var source = (await Sources.FindAsync(id, Cancellation))!;
        Assert.Equal((site.Address + "feed", null, 0), (source.Url, source.FetchState.MovedTo, source.FetchState.MovedSeen));
        Assert.Equal(FetchFailureKind.HtmlInsteadOfFeed, source.LastFailure!.Kind);
    }

    [Fact]
    public async Task Counts_what_a_publisher_asks_for_from_the_answer_also_where_nothing_can_be_written()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var slow = await LoopbackServer.StartAsync(context =>
        {
            clock.Advance(TimeSpan.FromSeconds(50));
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "600";
            return Task.CompletedTask;
        });
        using var fetcher = new HttpFeedFetcher(
            new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], Timeout = TimeSpan.FromMinutes(5), HeadersTimeout = TimeSpan.FromMinutes(5) }, new GuardedConnector(new TargetGuard(_options.AllowedTargets)),
            "test", clock, NullLogger<HttpFeedFetcher>.Instance);
        var gate = new HostGate(_options, clock, _services.GetRequiredService<IHostStore>());
        var host = HostGate.HostOf(slow.Address.AbsoluteUri);
        var id = (await Sources.AddAsync(new NewSource { Url = slow.Address + "feed" }, clock.GetUtcNow(), Cancellation)).Id;
        var claimed = (await Sources.ClaimAsync(id, "test", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
        await gate.EnterAsync(host, Cancellation);
        Assert.IsType<RefreshOutcome.Failed>(await Refresher(clock, fetcher: fetcher).RefreshAsync(claimed, "test", gate.TurnAt(host), Cancellation));
        Assert.True((await Sources.FindAsync(id, Cancellation))!.NextFetchAt >= clock.GetUtcNow().AddSeconds(600));
        await AssertClosedAsync();

        // Somebody else has the source meanwhile: the host is closed all the same.
        clock.Advance(TimeSpan.FromHours(1));
        var lost = (await Sources.ClaimAsync(id, "another", clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(1), Cancellation))!;
        await gate.EnterAsync(host, Cancellation);
        Assert.IsType<RefreshOutcome.LeaseLost>(await Refresher(clock, fetcher: fetcher).RefreshAsync(lost, "test", gate.TurnAt(host), Cancellation));
        await AssertClosedAsync();

        async Task AssertClosedAsync() => Assert.InRange(
            (await _services.GetRequiredService<IHostStore>().ClosedUntilAsync(host!, Cancellation))!.Value, clock.GetUtcNow().AddSeconds(599), clock.GetUtcNow().AddSeconds(600));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Keeps_a_whole_host_waiting_when_its_operator_says_so(HttpStatusCode status)
    {
        _upstream.SetFault(0, new LoopbackUpstreamFault.Status(status, TimeSpan.FromMinutes(30)));
        _options.PerHostConcurrency = 1;
        _options.Concurrency = 1;
        var summary = await CrawlAsync();
        Assert.Equal((1, 1), (summary.Sources, summary.Failed));
        Assert.Equal(1, _upstream.Statistics.Requests);

        // The others are due when the host may be asked again, and nobody holds them meanwhile.
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(0, await Sources.CountDueAsync(now.AddMinutes(20), Cancellation));
        Assert.Equal(16, await Sources.CountDueAsync(now.AddMinutes(40), Cancellation));
    }

    [Fact]
    public async Task Closes_the_host_that_asked_for_it_and_not_the_one_that_redirected_there()
    {
        await using var tired = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "1800";
            return Task.CompletedTask;
        });
        var requests = 0;
        await using var redirecting = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.Redirect(tired.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        var now = TimeProvider.System.GetUtcNow();
        var first = await Sources.AddAsync(new NewSource { Url = redirecting.Address + "a" }, now, Cancellation);
        await CrawlAsync();
        Assert.Equal(FetchFailureKind.TooManyRequests, (await Sources.FindAsync(first.Id, Cancellation))!.LastFailure!.Kind);
        var hosts = _services.GetRequiredService<IHostStore>();
        Assert.Null(await hosts.ClosedUntilAsync(HostGate.HostOf(redirecting.Address.AbsoluteUri)!, Cancellation));
        Assert.InRange((await hosts.ClosedUntilAsync(HostGate.HostOf(tired.Address.AbsoluteUri)!, Cancellation))!.Value, now.AddMinutes(29), now.AddMinutes(32));

        // Another source of the redirecting host is asked, goes no further, and comes back when the closed host opens.
        var second = await Sources.AddAsync(new NewSource { Url = redirecting.Address + "b" }, now, Cancellation);
        await CrawlAsync();
        var postponed = (await Sources.FindAsync(second.Id, Cancellation))!;
        Assert.Equal((2, null), (requests, postponed.LastFailure));
        Assert.InRange(postponed.NextFetchAt, now.AddMinutes(29), now.AddMinutes(32));
        Assert.Equal(0, await Sources.CountDueAsync(now.AddMinutes(20), Cancellation));
    }

    [Fact]
    public async Task Gives_back_what_waits_for_its_host_when_the_time_is_up()
    {
        _options.PerHostGap = TimeSpan.FromSeconds(1);
        var summary = await _crawler.RunAsync(TimeSpan.FromMilliseconds(300), null, Cancellation);
        Assert.InRange(summary.Sources, 1, 2);
        Assert.Equal(16 - summary.Sources, await Sources.CountDueAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), Cancellation));
    }

    [Fact]
    public async Task Gives_everything_back_when_it_is_stopped()
    {
        for (var source = 0; source < 16; source++) _upstream.SetFault(source, new LoopbackUpstreamFault.Slow(TimeSpan.FromSeconds(30)));
        using var stop = new CancellationTokenSource();
        var crawl = _crawler.RunAsync(TimeSpan.FromMinutes(1), null, stop.Token);
        while (_upstream.Statistics.Requests == 0) await Task.Delay(20, Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => crawl);
        Assert.Equal(16, await Sources.CountDueAsync(TimeProvider.System.GetUtcNow(), Cancellation));
    }

    [Fact]
    public async Task Divides_the_work_between_crawlers_and_fetches_nothing_twice()
    {
        var summaries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CrawlAsync())));
        Assert.Equal(16, summaries.Sum(summary => summary.Sources));
        Assert.All(_upstream.Sources, source => Assert.Equal(1, _upstream.StatisticsOf(source.Index).Requests));
    }

    [Fact]
    public async Task Takes_no_private_query_of_the_address_into_an_entrys_links()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(
            "<rss version='2.0'><channel><title>t</title><item><guid isPermaLink='false'>1</guid><title>one</title><link>#one</link><description>&lt;a href='#two'>two&lt;/a></description></item></channel></rss>"u8.ToArray()).AsTask());
        var added = await Sources.AddAsync(new NewSource { Url = server.Address + "feed.xml?code=t0k3n" }, TimeProvider.System.GetUtcNow(), Cancellation);
        await RefreshAsync(added.Id);
        var listed = Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(added.Id), WithContent = true }, Cancellation));
        Assert.Equal(server.Address + "feed.xml#one", listed.Entry.Url);
        Assert.DoesNotContain("t0k3n", listed.Entry.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Learns_the_rhythm_and_keeps_what_the_feed_asks_for_while_it_stays_the_same()
    {
        var now = TimeProvider.System.GetUtcNow();
        var entries = Enumerable.Range(1, 30).ToList();
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(
            $"<rss version='2.0'><channel><title>t</title><ttl>120</ttl><skipDays><day>{now.AddDays(3).DayOfWeek}</day></skipDays>"
            + string.Concat(entries.Select(entry => $"<item><guid isPermaLink='false'>{entry}</guid><title>{entry}</title><pubDate>{(entry == 0 ? now : now.AddMinutes(-20 * entry)):R}</pubDate></item>"))
            + "</channel></rss>"));
        var added = await Sources.AddAsync(new NewSource { Url = server.Address + "feed.xml" }, now, Cancellation);

        await RefreshAsync(added.Id);
        await AssertScheduledAsync();
        await RefreshAsync(added.Id);
        var unchanged = await AssertScheduledAsync();
        Assert.InRange(unchanged.Rhythm.NewestAt!.Value, now.AddMinutes(-21), now.AddMinutes(-19));

        entries.Insert(0, 0);
        await RefreshAsync(added.Id);
        var changed = await AssertScheduledAsync();
        Assert.InRange(changed.Rhythm.NewestAt!.Value, now.AddSeconds(-2), TimeProvider.System.GetUtcNow());

        await server.DisposeAsync();
        await RefreshAsync(added.Id);
        var failed = (await Sources.FindAsync(added.Id, Cancellation))!;
        Assert.Equal(ScheduleReasonKind.Failing, ScheduleReason.Parse(failed.ScheduleReason)!.Kind);
        Assert.Equal((changed.Rhythm, changed.Hints), (failed.Rhythm, failed.Hints));

        async Task<Source> AssertScheduledAsync()
        {
            var source = (await Sources.FindAsync(added.Id, Cancellation))!;
            Assert.True(source.Rhythm.IsKnown);
            Assert.Equal(PollingHints.Of(TimeSpan.FromHours(2), [], [now.AddDays(3).DayOfWeek]), source.Hints);
            Assert.Equal(new ScheduleReason(ScheduleReasonKind.PublisherAsks, TimeSpan.FromHours(2), TimeSpan.FromHours(2)), ScheduleReason.Parse(source.ScheduleReason));
            Assert.InRange(source.NextFetchAt - source.LastFetchAt!.Value, TimeSpan.FromHours(2), TimeSpan.FromHours(4));
            return source;
        }
    }

    [Fact]
    public async Task Stores_every_sample_that_comes_with_the_program()
    {
        var catalogue = Path.Combine(Repository.Root, "feeds");
        var fetcher = new CatalogueDocumentFetcher(catalogue, _options, TimeProvider.System);
        var refresher = new SourceRefresher(
            fetcher, new FeedNormalizer(new ContentSanitizer()), _services.GetRequiredService<IRefreshStore>(), new RefreshPolicy(new RefreshOptions()), TimeProvider.System);
        var total = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(catalogue, "samples")))
        {
            var now = TimeProvider.System.GetUtcNow();
            var added = await Sources.AddAsync(new NewSource { Url = "catalogue:samples/" + Path.GetFileName(file) }, now, Cancellation);
            var claimed = (await Sources.ClaimAsync(added.Id, "test", now, now.AddMinutes(1), Cancellation))!;
            var changed = Assert.IsType<RefreshOutcome.Changed>(await refresher.RefreshAsync(claimed, "test", null, Cancellation));
            total += changed.Added;
            var source = (await Sources.FindAsync(added.Id, Cancellation))!;
            Assert.True(source.HealthNote is null, $"{file}: {source.HealthNote}");
            foreach (var entry in await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(added.Id), WithContent = true }, Cancellation))
            {
                Assert.DoesNotContain('\uFFFD', entry.Entry.Title + entry.Entry.Content);
                Assert.StartsWith("https://", entry.Entry.Url, StringComparison.Ordinal);
            }
        }

        Assert.Equal(33, total);
    }

    [Fact]
    public async Task Reads_no_more_documents_than_can_be_stored_soon()
    {
        var mayWait = new List<bool>();
        var (waiting, gate) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var store = new BeforeSaving(_services.GetRequiredService<IRefreshStore>(), write =>
        {
            lock (mayWait) mayWait.Add(write.MayWait);
            Interlocked.Increment(ref waiting);
            return gate.Task;
        });
        var limit = SourceRefresher.MaxRead;
        await using var more = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = limit, EntriesPerSource = 1 }, Cancellation);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var source in more.Sources) await Sources.AddAsync(new NewSource { Url = source.Url.AbsoluteUri }, now, Cancellation);
        var claimed = await Sources.ClaimDueAsync("test", now, now.AddMinutes(1), 16 + limit, Cancellation);
        var refresher = Refresher(store: store);
        var refreshes = claimed.Select(source => refresher.RefreshAsync(source, "test", null, Cancellation)).ToList();
        // All have come by then, or wait for a place.
        bool IsFetched(LoopbackUpstream upstream) => upstream.Sources.All(source => upstream.StatisticsOf(source.Index).Requests > 0);
        while (Volatile.Read(ref waiting) < limit || !IsFetched(_upstream) || !IsFetched(more)) await Task.Delay(10, Cancellation);
        await Task.Delay(200, Cancellation);
        var most = Volatile.Read(ref waiting);
        gate.SetResult();
        Assert.All(await Task.WhenAll(refreshes), static outcome => Assert.IsType<RefreshOutcome.Changed>(outcome));
        Assert.Equal((16 + limit, limit), (claimed.Count, most));

        // The first may have come before there were others, and the last ones after; alone, nobody is to be waited for.
        Assert.True(mayWait.Count(static may => may) >= limit - 1);
        mayWait.Clear();
        var alone = (await Sources.ClaimAsync(1, "test", now, now.AddMinutes(1), Cancellation))!;
        Assert.IsType<RefreshOutcome.Unchanged>(await refresher.RefreshAsync(alone with { Validators = new Validators() }, "test", null, Cancellation));
        Assert.Equal([false], mayWait);
    }

    private SourceRefresher Refresher(TimeProvider? time = null, IRefreshStore? store = null, HttpFeedFetcher? fetcher = null) => new(
        fetcher ?? _services.GetRequiredService<HttpFeedFetcher>(), new FeedNormalizer(new ContentSanitizer()), store ?? _services.GetRequiredService<IRefreshStore>(),
        new RefreshPolicy(new RefreshOptions()), time ?? TimeProvider.System, new AddressPolicy(_options), new ByteBudget(_options.MaxBytesInFlight),
        new FeedDiscovery(_services.GetRequiredService<HttpFeedFetcher>(), new HostGate(_options, TimeProvider.System), TimeProvider.System));

    private Task<CrawlSummary> CrawlAsync() => _crawler.RunAsync(TimeSpan.FromMinutes(1), null, Cancellation);

    private async Task RefreshAsync(long sourceId)
    {
        await Sources.SetStateAsync(sourceId, SourceState.Active, TimeProvider.System.GetUtcNow(), Cancellation);
        await CrawlAsync();
    }

    /// <summary>Passes everything on to the real store, and does something before it saves.</summary>
    private sealed class BeforeSaving(IRefreshStore store, Func<RefreshWrite, Task> act) : IRefreshStore
    {
        public Task<RoutingFacts> FindRoutingAsync(long sourceId, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
            store.FindRoutingAsync(sourceId, keys, cancellationToken);

        public Task<IReadOnlyList<KnownEntry>> FindKnownAsync(
            long sourceId, IReadOnlyCollection<string> keys, IReadOnlyCollection<string> urls, CancellationToken cancellationToken) =>
            store.FindKnownAsync(sourceId, keys, urls, cancellationToken);

        public Task<IReadOnlyList<RecentVersions>> CountVersionsAsync(
            IReadOnlyCollection<long> entryIds, DateTimeOffset since, CancellationToken cancellationToken) =>
            store.CountVersionsAsync(entryIds, since, cancellationToken);

        public async Task<bool> SaveAsync(RefreshWrite write, CancellationToken cancellationToken)
        {
            await act(write);
            return await store.SaveAsync(write, cancellationToken);
        }
    }
}
