using System.Globalization;
using System.Net;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Selections;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Hub;

/// <summary>What strangers may ask of the hub, and what it does when callbacks are bad.</summary>
public sealed class HubEndpointsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadCallbacks => new()
    {
        { "http://10.0.0.7/", "none that is public" },
        { "http://169.254.169.254/latest/meta-data/", "none that is public" },
        { "http://[::1]:9000/", "none that is public" },
        { "http://0x0a000007/", "none that is public" },
        { "ftp://news.example/", "absolute http or https" },
        { "file:///etc/passwd", "absolute http or https" },
        { "javascript:alert(1)", "absolute http or https" },
        { "/relative", "absolute http or https" },
        { "", "missing" },
        { "http://user:password@127.0.0.1:9000/", "user name" },
        { "http://127.0.0.1:9000/#fragment", "fragment" },
        { "http://127.0.0.1:25/", "port" },
        { "http://nowhere.invalid/", "none that is public" },
    };

    [Theory]
    [MemberData(nameof(BadCallbacks))]
    public async Task Refuses_a_callback_that_it_would_not_call(string callback, string because)
    {
        await using var site = await HubSite.StartAsync(Ct);
        var (status, body, type) = await site.SubscribeAsync(callback);
        Assert.Equal((HttpStatusCode.BadRequest, "text/plain"), (status, type));
        Assert.Contains(because, body, StringComparison.Ordinal);
        Assert.Equal(0, (await site.Subscribers.CountAsync(Ct)).Waiting);
    }

    [Fact]
    public async Task Refuses_its_own_address_as_a_callback()
    {
        await using var site = await HubSite.StartAsync(Ct);
        foreach (var own in (string[])["hub", "all.atom", "websub/x"])
        {
            var (status, body, _) = await site.SubscribeAsync(site.Address + own);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("this site itself", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refuses_what_is_no_request()
    {
        await using var site = await HubSite.StartAsync(Ct);
        const string Callback = "http://127.0.0.1:9/";
        Assert.Equal(HttpStatusCode.BadRequest, (await site.AskAsync(("hub.mode", "publish"), ("hub.topic", site.Topic()), ("hub.callback", Callback))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.AskAsync(("hub.topic", site.Topic()), ("hub.callback", Callback))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.SubscribeAsync("http://127.0.0.1:9000/", null, ("hub.lease_seconds", "-1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.SubscribeAsync("http://127.0.0.1:9000/", null, ("hub.lease_seconds", "forever"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.SubscribeAsync("http://127.0.0.1:9000/", null, ("hub.secret", new string('s', 200)))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await site.SubscribeAsync("http://127.0.0.1:9000/", null, ("hub.secret", new string('s', 1024 * 1024)))).Status);
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await site.Http.PostAsync("hub", json, Ct)).StatusCode);
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"p{i}", "")));
        Assert.Equal(HttpStatusCode.BadRequest, (await site.Http.PostAsync("hub", many, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.Http.GetAsync("hub", Ct)).StatusCode);
    }

    [Fact]
    public async Task Knows_every_feed_of_ours_as_a_topic_and_nothing_else()
    {
        await using var site = await HubSite.StartAsync(Ct);
        await using var subscriber = await TestSubscriber.StartAsync();
        await site.StoreAsync(Ct, "一条新闻");
        foreach (var path in (string[])["all.atom", "all.rss", "all.json", "categories/domestic.rss", "categories/domestic.json", $"sources/{site.SourceId}.atom"])
            Assert.Equal(HttpStatusCode.Accepted, (await site.SubscribeAsync(subscriber.Callback("x"), site.Address + path)).Status);

        // A search by whatever address its own feed says.
        var self = (await site.Http.GetStringAsync("search.json?q=新闻", Ct)) is var feed ? JsonDocument.Parse(feed).RootElement.GetProperty("feed_url").GetString()! : "";
        Assert.Equal(HttpStatusCode.Accepted, (await site.SubscribeAsync(subscriber.Callback("x"), self)).Status);
        var (status, body, _) = await site.SubscribeAsync(subscriber.Callback("x"), site.Address + "search.json?lang=zh&q=%E6%96%B0%E9%97%BB&utm=1");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("self", body, StringComparison.Ordinal);

        foreach (var url in (string[])[site.Address + "categories/none.atom", site.Address + "all.opml", site.Address + "sources/999.atom", site.Address.ToString(), "https://elsewhere.example/all.atom", "x", site.Address + "all.atom?x"])
            Assert.Equal(HttpStatusCode.NotFound, (await site.SubscribeAsync(subscriber.Callback("x"), url)).Status);
    }

    [Fact]
    public async Task Says_no_to_the_ten_thousand_subscriptions_of_one_address()
    {
        await using var site = await HubSite.StartAsync(Ct, "--Hub:RequestsPerMinute=50", "--Hub:MaxPerClient=30", "--Hub:RequestsPerHostPerMinute=1000");
        await using var subscriber = await TestSubscriber.StartAsync();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 200; i++) answers.Add((await site.SubscribeAsync(subscriber.Callback($"s{i}"))).Status);
        await site.NotedAsync(subscriber, Ct);
        Assert.Equal(30, answers.Count(status => status == HttpStatusCode.Accepted));
        Assert.Equal(20, answers.Count(status => status == HttpStatusCode.Forbidden));
        Assert.Equal(150, answers.Count(status => status == HttpStatusCode.TooManyRequests));
        Assert.Equal(30, subscriber.Questions.Count);
        Assert.Equal(30, (await site.Subscribers.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task Is_no_amplifier_against_one_host()
    {
        await using var site = await HubSite.StartAsync(Ct, "--Hub:RequestsPerHostPerMinute=10", "--Hub:RequestsPerMinute=1000");
        await using var victim = await TestSubscriber.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            var (status, _, _) = await site.SubscribeAsync(victim.Callback($"v{i}", TestSubscriber.Manner.Disagrees));
            Assert.Equal(i < 10 ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests, status);
        }

        await site.NotedAsync(victim, Ct);
        Assert.Equal(10, victim.Questions.Count);
        Assert.Equal(0, (await site.Subscribers.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task Believes_no_callback_that_echoes_wrong_drips_or_redirects_and_asks_each_once()
    {
        await using var site = await HubSite.StartAsync(Ct, "--Hub:Timeout=00:00:01");
        await using var subscriber = await TestSubscriber.StartAsync();
        foreach (var manner in (TestSubscriber.Manner[])[TestSubscriber.Manner.EchoesWrong, TestSubscriber.Manner.EchoesNothing, TestSubscriber.Manner.Drips, TestSubscriber.Manner.Redirects, TestSubscriber.Manner.Disagrees])
            Assert.Equal(HttpStatusCode.Accepted, (await site.SubscribeAsync(subscriber.Callback(manner.ToString(), manner))).Status);
        await site.NotedAsync(subscriber, Ct);
        Assert.Equal(5, subscriber.Questions.Count);
        Assert.Equal(0, (await site.Subscribers.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task Refuses_to_end_what_nobody_subscribed_to_and_takes_no_strangers_word_for_it()
    {
        await using var site = await HubSite.StartAsync(Ct);
        await using var subscriber = await TestSubscriber.StartAsync();
        var callback = subscriber.Callback("mine");
        Assert.Equal(HttpStatusCode.NotFound, (await site.UnsubscribeAsync(callback)).Status);
        await site.SubscribeAndWaitAsync(subscriber, callback, Ct);
        subscriber.Behave("mine", TestSubscriber.Manner.Disagrees);
        Assert.Equal(HttpStatusCode.Accepted, (await site.UnsubscribeAsync(callback)).Status);
        await site.NotedAsync(subscriber, Ct);
        Assert.Equal(1, (await site.Subscribers.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task Pushes_what_a_visitor_follows_and_keeps_his_address_to_itself()
    {
        await using var site = await HubSite.StartAsync(Ct);
        await using var subscriber = await TestSubscriber.StartAsync();
        var token = SelectionToken.Create();
        var selections = site.Services.GetRequiredService<ISelectionStore>();
        var selection = await selections.AddAsync(token.Hash(), TimeProvider.System.GetUtcNow(), Ct);
        await selections.FollowAsync(selection.Id, [Topic.Source(site.SourceId)], 10, Ct);

        using var feed = await site.Http.GetAsync(new Uri($"subscriptions/{token.Value}.json", UriKind.Relative), Ct);
        var topic = JsonDocument.Parse(await feed.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("feed_url").GetString()!;
        Assert.Contains($"<{site.Address}hub>; rel=\"hub\"", feed.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Contains($"<{topic}>; rel=\"self\"", feed.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await site.SubscribeAsync(subscriber.Callback("forged"), topic.Replace(token.Value, SelectionToken.Create().Value, StringComparison.Ordinal))).Status);
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("own"), Ct, topic);

        await site.StoreAsync(Ct, "新闻");
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("own").Count == 1, "what came in the source", Ct);
        Assert.Equal(["新闻"], Titles(subscriber.DeliveriesOf("own")[0]));
        Assert.Contains($"<{topic}>; rel=\"self\"", Assert.Single(subscriber.DeliveriesOf("own")[0].Links), StringComparison.Ordinal);

        // With a search among it, what is found elsewhere comes too, once.
        await selections.UnfollowAsync(selection.Id, [Topic.Source(site.SourceId)], Ct);
        await selections.FollowAsync(selection.Id, [Topic.Search("q=目标")], 10, Ct);
        await site.StoreAsync(Ct, "别的", "目标新闻");
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("own").Count == 2, "what its search finds", Ct);
        Assert.Equal(["目标新闻"], Titles(subscriber.DeliveriesOf("own")[1]));

        var shown = Assert.Single(await site.Subscribers.ListAsync(null, failingOnly: false, 10, Ct));
        Assert.Equal($"{site.Address}subscriptions/….json", shown.TopicUrl);
        Assert.True(await selections.ForgetAsync(token.Hash(), Ct));
        Assert.Equal(0, (await site.Subscribers.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task Pushes_what_is_new_what_changed_and_what_was_taken_down_and_only_that()
    {
        await using var site = await HubSite.StartAsync(Ct);
        await using var subscriber = await TestSubscriber.StartAsync();
        await site.StoreAsync(Ct, "旧闻一", "旧闻二");
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("a"), Ct, site.Topic("json"));
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("search"), Ct, JsonDocument.Parse(await site.Http.GetStringAsync("search.json?q=目标", Ct)).RootElement.GetProperty("feed_url").GetString());
        await site.StoreAsync(Ct, "新闻", "目标新闻");
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("a").Count == 1 && subscriber.DeliveriesOf("search").Count == 1, "the new ones", Ct);
        Assert.Equal(["新闻", "目标新闻"], Titles(subscriber.DeliveriesOf("a")[0]));
        Assert.Equal(["目标新闻"], Titles(subscriber.DeliveriesOf("search")[0]));
        await site.EditAsync("旧闻一", "旧闻一（更正）", Ct);
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("a").Count == 2, "the change", Ct);
        Assert.Equal(["旧闻一（更正）"], Titles(subscriber.DeliveriesOf("a")[1]));

        var takedowns = site.Services.GetRequiredService<ITakedownStore>();
        var entry = (await site.Services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Everything }, Ct)).Single(entry => entry.Entry.Title == "旧闻二");
        var now = TimeProvider.System.GetUtcNow();
        var filed = (TakedownFiling.Received)await takedowns.FileAsync(new NewTakedownRequest(entry.Id, TakedownReason.Legal, null, null), now, Ct);
        Assert.Equal(TakedownOutcome.Done, await takedowns.ApproveAsync(filed.RequestId, isLegal: true, null, "anna", TimeSpan.FromDays(1), now, Ct));
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("a").Count == 3, "the take-down", Ct);
        var last = JsonDocument.Parse(subscriber.DeliveriesOf("a")[2].Text).RootElement;
        Assert.Equal(0, last.GetProperty("items").GetArrayLength());
        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $"entry/{entry.Id}"), last.GetProperty("_tombstone").GetProperty("deleted")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivers_everything_to_who_was_away_in_documents_of_bounded_size()
    {
        await using var site = await HubSite.StartAsync(Ct, "--Hub:MaxEntries=10", "--Hub:LongestRetry=00:00:00.200");
        await using var subscriber = await TestSubscriber.StartAsync();
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("away"), Ct, site.Topic("json"));
        subscriber.Behave("away", TestSubscriber.Manner.Fails);
        for (var i = 0; i < 5; i++) await site.StoreAsync(Ct, [.. Enumerable.Range(0, 7).Select(j => $"第{i * 7 + j}条")]);
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("away").Count >= 3, "failures", Ct);
        subscriber.Behave("away", TestSubscriber.Manner.Agrees);
        await subscriber.UntilAsync(() => Taken().Distinct().Count() == 35, "everything arrives", Ct);
        Assert.Equal(35, Taken().Count());
        Assert.All(subscriber.DeliveriesOf("away"), delivery => Assert.InRange(Titles(delivery).Count, 1, 10));
        IEnumerable<string> Taken() => subscriber.DeliveriesOf("away").Where(delivery => delivery.Status == 202).SelectMany(Titles);
    }

    [Fact]
    public async Task One_that_hangs_or_redirects_delays_nobody_and_is_left_alone_after_a_while()
    {
        await using var site = await HubSite.StartAsync(
            Ct, "--Hub:Concurrency=4", "--Hub:MaxInFlight=64", "--Hub:Timeout=00:00:20", "--Hub:RequestsPerMinute=1000", "--Hub:RequestsPerHostPerMinute=1000", "--Hub:PerHostConcurrency=256");
        await using var subscriber = await TestSubscriber.StartAsync();
        for (var i = 0; i < 40; i++) await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback($"s{i}"), Ct);
        for (var i = 0; i < 40; i += 4) subscriber.Behave($"s{i}", TestSubscriber.Manner.Hangs);
        subscriber.Behave("s39", TestSubscriber.Manner.Redirects);
        await site.StoreAsync(Ct, "快讯");
        var stored = System.Diagnostics.Stopwatch.GetTimestamp();
        await subscriber.UntilAsync(() => Enumerable.Range(0, 40).All(i => subscriber.DeliveriesOf($"s{i}").Count > 0), "everybody is pushed to", Ct);

        // Ten hang for twenty seconds in four places; nobody else waits for that.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(stored), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Empty(subscriber.DeliveriesOf("elsewhere"));
        await subscriber.UntilAsync(
            () => site.Subscribers.ListAsync(null, failingOnly: true, 100, Ct).GetAwaiter().GetResult().Any(state => state.Callback.EndsWith("s39", StringComparison.Ordinal)), "the redirect is a failure", Ct);
        Assert.Contains("redirects", (await site.Subscribers.ListAsync(null, failingOnly: true, 100, Ct)).Single(state => state.Callback.EndsWith("s39", StringComparison.Ordinal)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_there_when_it_is_switched_off_and_no_feed_names_it()
    {
        await using var site = await HubSite.StartAsync(Ct, "--Hub:Enabled=false");
        Assert.True((await site.SubscribeAsync("http://127.0.0.1:9000/")).Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);
        using var feed = await site.Http.GetAsync("all.atom", Ct);
        Assert.DoesNotContain("hub", string.Join(',', feed.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"hub\"", await feed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Titles(TestSubscriber.Delivery delivery) =>
        [.. JsonDocument.Parse(delivery.Text).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!).Order(StringComparer.Ordinal)];
}
