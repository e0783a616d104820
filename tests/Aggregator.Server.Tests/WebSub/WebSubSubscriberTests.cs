using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.WebSub;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.WebSub;

/// <summary>
/// The subscriber against a real hub over HTTP. What the Recommendation (W3C, 23 January 2018) asks of subscribers, and where it is tried:
/// <list type="table">
/// <item><term>§4 MUST check Link headers first, then embedded links</term><description><see cref="Discovers_in_headers_first_and_in_the_document_else"/>, HubAnnouncementTests</description></item>
/// <item><term>§5.1 MUST POST a form in UTF-8 with callback, mode and the discovered self as topic</term><description><see cref="Asks_the_hub_as_the_Recommendation_says"/></description></item>
/// <item><term>§5.1 callback SHOULD be unguessable and unique; secret MUST be under 200 bytes, SHOULD go over https alone</term><description><see cref="Asks_the_hub_as_the_Recommendation_says"/>, HubLifecycleTests</description></item>
/// <item><term>§5.1.1 callback SHOULD change with renewals</term><description>not followed, on purpose: see <see cref="HubLifecycle.Requesting"/>; tried in <see cref="Renews_before_the_lease_ends_and_keeps_its_callback"/></description></item>
/// <item><term>§5.1.2 is expected to try again at the hub that a 307 or 308 names</term><description><see cref="Follows_a_hub_that_names_another_and_no_further_than_is_allowed"/></description></item>
/// <item><term>§5.2 SHOULD take a denial for the end of it, at any time</term><description><see cref="Takes_a_denial_at_any_time"/></description></item>
/// <item><term>§5.3 MUST echo the challenge of what is pending, MUST answer 404 else, MUST use a safe media type</term><description><see cref="Echoes_the_challenge_of_what_it_asked_for_and_of_nothing_else"/></description></item>
/// <item><term>§5.3 lease of an unsubscription MUST be ignored</term><description><see cref="Leaves_when_the_source_is_paused_and_comes_back_when_it_is_resumed"/></description></item>
/// <item><term>§5.3.1 MUST ask again before the lease ends to sustain a subscription</term><description><see cref="Renews_before_the_lease_ends_and_keeps_its_callback"/></description></item>
/// <item><term>§7 MUST acknowledge with 2xx; MAY answer 410 for what was deleted; MUST NOT redirect</term><description><see cref="Stores_what_is_pushed_the_way_of_any_refresh"/>, <see cref="Tells_a_hub_that_it_may_forget_an_unknown_callback"/></description></item>
/// <item><term>§7 MUST NOT tell the subscription by the Link headers</term><description><see cref="Takes_a_push_for_the_source_of_its_callback_whatever_its_links_say"/></description></item>
/// <item><term>§8.1 MUST verify with the secret, MUST ignore what does not match, MAY acknowledge it all the same</term><description><see cref="Ignores_and_counts_what_is_not_signed_as_it_should_be"/></description></item>
/// </list>
/// </summary>
public sealed class WebSubSubscriberTests : IAsyncLifetime
{
    private WebSubServer _server = null!;
    private TestHub _hub = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.StartAsync();
        _hub.Publish("one");
        _server = await WebSubServer.StartAsync(Ct, "--WebSub:MaxPushBytes=100000", "--WebSub:RequestsPerMinute=60");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    public async Task Discovers_in_headers_first_and_in_the_document_else(bool inHeaders, bool inDocument, bool found)
    {
        (_hub.InHeaders, _hub.InDocument) = (inHeaders, inDocument);
        var id = await _server.AddSourceAsync(_hub.FeedUrl, Ct);
        var source = (await _server.Sources.FindAsync(id, Ct))!;
        Assert.Equal(found ? (_hub.Url.AbsoluteUri, _hub.Topic.AbsoluteUri) : (null, null), (source.HubUrl, source.HubTopic));
        Assert.Equal(found ? 1 : 0, await _server.AskAsync(Ct));
    }

    [Fact]
    public async Task Asks_the_hub_as_the_Recommendation_says()
    {
        var (id, request) = await SubscribeAsync(verify: false);
        Assert.Equal(("POST", "subscribe", _hub.Topic.AbsoluteUri), (request.Method, request.Mode, request.Topic));
        Assert.StartsWith("application/x-www-form-urlencoded", request.ContentType, StringComparison.Ordinal);
        Assert.Matches("^/websub/[0-9a-f]{32}$", request.Callback.AbsolutePath);
        Assert.Equal(_server.Address.Authority, request.Callback.Authority);
        Assert.Equal(10 * 86_400, request.Lease);
        Assert.InRange(request.Secret!.Length, 32, 199);
        Assert.Equal(HubSubscriptionState.Requested, (await SubscriptionAsync(id)).State);
        Assert.Null((await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);

        // Another source has another callback and another secret.
        await using var other = await TestHub.StartAsync();
        await _server.AddSourceAsync(other.FeedUrl, Ct);
        await _server.AskAsync(Ct);
        Assert.NotEqual(request.Callback, other.Requests[0].Callback);
        Assert.NotEqual(request.Secret, other.Requests[0].Secret);
    }

    [Fact]
    public async Task Echoes_the_challenge_of_what_it_asked_for_and_of_nothing_else()
    {
        var (id, request) = await SubscribeAsync(verify: false);
        var wrongTopic = await _hub.VerifyAsync(request.Callback, topic: _hub.Topic + "/other");
        var wrongMode = await _hub.VerifyAsync(request.Callback, mode: "unsubscribe");
        var noMode = await _hub.VerifyAsync(request.Callback, mode: "publish");
        var noChallenge = await _hub.VerifyAsync(request.Callback, challenge: null);
        var wrongToken = await _hub.VerifyAsync(new Uri(_server.Address, "websub/" + new string('0', 32)));
        var shortToken = await _hub.VerifyAsync(new Uri(_server.Address, "websub/0"));
        Assert.All([wrongTopic, wrongMode, noMode, noChallenge, wrongToken, shortToken], answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        Assert.Equal(HubSubscriptionState.Requested, (await SubscriptionAsync(id)).State);

        var answer = await _hub.VerifyAsync(request.Callback, challenge: "<script>alert('国')</script>&x=1");
        Assert.Equal((HttpStatusCode.OK, "<script>alert('国')</script>&x=1", "text/plain; charset=utf-8"), answer);
        var subscription = await SubscriptionAsync(id);
        Assert.Equal(HubSubscriptionState.Active, subscription.State);
        Assert.Equal(subscription.VerifiedAt!.Value.AddSeconds(864_000), subscription.LeaseUntil);
        Assert.Equal(subscription.LeaseUntil, (await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);

        // A hub may confirm at any time that we still mean it (§5).
        Assert.Equal(HttpStatusCode.OK, (await _hub.VerifyAsync(request.Callback)).Status);
    }

    [Theory]
    [InlineData("31536000000", 30 * 86_400)]
    [InlineData("99999999999999999999999", 30 * 86_400)]
    [InlineData("3600", 3600)]
    [InlineData("soon", 10 * 86_400)]
    [InlineData(null, 10 * 86_400)]
    public async Task Bounds_the_lease_that_a_hub_gives(string? given, int seconds)
    {
        var (id, request) = await SubscribeAsync(verify: false);
        await _hub.VerifyAsync(request.Callback, lease: given);
        var subscription = await SubscriptionAsync(id);
        Assert.Equal(subscription.VerifiedAt!.Value.AddSeconds(seconds), subscription.LeaseUntil);
    }

    [Fact]
    public async Task Takes_a_verification_that_comes_before_the_hub_has_answered()
    {
        _hub.Answer = async context =>
        {
            var form = await context.Request.ReadFormAsync();
            var echoed = await _hub.VerifyAsync(new Uri(form["hub.callback"].ToString()));
            context.Response.StatusCode = echoed.Status == HttpStatusCode.OK ? 204 : 500;
        };
        var (id, _) = await SubscribeAsync(verify: false);
        Assert.Equal((HubSubscriptionState.Active, null), ((await SubscriptionAsync(id)).State, (await SubscriptionAsync(id)).Failure));
    }

    [Theory]
    [InlineData("sha256"), InlineData("sha384"), InlineData("sha512")]
    public async Task Stores_what_is_pushed_the_way_of_any_refresh(string method)
    {
        var (id, request) = await SubscribeAsync();
        var before = (await _server.Sources.FindAsync(id, Ct))!;
        var version = await VersionAsync(id);
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(request, _hub.Document(["two", "three"], "Another title"), method));
        Assert.Equal(["one", "three", "two"], (await _server.KeysAsync(id, Ct)).Order(StringComparer.Ordinal));
        Assert.True(await VersionAsync(id) > version);
        var listed = await _server.Services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Source(id), WithContent = true }, Ct);
        Assert.Contains(listed, entry => entry.Entry is { Key: "two", Content: "<p>国内 two</p>" });

        // A part of the feed: its schedule, its validators, what it says of itself and what it holds stay as a poll found them.
        var after = (await _server.Sources.FindAsync(id, Ct))!;
        Assert.Equal(
            (before.Feed.Title, before.NextFetchAt, before.LastFetchAt, before.LastDocumentAt, null),
            (after.Feed.Title, after.NextFetchAt, after.LastFetchAt, after.LastDocumentAt, after.LeaseOwner));
        Assert.Equal(before.Validators.BodyHash.ToArray(), after.Validators.BodyHash.ToArray());
        Assert.True(after.LastChangeAt > before.LastChangeAt);
        Assert.NotNull((await SubscriptionAsync(id)).LastPushAt);
        Assert.Equal(1, _hub.FeedRequests);

        // Once more, and edited.
        var stored = listed.Single(entry => entry.Entry.Key == "two");
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(request, _hub.Document(["two"]).Replace("Title of two", "Edited", StringComparison.Ordinal), method));
        var edited = (await _server.Services.GetRequiredService<IEntryStore>().FindAsync(stored.Id, Ct))!;
        Assert.Equal(("Edited", 2), (edited.Entry.Title, edited.Version));
        Assert.Equal(3, (await _server.KeysAsync(id, Ct)).Count);
    }

    [Fact]
    public async Task Takes_a_push_for_the_source_of_its_callback_whatever_its_links_say()
    {
        var (id, request) = await SubscribeAsync();
        await using var other = await TestHub.StartAsync();
        other.Publish("of the other");
        var otherId = await _server.AddSourceAsync(other.FeedUrl, Ct);
        // The other publisher's links, and an id that the other source has too: the callback decides.
        Assert.Equal(HttpStatusCode.Accepted, await other.PushAsync(request, other.Document(["of the other", "two"])));
        Assert.Equal(["of the other", "one", "two"], (await _server.KeysAsync(id, Ct)).Order(StringComparer.Ordinal));
        Assert.Equal(["of the other"], await _server.KeysAsync(otherId, Ct));
    }

    public static TheoryData<string?, string?> BadSignatures => new()
    {
        { null, null }, { "sha256", "guessed" }, { "sha512", "guessed" }, { "sha1", "guessed" }, { "md5", null },
    };

    [Theory]
    [MemberData(nameof(BadSignatures))]
    public async Task Ignores_and_counts_what_is_not_signed_as_it_should_be(string? method, string? secret)
    {
        var (id, request) = await SubscribeAsync();
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(request, _hub.Document(["forged"]), method, secret));
        Assert.Equal(["one"], await _server.KeysAsync(id, Ct));
        var subscription = await SubscriptionAsync(id);
        Assert.Equal((1, null, null), (subscription.BadSignatures, subscription.LastPushAt, subscription.LastPingAt));
        await Task.Delay(300, Ct);
        Assert.Equal(1, _hub.FeedRequests);
    }

    public static TheoryData<string> Hints => ["sha1", "empty", "no feed", "truncated"];

    [Theory]
    [MemberData(nameof(Hints))]
    public async Task Asks_the_publisher_when_a_push_brings_news_that_it_does_not_take(string hint)
    {
        var (id, request) = await SubscribeAsync();
        _hub.Publish("two");
        var body = hint switch
        {
            "empty" => "",
            "no feed" => "updated: " + _hub.Topic,
            "truncated" => _hub.Document(["two", "three"])[..^60],
            _ => _hub.Document(["two", "three"]),
        };
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(request, body, hint == "sha1" ? "sha1" : "sha256"));
        await EventuallyAsync(async () => (await _server.KeysAsync(id, Ct)).Contains("two"));
        Assert.Equal(["one", "two"], await _server.KeysAsync(id, Ct));
        Assert.Equal(2, _hub.FeedRequests);
        var subscription = await SubscriptionAsync(id);
        Assert.Equal((true, null, 0), (subscription.LastPingAt is not null, subscription.LastPushAt, subscription.Misses));

        // The next hint within the minute waits for its turn, and a third one is the same as the second.
        await _hub.PushAsync(request, "");
        await _hub.PushAsync(request, "");
        await Task.Delay(500, Ct);
        Assert.Equal(2, _hub.FeedRequests);
    }

    [Fact]
    public async Task Refuses_a_body_over_the_limit_announced_or_not()
    {
        var (id, request) = await SubscribeAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await _hub.PushAsync(request, new string(' ', 100_001)));
        using var http = new HttpClient();
        using var stream = new StreamContent(new EndlessStream(400_000));
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Callback) { Content = stream };
        message.Headers.TransferEncodingChunked = true;
        try
        {
            using var response = await http.SendAsync(message, Ct);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException error) when (error.InnerException is IOException)
        {
            // The connection was closed while the rest was still being sent.
        }

        Assert.Equal(["one"], await _server.KeysAsync(id, Ct));
    }

    [Fact]
    public async Task Tells_a_hub_that_it_may_forget_an_unknown_callback()
    {
        var (_, request) = await SubscribeAsync();
        var unknown = request with { Form = new Dictionary<string, string>(request.Form, StringComparer.Ordinal) { ["hub.callback"] = _server.Address + "websub/" + new string('f', 32) } };
        Assert.Equal(HttpStatusCode.Gone, await _hub.PushAsync(unknown, _hub.Document(["forged"])));
    }

    [Fact]
    public async Task Takes_nothing_before_the_hub_has_verified()
    {
        var (id, request) = await SubscribeAsync(verify: false);
        Assert.Equal(HttpStatusCode.NotFound, await _hub.PushAsync(request, _hub.Document(["two"])));
        Assert.Equal(["one"], await _server.KeysAsync(id, Ct));
    }

    [Fact]
    public async Task Limits_what_one_address_may_ask()
    {
        var (_, request) = await SubscribeAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 80; i++) statuses.Add((await _hub.VerifyAsync(new Uri(_server.Address, $"websub/{i:x32}"))).Status);
        Assert.Contains(HttpStatusCode.NotFound, statuses);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, await _hub.PushAsync(request, _hub.Document(["two"])));
        Assert.Equal(HttpStatusCode.OK, (await _server.Http.GetAsync("/healthz", Ct)).StatusCode);
    }

    [Fact]
    public async Task Takes_a_denial_at_any_time()
    {
        var (id, request) = await SubscribeAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await _hub.VerifyAsync(request.Callback, "denied", topic: "https://another.example/", challenge: null)).Status);
        var answer = await _hub.VerifyAsync(request.Callback, "denied", challenge: null, reason: "over <b>quota</b>");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var subscription = await SubscriptionAsync(id);
        Assert.Equal((HubSubscriptionState.Denied, "The hub denied the subscription: over <b>quota</b>"), (subscription.State, subscription.Failure));
        Assert.Null((await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);
        Assert.Equal(HttpStatusCode.NotFound, await _hub.PushAsync(request, _hub.Document(["two"])));
        Assert.Equal(0, await _server.AskAsync(Ct));

        // After its probation it is asked anew, under another callback.
        await MakeDueAsync(id);
        Assert.Equal(1, await _server.AskAsync(Ct));
        Assert.NotEqual(request.Callback, _hub.Requests[^1].Callback);
        Assert.Equal(HttpStatusCode.Gone, await _hub.PushAsync(request, _hub.Document(["two"])));
    }

    [Fact]
    public async Task Renews_before_the_lease_ends_and_keeps_its_callback()
    {
        var (id, request) = await SubscribeAsync();
        var first = await SubscriptionAsync(id);
        Assert.InRange(first.NextAttemptAt, first.VerifiedAt!.Value, first.LeaseUntil!.Value.AddHours(-1));
        Assert.Equal(0, await _server.AskAsync(Ct));

        await MakeDueAsync(id);
        Assert.Equal(1, await _server.AskAsync(Ct));
        var renewal = _hub.Requests[^1];
        Assert.Equal((request.Callback, request.Secret, "subscribe"), (renewal.Callback, renewal.Secret, renewal.Mode));
        // It goes on without a gap while the hub thinks about it, and when it refuses.
        Assert.Equal(HubSubscriptionState.Active, (await SubscriptionAsync(id)).State);
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(request, _hub.Document(["two"])));
        await _hub.VerifyAsync(renewal.Callback, lease: "86400");
        var renewed = await SubscriptionAsync(id);
        Assert.True(renewed.VerifiedAt > first.VerifiedAt);
        Assert.Equal(renewed.VerifiedAt!.Value.AddDays(1), (await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);
    }

    [Fact]
    public async Task Leaves_when_the_source_is_paused_and_comes_back_when_it_is_resumed()
    {
        var (id, request) = await SubscribeAsync();
        await _server.Sources.SetStateAsync(id, SourceState.Paused, DateTimeOffset.UtcNow, Ct);
        Assert.Equal(1, await _server.AskAsync(Ct));
        var farewell = _hub.Requests[^1];
        Assert.Equal(("unsubscribe", request.Callback, request.Topic, null, null), (farewell.Mode, farewell.Callback, farewell.Topic, farewell.Secret, farewell.Lease));
        Assert.Null((await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);
        Assert.Equal(HttpStatusCode.NotFound, (await _hub.VerifyAsync(request.Callback, "subscribe")).Status);
        Assert.Equal(HttpStatusCode.NotFound, await _hub.PushAsync(request, _hub.Document(["two"])));
        Assert.Equal((HttpStatusCode.OK, "bye", "text/plain; charset=utf-8"), await _hub.VerifyAsync(request.Callback, "unsubscribe", challenge: "bye", lease: "864000"));
        Assert.Equal(HttpStatusCode.Gone, await _hub.PushAsync(request, _hub.Document(["two"])));
        Assert.Equal((HubSubscriptionState.Wanted, null), ((await SubscriptionAsync(id)).State, (await SubscriptionAsync(id)).LeaseUntil));
        Assert.Equal(0, await _server.AskAsync(Ct));

        await _server.Sources.SetStateAsync(id, SourceState.Active, DateTimeOffset.UtcNow, Ct);
        Assert.Equal(1, await _server.AskAsync(Ct));
        Assert.NotEqual(request.Callback, _hub.Requests[^1].Callback);
        await _hub.VerifyAsync(_hub.Requests[^1].Callback);
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(_hub.Requests[^1], _hub.Document(["two"])));
        Assert.Equal(["one", "two"], await _server.KeysAsync(id, Ct));
    }

    [Fact]
    public async Task Nobody_but_the_holder_of_the_callback_can_end_a_subscription()
    {
        var (id, request) = await SubscribeAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await _hub.VerifyAsync(request.Callback, "unsubscribe")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _hub.VerifyAsync(new Uri(_server.Address, "websub/" + new string('a', 32)), "denied", challenge: null)).Status);
        Assert.Equal(HubSubscriptionState.Active, (await SubscriptionAsync(id)).State);
    }

    [Fact]
    public async Task Moves_to_the_hub_that_the_feed_names_now()
    {
        var (id, request) = await SubscribeAsync();
        await using var other = await TestHub.StartAsync();
        _hub.NamedHub = other.Url.AbsoluteUri;
        _hub.Publish("two");
        await _server.PollAsync(id, Ct);
        Assert.Equal(2, await _server.AskAsync(Ct));
        Assert.Equal(("unsubscribe", request.Callback), (_hub.Requests[^1].Mode, _hub.Requests[^1].Callback));
        Assert.Equal(("subscribe", _hub.Topic.AbsoluteUri), (other.Requests[^1].Mode, other.Requests[^1].Topic));
        Assert.Equal(HttpStatusCode.OK, (await _hub.VerifyAsync(request.Callback, "unsubscribe")).Status);
        Assert.Equal(other.Url.AbsoluteUri, Assert.Single(await _server.Hubs.FindBySourceAsync(id, Ct)).HubUrl);
    }

    [Fact]
    public async Task Follows_a_hub_that_names_another_and_no_further_than_is_allowed()
    {
        _hub.Answer = context =>
        {
            var isFirst = context.Request.Path == "/hub";
            context.Response.StatusCode = isFirst ? 307 : 202;
            if (isFirst) context.Response.Headers.Location = "/moved";
            return Task.CompletedTask;
        };
        var (id, _) = await SubscribeAsync(verify: false);
        Assert.Equal(["/hub", "/moved"], _hub.Requests.Select(request => request.Path));
        Assert.Equal(_hub.Requests[0].Form, _hub.Requests[1].Form);
        Assert.Equal(HubSubscriptionState.Requested, (await SubscriptionAsync(id)).State);

        _hub.Answer = context =>
        {
            context.Response.StatusCode = 308;
            context.Response.Headers.Location = "/hub";
            return Task.CompletedTask;
        };
        await MakeDueAsync(id);
        await _server.AskAsync(Ct);
        Assert.Equal(2 + HubClient.MaxRedirects + 1, _hub.Requests.Count);
        Assert.Contains("redirects more than", (await SubscriptionAsync(id)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_a_refusal_in_the_hubs_words_and_waits()
    {
        _hub.Answer = async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("callback must be https\u0007" + new string('x', 100_000));
        };
        var (id, _) = await SubscribeAsync(verify: false);
        var subscription = await SubscriptionAsync(id);
        Assert.Equal(HubSubscriptionState.Wanted, subscription.State);
        Assert.StartsWith("The hub refused the request (HTTP 400): callback must be https x", subscription.Failure, StringComparison.Ordinal);
        Assert.InRange(subscription.Failure!.Length, 1, 301);
        Assert.Equal(0, await _server.AskAsync(Ct));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]:9/hub")]
    [InlineData("http://10.0.0.1/hub")]
    [InlineData("http://0x7f.1.1.1.example.invalid/hub")]
    public async Task Asks_no_hub_that_the_guard_refuses(string hub)
    {
        _hub.NamedHub = hub;
        var id = await _server.AddSourceAsync(_hub.FeedUrl, Ct);
        Assert.Equal(1, await _server.AskAsync(Ct));
        var subscription = await SubscriptionAsync(id);
        Assert.Equal(HubSubscriptionState.Wanted, subscription.State);
        Assert.NotNull(subscription.Failure);
        // The address that was refused is for the log.
        Assert.DoesNotContain("169.254", subscription.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_led_past_the_guard_by_a_hubs_redirect()
    {
        _hub.Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "http://[::1]:9/hub";
            return Task.CompletedTask;
        };
        var (id, _) = await SubscribeAsync(verify: false);
        Assert.Contains("not public", (await SubscriptionAsync(id)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_relying_on_a_hub_that_misses_things_and_still_takes_what_it_sends()
    {
        var (id, request) = await SubscribeAsync();
        for (var poll = 1; poll <= 3; poll++)
        {
            Assert.NotNull((await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);
            _hub.Publish($"missed {poll}");
            await _server.PollAsync(id, Ct);
            Assert.Equal(poll, (await SubscriptionAsync(id)).Misses);
        }

        Assert.Equal(HubSubscriptionState.Distrusted, (await SubscriptionAsync(id)).State);
        Assert.Null((await _server.Sources.FindAsync(id, Ct))!.HubLeaseUntil);
        Assert.Equal(HttpStatusCode.Accepted, await _hub.PushAsync(request, _hub.Document(["two"])));
        Assert.Contains("two", await _server.KeysAsync(id, Ct));
    }

    [Fact]
    public async Task Clears_a_hubs_name_when_it_pushes_what_polls_then_find()
    {
        var (id, request) = await SubscribeAsync();
        _hub.Publish("missed");
        await _server.PollAsync(id, Ct);
        Assert.Equal(1, (await SubscriptionAsync(id)).Misses);

        _hub.Publish("two");
        await _hub.PushAsync(request, _hub.Document(["two"]));
        await _server.PollAsync(id, Ct);
        Assert.Equal(0, (await SubscriptionAsync(id)).Misses);
    }

    [Fact]
    public async Task Stores_each_of_many_pushes_at_once_and_none_twice()
    {
        var (id, request) = await SubscribeAsync();
        var statuses = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => _hub.PushAsync(request, _hub.Document([$"push {i % 12}"]))));
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Accepted, status));
        var keys = await _server.KeysAsync(id, Ct);
        Assert.Equal(13, keys.Count);
        Assert.Equal(13, keys.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Is_silent_and_takes_nothing_when_it_is_off()
    {
        await using var server = await WebSubServer.StartAsync(Ct, "--WebSub:Enabled=auto");
        var id = await server.AddSourceAsync(_hub.FeedUrl, Ct);
        Assert.Equal(_hub.Url.AbsoluteUri, (await server.Sources.FindAsync(id, Ct))!.HubUrl);
        Assert.Equal(0, await server.AskAsync(Ct));
        Assert.Empty(_hub.Requests);
        var subscription = Assert.Single(await server.Hubs.FindBySourceAsync(id, Ct));
        Assert.Equal(HttpStatusCode.NotFound, (await _hub.VerifyAsync(new Uri(server.Address, "websub/" + subscription.Token))).Status);
    }

    private async Task<(long SourceId, TestHub.Request Request)> SubscribeAsync(bool verify = true)
    {
        var id = await _server.AddSourceAsync(_hub.FeedUrl, Ct);
        Assert.Equal(1, await _server.AskAsync(Ct));
        var request = _hub.Requests[0];
        if (verify)
        {
            Assert.Equal(HttpStatusCode.OK, (await _hub.VerifyAsync(request.Callback)).Status);
            // So that the next poll has a poll before it that knew of the subscription.
            await _server.PollAsync(id, Ct);
            Assert.Equal(2, _hub.FeedRequests);
            _hub.ForgetFeedRequests(1);
        }

        return (id, request);
    }

    private async Task<HubSubscription> SubscriptionAsync(long sourceId) => Assert.Single(await _server.Hubs.FindBySourceAsync(sourceId, Ct));

    private async Task MakeDueAsync(long sourceId) =>
        Assert.True(await _server.Hubs.SaveAsync(await SubscriptionAsync(sourceId) with { NextAttemptAt = DateTimeOffset.UtcNow.AddSeconds(-1) }, Ct));

    private async Task<long> VersionAsync(long sourceId) =>
        (await _server.Services.GetRequiredService<IEntryStore>().VersionAsync(Topic.Source(sourceId), Ct)).Number;

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 100 && !await holds(); i++) await Task.Delay(100, Ct);
        Assert.True(await holds());
    }

    private sealed class EndlessStream(int length) : Stream
    {
        private int _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var given = Math.Min(count, _left);
            _left -= given;
            Array.Fill(buffer, (byte)' ', offset, given);
            return given;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
