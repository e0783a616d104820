using System.Net;
using Aggregator.Core.Hub;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Hub;

/// <summary>One whole conversation of subscribers with the hub, from discovery to the end, held once; the rows of the table look at what was said.</summary>
public sealed class HubConversation : IAsyncLifetime
{
    internal const string Secret = "four lamps on the quay";
    internal const string NewSecret = "五盏灯";

    internal string Topic { get; private set; } = "";

    internal string Hub { get; private set; } = "";

    internal Dictionary<string, (string Link, string Body)> Feeds { get; } = new(StringComparer.Ordinal);

    internal (HttpStatusCode Status, string Body, string? Type) Accepted { get; private set; }

    internal IReadOnlyList<(HttpStatusCode Status, string Body, string? Type)> Errors { get; private set; } = [];

    internal IReadOnlyList<TestSubscriber.Question> Questions { get; private set; } = [];

    internal IReadOnlyList<TestSubscriber.Delivery> Deliveries { get; private set; } = [];

    /// <summary>The one question of the first subscription, with the callback's own query in front.</summary>
    internal TestSubscriber.Question First => Of("main")[0];

    internal IReadOnlyList<TestSubscriber.Question> Of(string name) => [.. Questions.Where(question => question.Path == "/" + name)];

    internal IReadOnlyList<TestSubscriber.Delivery> To(string name) => [.. Deliveries.Where(delivery => delivery.Path == "/" + name)];

    internal bool Got(string name, string title) => To(name).Any(delivery => delivery.Text.Contains(title, StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var ct = limit.Token;
        await using var subscriber = await TestSubscriber.StartAsync();
        await using var site = await HubSite.StartAsync(ct);
        (Topic, Hub) = (site.Topic(), site.Address + "hub");
        await site.StoreAsync(ct, "before");
        foreach (var extension in (string[])["atom", "rss", "json"])
        {
            using var feed = await site.Http.GetAsync(new Uri(site.Topic(extension)), ct);
            Feeds[extension] = (string.Join(", ", feed.Headers.GetValues("Link")), await feed.Content.ReadAsStringAsync(ct));
        }

        // Somebody who takes everything, by whom the others' silence is told from slowness.
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("control"), ct);
        var main = subscriber.Callback("main") + "?token=%E4%B8%AD&x=1";
        Accepted = await site.SubscribeAsync(main, null, ("hub.secret", Secret), ("hub.lease_seconds", "3600"), ("hub.colour", "blue"));
        await site.NotedAsync(subscriber, ct);
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("rss"), ct, site.Topic("rss"));
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("json"), ct, site.Topic("json"), ("hub.lease_seconds", "99999999999999999999"));
        await StoreAsync("first", "control", "main", "rss", "json");

        // A renewal that is not agreed to changes nothing; one that is, does.
        subscriber.Behave("main", TestSubscriber.Manner.EchoesWrong);
        await site.SubscribeAsync(main, null, ("hub.secret", NewSecret), ("hub.lease_seconds", "7200"));
        await site.NotedAsync(subscriber, ct);
        subscriber.Behave("main", TestSubscriber.Manner.Agrees);
        await StoreAsync("second", "control", "main");
        await site.SubscribeAndWaitAsync(subscriber, main, ct, null, ("hub.secret", NewSecret));
        await StoreAsync("third", "control", "main");

        // So it is with the end.
        subscriber.Behave("main", TestSubscriber.Manner.Disagrees);
        await site.UnsubscribeAsync(main);
        await site.NotedAsync(subscriber, ct);
        subscriber.Behave("main", TestSubscriber.Manner.FailsOnce);
        await StoreAsync("fourth", "control");
        await subscriber.UntilAsync(() => subscriber.DeliveriesOf("main").Any(delivery => delivery.Status == 202 && delivery.Text.Contains("fourth", StringComparison.Ordinal)), "the failed delivery is repeated", ct);
        await site.UnsubscribeAsync(main);
        await site.NotedAsync(subscriber, ct);

        // Redirects, 404 and an empty echo are no agreement; 410 is an end; a lease ends; an admin ends one.
        foreach (var (name, manner) in new[] { ("moved", TestSubscriber.Manner.Redirects), ("unwilling", TestSubscriber.Manner.Disagrees), ("mute", TestSubscriber.Manner.EchoesNothing) })
            await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback(name, manner), ct);
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("gone"), ct);
        subscriber.Behave("gone", TestSubscriber.Manner.IsGone);
        await site.SubscribeAndWaitAsync(subscriber, subscriber.Callback("ended"), ct);
        var ended = (await site.Subscribers.ListAsync(null, failingOnly: false, 10, ct)).Single(state => state.Callback.EndsWith("ended", StringComparison.Ordinal));
        await site.Subscribers.EndAsync(ended.Id, "We moved.", TimeProvider.System.GetUtcNow(), ct);
        await site.Subscribers.AskAsync(
            new Intent
            {
                Mode = HubMode.Subscribe,
                Topic = new HubTopic(Topic, Core.Model.Topic.Category((await site.Services.GetRequiredService<ICategoryStore>().FindAsync("domestic", ct))!.Id), FeedFormat.Atom),
                Callback = subscriber.Callback("brief"),
                Host = "127.0.0.1",
                Lease = TimeSpan.FromSeconds(2),
            },
            new HubOptions(), TimeProvider.System.GetUtcNow(), ct);
        await site.NotedAsync(subscriber, ct);
        await StoreAsync("fifth", "control", "gone");
        await Task.Delay(TimeSpan.FromSeconds(2.5), ct);
        await StoreAsync("sixth", "control");
        await subscriber.UntilAsync(() => subscriber.QuestionsOf("ended").Count == 2, "the denial is told", ct);

        Errors =
        [
            await site.AskAsync(("hub.mode", "publish"), ("hub.topic", Topic), ("hub.callback", main)),
            await site.AskAsync(("hub.mode", "subscribe"), ("hub.topic", Topic)),
            await site.SubscribeAsync(main, site.Address + "categories/nothing.atom"),
        ];
        (Questions, Deliveries) = (subscriber.Questions, subscriber.Deliveries);

        async Task StoreAsync(string title, params string[] names)
        {
            await site.StoreAsync(ct, title);
            foreach (var name in names)
                await subscriber.UntilAsync(() => subscriber.DeliveriesOf(name).Any(delivery => delivery.Text.Contains(title, StringComparison.Ordinal)), $"'{title}' reaches {name}", ct);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
