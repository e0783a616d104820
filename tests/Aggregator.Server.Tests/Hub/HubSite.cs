using System.Net;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.WebSub;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.Hub;

/// <summary>The program on loopback with a category 国内 and one source in it, into which tests store entries as refreshes do.</summary>
internal sealed class HubSite : IAsyncDisposable
{
    private readonly WebSubServer _server;
    private readonly long _source;

    private HubSite(WebSubServer server, long source) => (_server, _source) = (server, source);

    public Uri Address => _server.Address;

    public HttpClient Http => _server.Http;

    public IServiceProvider Services => _server.Services;

    public ISubscriberStore Subscribers => Services.GetRequiredService<ISubscriberStore>();

    public long SourceId => _source;

    public string Topic(string extension = "atom") => $"{Address}categories/domestic.{extension}";

    public static async Task<HubSite> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var server = await WebSubServer.StartAsync(cancellationToken, ["--WebSub:Enabled=off", "--Hub:FirstRetry=00:00:00.200", "--Hub:Timeout=00:00:03", .. settings]);
        var categories = server.Services.GetRequiredService<ICategoryStore>();
        var category = await categories.FindAsync("domestic", cancellationToken) ?? await categories.AddAsync(
            new Category { Id = 0, Slug = "domestic", Title = "国内", Language = "zh", ShowAttribution = true }, cancellationToken);
        var source = await server.Sources.AddAsync(
            new NewSource { Url = $"https://orig.example/{Guid.NewGuid():n}", CategoryIds = [category.Id] }, TimeProvider.System.GetUtcNow(), cancellationToken);
        return new HubSite(server, source.Id);
    }

    /// <summary>Asks the hub, with the parameters of the Recommendation and whatever else a test says.</summary>
    public async Task<(HttpStatusCode Status, string Body, string? Type)> AskAsync(params (string Name, string Value)[] parameters)
    {
        using var content = new FormUrlEncodedContent(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        using var response = await Http.PostAsync(new Uri("hub", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    public Task<(HttpStatusCode Status, string Body, string? Type)> SubscribeAsync(string callback, string? topic = null, params (string Name, string Value)[] more) =>
        AskAsync([("hub.mode", "subscribe"), ("hub.topic", topic ?? Topic()), ("hub.callback", callback), .. more]);

    public Task<(HttpStatusCode Status, string Body, string? Type)> UnsubscribeAsync(string callback, string? topic = null) =>
        AskAsync(("hub.mode", "unsubscribe"), ("hub.topic", topic ?? Topic()), ("hub.callback", callback));

    /// <summary>Subscribes and waits until the hub has noted the callback's consent.</summary>
    public async Task SubscribeAndWaitAsync(TestSubscriber subscriber, string callback, CancellationToken cancellationToken, string? topic = null, params (string Name, string Value)[] more)
    {
        var (status, body, _) = await SubscribeAsync(callback, topic, more);
        if (status != HttpStatusCode.Accepted) throw new InvalidOperationException($"{(int)status}: {body}");
        await NotedAsync(subscriber, cancellationToken);
    }

    /// <summary>Waits until no request waits for its verification.</summary>
    public Task NotedAsync(TestSubscriber subscriber, CancellationToken cancellationToken) =>
        subscriber.UntilAsync(() => Subscribers.CountAsync(cancellationToken).GetAwaiter().GetResult().Waiting == 0, "every request is verified", cancellationToken);

    /// <summary>Stores new entries of the source, as a refresh does.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken, params string[] titles)
    {
        var now = TimeProvider.System.GetUtcNow();
        var source = await _server.Sources.ClaimAsync(_source, "test", now, now.AddMinutes(1), cancellationToken)
            ?? throw new InvalidOperationException("Somebody else holds the lease.");
        var saved = await Services.GetRequiredService<IRefreshStore>().SaveAsync(
            new RefreshWrite
            {
                Source = source with { LastFetchAt = now, NextFetchAt = now.AddDays(1) },
                LeaseOwner = "test",
                At = now,
                Added = [.. titles.Select(title => EntryOf(title, title))],
            },
            cancellationToken);
        if (!saved) throw new InvalidOperationException("The lease was lost.");
    }

    /// <summary>Stores another version of an entry.</summary>
    public async Task EditAsync(string title, string newTitle, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var source = await _server.Sources.ClaimAsync(_source, "test", now, now.AddMinutes(1), cancellationToken)
            ?? throw new InvalidOperationException("Somebody else holds the lease.");
        var refreshes = Services.GetRequiredService<IRefreshStore>();
        var known = (await refreshes.FindKnownAsync(_source, [title], [], cancellationToken)).Single();
        await refreshes.SaveAsync(
            new RefreshWrite { Source = source with { LastFetchAt = now, NextFetchAt = now.AddDays(1) }, LeaseOwner = "test", At = now, Changed = [new(known.Id, EntryOf(title, newTitle))] },
            cancellationToken);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Entry EntryOf(string key, string title) => new()
    {
        Key = key,
        Guid = key,
        Url = "https://orig.example/" + Uri.EscapeDataString(key),
        Title = title,
        Content = $"<p>{title} 正文</p>",
        Language = "zh",
        ContentHash = Encoding.UTF8.GetBytes(title),
    };
}
