using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Publish;
using Aggregator.Server.Selections;
using Aggregator.Server.Tests.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Rights;

/// <summary>
/// Walks every public address of a site on which one source is marked, in its title, its summary, its tags, the addresses of its picture and its
/// file, and all over its body, and looks which marks come out at each level. An endpoint that is new, and is neither walked nor said to hold
/// nothing of entries, fails.
/// </summary>
public sealed class RightsWalkTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Original = "https://marked.example/2026/basin.html";
    private const string Courier = "Marked Courier", Title = "MARKTITLE", Summary = "MARKSUMMARY", Tag = "MARKTAG", Image = "MARKIMAGE", File = "MARKFILE", Body = "MARKBODY";

    private static readonly string[] Marks = [Courier, Title, Summary, Tag, Image, File, Body];

    // The words that searches look for stand beside the marks: a page of results says again what was looked for.
    private static readonly string[] Searched = ["dredgers", "lighthouse", "quokka", "plaice"];

    /// <summary>Routes that say nothing of any entry.</summary>
    private static readonly string[] WithoutEntries =
    [
        "/bot", "/about", "/opensearch.xml", "/robots.txt", "/feed.css", "/healthz", "/readyz", "/metrics", "/embed", "/hub", "/setup", "/sign-in",
        "/takedown/received", "/proof/latest.json", "/openapi/{documentName}.json", "/websub/{token:length(32)}", "/hangfire/{**path}", "/hangfire",
        "/sitemap.xml", "/sitemap-lists.xml",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IServiceProvider Services => server.Services;

    [Fact]
    public async Task No_address_shows_more_than_a_level_allows()
    {
        var site = await FillAsync();
        EveryRouteIsWalked(site);
        (string Level, string[] Allowed)[] levels =
        [
            ("full", Marks),
            ("summary", [Courier, Title, Summary, Tag, Image, File]),
            ("title", [Courier, Title]),
            ("nothing", []),
            ("full", Marks),
        ];
        foreach (var (level, allowed) in levels)
        {
            await SetAsync(site.SourceId, level);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var address in site.Addresses.SelectMany(route => route.Value))
            {
                var (status, text) = await ReadAsync(address, cookie: address is "/subscriptions" or "/subscriptions/picks" ? $"{SelectionCookie.Name}=1.{site.Token}" : "");
                Assert.True((int)status < 500, $"{address} answers {(int)status}.");
                foreach (var mark in Marks.Where(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)))
                {
                    Assert.True(allowed.Contains(mark), $"At the level {level}, {address} shows {mark}: {Around(text, mark)}");
                    seen.Add(mark);
                }
            }

            foreach (var document in await PushedAsync(site))
                foreach (var mark in Marks.Where(mark => document.Contains(mark, StringComparison.Ordinal)))
                    Assert.True(allowed.Contains(mark), $"At the level {level}, a push shows {mark}.");
            Assert.Equal(allowed.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
            await IsCalmAsync(site, level);
        }
    }

    private static string Around(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)];
    }

    private async Task IsCalmAsync(Site site, string level)
    {
        var (article, page) = await ReadAsync(site.Article);
        Assert.Equal(level == "nothing" ? HttpStatusCode.NotFound : HttpStatusCode.OK, article);
        if (level == "nothing") Assert.Contains("does not allow it to be shown", page, StringComparison.Ordinal);

        // The hash stays where it always was, and so does the proof.
        var hash = Convert.ToHexStringLower(site.Sha256);
        if (level != "nothing") Assert.Contains(hash, page, StringComparison.Ordinal);
        var (snapshot, told) = await ReadAsync(site.Snapshot + ".json");
        Assert.Equal(level == "full" ? HttpStatusCode.OK : HttpStatusCode.NotFound, snapshot);
        if (level is "summary" or "title") Assert.Contains(hash, told, StringComparison.Ordinal);
        if (level == "nothing")
            foreach (var said in new[] { "X-Content-Type-Options: nosniff", "Cache-Control: no-store", "\"error\":\"The publisher of this article does not allow it to be shown here.\"" })
                Assert.Contains(said, told, StringComparison.Ordinal);
        var (map, _) = await ReadAsync(string.Create(CultureInfo.InvariantCulture, $"/timemap/{site.EntryId}"));
        Assert.Equal(level == "full" ? HttpStatusCode.OK : HttpStatusCode.NotFound, map);
        var (list, sources) = await ReadAsync("/sources");
        Assert.Equal((HttpStatusCode.OK, level != "nothing"), (list, sources.Contains(Courier, StringComparison.Ordinal)));

        // An admin's program still sees all of it, and a key for reading does not.
        var stored = string.Create(CultureInfo.InvariantCulture, $"/api/v1/entries/{site.EntryId}?stored=true");
        Assert.Contains(Body, (await ReadAsync(stored, "admin")).Text, StringComparison.Ordinal);
        Assert.Contains($"\"republished\":\"{level}\"", (await ReadAsync(stored, "admin")).Text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ReadAsync(stored, "read")).Status);
    }

    private void EveryRouteIsWalked(Site site)
    {
        var forgotten = new List<string>();
        var assets = Services.GetRequiredService<SiteAssets>().Names.Select(name => "/" + name).ToHashSet(StringComparer.Ordinal);
        foreach (var endpoint in Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (methods is { Count: > 0 } && !methods.Contains("GET")) continue;
            if (assets.Contains(route) || WithoutEntries.Contains(route) || (route.StartsWith("/api/", StringComparison.Ordinal) && !route.StartsWith("/api/v1/entries", StringComparison.Ordinal))) continue;
            if (!site.Addresses.ContainsKey(route)) forgotten.Add(route);
        }

        Assert.True(forgotten.Count == 0, $"Neither walked nor said to hold nothing of entries: {string.Join(", ", forgotten)}");
    }

    // What the hub pushes is written by the feeds' renderer; here from what is stored, which a push never gets.
    private async Task<List<string>> PushedAsync(Site site)
    {
        var entry = await Services.GetRequiredService<IEntryArchive>().FindAsync(site.EntryId, Ct);
        var topic = await Services.GetRequiredService<TopicDirectory>().FindAsync(TopicName.Category("marked"), Ct);
        var documents = new List<string>();
        foreach (var format in FeedFormats.OfEntries)
            if (await Services.GetRequiredService<FeedRenderer>().RenderPartAsync(topic!, format, [entry!], new HashSet<long>(), Ct) is { } document)
                documents.Add(Encoding.UTF8.GetString(document));
        return documents;
    }

    private async Task SetAsync(long sourceId, string level)
    {
        using var answer = await server.SendAsync(
            "PATCH", string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{sourceId}/settings"), "admin",
            new StringContent($$"""{"republish":"{{level}}"}""", Encoding.UTF8, "application/merge-patch+json"), ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string Text)> ReadAsync(string address, string? key = null, string cookie = "")
    {
        key ??= address.StartsWith("/api/", StringComparison.Ordinal) ? "read" : null;
        using var answer = await server.SendAsync("GET", address, key, null, ("Accept-Language", "en"), ("Cookie", cookie));
        var headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key + ": " + string.Join(", ", header.Value)));
        return (answer.StatusCode, headers + "\n" + await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task<Site> FillAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var category = await Services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = "marked", Title = "Marked", Language = "en" }, Ct);
        const string Shared =
            "Dredging of the northern basin of the harbour begins on Monday after the council approved the budget of twelve million crowns. "
            + "Engineers expect the sediment barges to work through the winter and to leave the ferry channel open at all times. ";
        var marked = Marked(now, string.Concat(Enumerable.Repeat($"<p>{Shared} {Body} quokka.</p>", 8)));
        var source = await AddAsync("https://marked.example/feed", Courier, category.Id, now, marked);
        await ChangeAsync(source.SourceId, source.Ids[0], now.AddSeconds(5), Marked(now, string.Concat(Enumerable.Repeat($"<p>{Shared} {Body} quokka again.</p>", 9))));
        var other = await AddAsync(
            "https://other.example/feed", "Other Gazette", category.Id, now.AddSeconds(10),
            Plain("same", "Northern basin to be dredged", Original, now, string.Concat(Enumerable.Repeat($"<p>{Shared}</p>", 8))),
            Plain("next", "Sediment barges of the northern basin idle", "https://other.example/idle", now.AddMinutes(-30),
                "<p>The sediment barges of the northern basin lie idle: engineers of the harbour wait for the council, the dredging budget and the ferry channel.</p>"));
        var entryId = source.Ids[0];
        var story = await SettleAsync(entryId);
        var snapshots = await Services.GetRequiredService<ISnapshotStore>().ListLastAsync(entryId, 10, Ct);
        Assert.Equal(2, snapshots.Count);
        // Who follows everything that leads to the marked entry.
        var token = SelectionToken.Create();
        var selection = await Services.GetRequiredService<ISelectionStore>().AddAsync(token.Hash(), now, Ct);
        await Services.GetRequiredService<ISelectionStore>().FollowAsync(selection.Id, [Topic.Category(category.Id), Topic.Source(source.SourceId), Topic.Search("q=quokka")], max: 10, Ct);
        return new Site(source.SourceId, entryId, snapshots[0], token.Value, Addresses(source.SourceId, entryId, other.Ids, story, snapshots, token.Value));
    }

    private static Entry Marked(DateTimeOffset now, string content) => new()
    {
        Key = "marked",
        Url = Original,
        Title = $"{Title} dredgers begin in the northern basin",
        Summary = $"{Summary} beside the lighthouse.",
        Content = content,
        Tags = [Tag + " plaice"],
        ImageUrl = $"https://marked.example/{Image}.jpg",
        Enclosures = [new Enclosure($"https://marked.example/{File}.mp3", "audio/mpeg", 1)],
        Language = "en",
        PublishedAt = now.AddMinutes(-10),
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(content)),
    };

    private static Entry Plain(string key, string title, string url, DateTimeOffset at, string content) => new()
    {
        Key = key,
        Url = url,
        Title = title,
        Content = content,
        Language = "en",
        PublishedAt = at.AddMinutes(-9),
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
    };

    private async Task<(long SourceId, List<long> Ids)> AddAsync(string url, string title, long category, DateTimeOffset at, params Entry[] entries)
    {
        var sources = Services.GetRequiredService<ISourceStore>();
        var id = (await sources.AddAsync(new NewSource { Url = url, Title = title, State = SourceState.Paused, CategoryIds = [category] }, at, Ct)).Id;
        await SaveAsync(id, at, write => write with { Added = entries });
        var known = await Services.GetRequiredService<IRefreshStore>().FindKnownAsync(id, [.. entries.Select(entry => entry.Key)], [], Ct);
        return (id, [.. entries.Select(entry => known.Single(stored => stored.Key == entry.Key).Id)]);
    }

    private Task ChangeAsync(long sourceId, long entryId, DateTimeOffset at, Entry entry) => SaveAsync(sourceId, at, write => write with { Changed = [(entryId, entry)] });

    private async Task SaveAsync(long sourceId, DateTimeOffset at, Func<RefreshWrite, RefreshWrite> what)
    {
        var source = await Services.GetRequiredService<ISourceStore>().ClaimAsync(sourceId, "walk", at, at.AddMinutes(1), Ct);
        var write = new RefreshWrite
        {
            Source = source! with { LastFetchAt = at, LastChangeAt = at, NextFetchAt = at.AddDays(1), Feed = new FeedFacts { Title = source.Title } },
            LeaseOwner = "walk",
            At = at,
        };
        Assert.True(await Services.GetRequiredService<IRefreshStore>().SaveAsync(what(write), Ct));
    }

    /// <summary>Waits until everything is in the indexes, and the two that tell the same are one story.</summary>
    private async Task<long> SettleAsync(long entryId)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var tries = 0; tries < 100; tries++)
        {
            await Services.GetRequiredService<ISearchStore>().IndexAsync(ISearchStore.MaxBatch, now, Ct);
            await Services.GetRequiredService<IRelatedStore>().IndexAsync(IRelatedStore.MaxBatch, Ct);
            await Services.GetRequiredService<IStoryStore>().CompareAsync(IStoryStore.MaxBatch, now, Ct);
            if ((await Services.GetRequiredService<IStoryStore>().OfEntriesAsync([entryId], Ct)).TryGetValue(entryId, out var story)) return story.Id;
            await Task.Delay(100, Ct);
        }

        throw new TimeoutException("The marked entry came into no story.");
    }

    private Dictionary<string, string[]> Addresses(long sourceId, long entryId, List<long> others, long story, IReadOnlyList<Snapshot> snapshots, string token)
    {
        string[] formats = ["atom", "rss", "json", "opml"];
        var article = string.Create(CultureInfo.InvariantCulture, $"/articles/{entryId}");
        var stamps = snapshots.Select(snapshot => $"{article}/snapshots/{SnapshotStamp.Of(snapshot.CapturedAt)}").ToArray();
        var entries = others.Prepend(entryId).ToArray();
        return new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["/"] = ["/", At($"/?source={sourceId}"), "/?lang=en"],
            ["/categories/{slug}"] = ["/categories/marked", "/categories/marked?lang=en", At($"/categories/marked?source={sourceId}")],
            ["/categories/{slug}.{extension}"] =
            [
                .. formats.Select(format => "/categories/marked." + format), "/categories/marked.atom?stories=1", "/categories/marked.json?stories=1",
                "/categories/marked.atom?n=20", "/categories/marked.rss?content=summary", "/categories/marked.json?since=2020", "/categories/marked.atom?archive=1-2", "/categories/marked.json?archive=1-3",
            ],
            ["/all.{extension}"] = [.. formats.Select(format => "/all." + format), "/all.rss?stories=1"],
            ["/sources"] = ["/sources"],
            ["/sources/{id:long}"] = [At($"/sources/{sourceId}")],
            ["/sources/{id}.{extension}"] = [.. formats.Select(format => At($"/sources/{sourceId}.") + format)],
            ["/search"] = [.. Searched.Select(word => "/search?q=" + word), "/search?q=quokka&versions=1", "/search?q=" + Uri.EscapeDataString(Original)],
            ["/search.{extension}"] = [.. Searched.SelectMany(word => formats.SkipLast(1).Select(format => $"/search.{format}?q={word}"))],
            ["/articles/{id:long}"] = [.. entries.Select(id => At($"/articles/{id}"))],
            ["/articles/{id:long}/snapshots/{stamp}"] = stamps,
            ["/articles/{id:long:min(1)}/snapshots/{stamp}.json"] = [.. stamps.Select(stamp => stamp + ".json")],
            ["/articles/{id:long}/diff"] = [article + "/diff", article + "/diff?from=1&to=2"],
            ["/articles/{id:long}/diff.json"] = [article + "/diff.json", article + "/diff.json?from=1&to=2"],
            ["/timegate/{id:long}"] = [At($"/timegate/{entryId}")],
            ["/timegate/{**url}"] = ["/timegate/" + Original],
            ["/timemap/{id:long}"] = [At($"/timemap/{entryId}")],
            ["/timemap/{id:long}.json"] = [At($"/timemap/{entryId}.json")],
            ["/proof/{day}.json"] = [$"/proof/2026-01-01.json?snapshot={entryId.ToString(CultureInfo.InvariantCulture)}/{SnapshotStamp.Of(snapshots[0].CapturedAt)}"],
            ["/subscriptions"] = ["/subscriptions"],
            ["/subscriptions/picks"] = ["/subscriptions/picks"],
            ["/subscriptions/{token}"] = ["/subscriptions/" + token],
            ["/subscriptions/{token}.{extension}"] = [.. formats.Select(format => $"/subscriptions/{token}.{format}"), $"/subscriptions/{token}.atom?stories=1"],
            ["/stories/{id:long}"] = [At($"/stories/{story}"), .. entries.Select(id => At($"/stories/{story}?with={id}"))],
            ["/embed/{slug}"] = ["/embed/marked?layout=cards&images=1&excerpt=1&count=50", "/embed/marked?layout=list&excerpt=1"],
            ["/embed/{slug}.json"] = ["/embed/marked.json?images=1&excerpt=1&count=50"],
            ["/oembed"] = [.. entries.Select(id => "/oembed?url=" + Uri.EscapeDataString(server.Address + At($"articles/{id}")))],
            ["/sitemap-articles-{number:int}.xml"] = ["/sitemap-articles-0.xml"],
            ["/takedown"] = [At($"/takedown?article={entryId}")],
            ["/api/v1/entries"] = ["/api/v1/entries?limit=100", "/api/v1/entries?category=marked", At($"/api/v1/entries?source={sourceId}")],
            ["/api/v1/entries/{id:long}"] = [.. entries.Select(id => At($"/api/v1/entries/{id}"))],
        };

        static string At(FormattableString address) => address.ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Site(long SourceId, long EntryId, Snapshot Newest, string Token, Dictionary<string, string[]> Addresses)
    {
        public string Article => string.Create(CultureInfo.InvariantCulture, $"/articles/{EntryId}");

        public string Snapshot => $"{Article}/snapshots/{SnapshotStamp.Of(Newest.CapturedAt)}";

        public byte[] Sha256 => Newest.Sha256.ToArray();
    }
}
