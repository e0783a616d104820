using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>An article is published, edited, edited again and reverted; programs find every state of it.</summary>
public sealed class MementoTests(MementoStory story) : IClassFixture<MementoStory>
{
    private readonly EditedArticle _article = story.Article;
    private readonly IReadOnlyList<Snapshot> _versions = story.Versions;
    private readonly HttpClient _http = story.Http;
    private readonly MementoClient _client = new(story.Http);

    private string TimeGate => string.Create(CultureInfo.InvariantCulture, $"/timegate/{_article.Id}");

    private string TimeMap => string.Create(CultureInfo.InvariantCulture, $"/timemap/{_article.Id}");

    [Fact]
    public void A_version_is_kept_for_every_change_and_for_nothing_else()
    {
        Assert.Equal([1, 2, 3, 4], _versions.Select(version => version.Number));
        Assert.Equal(MementoStory.Titles, _versions.Select(version => version.Title));
        Assert.Equal(
            [SnapshotChanges.None, SnapshotChanges.Title | SnapshotChanges.Body, SnapshotChanges.Title | SnapshotChanges.Body, SnapshotChanges.Title | SnapshotChanges.Body],
            _versions.Select(version => version.Changes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_finds_the_state_of_any_time(bool byOriginal)
    {
        var gate = byOriginal ? "/timegate/" + EditedArticle.Original : TimeGate;
        await FindsAsync(1, DateTimeOffset.UnixEpoch);
        await FindsAsync(1, _versions[0].CapturedAt.AddSeconds(-1));
        for (var i = 0; i < _versions.Count; i++)
        {
            await FindsAsync(i + 1, _versions[i].CapturedAt);
            await FindsAsync(i + 1, _versions[i].CapturedAt.AddMinutes(30));
            if (i > 0) await FindsAsync(i, _versions[i].CapturedAt.AddSeconds(-1));
        }

        await FindsAsync(4, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        await FindsAsync(4, null);

        async Task FindsAsync(int number, DateTimeOffset? at)
        {
            var memento = await _client.FindAsync(gate, at);
            var version = _versions[number - 1];
            Assert.Equal((version.CapturedAt.ToUnixTimeSeconds(), AddressOf(version)), (memento.At.ToUnixTimeSeconds(), memento.Address));
            Assert.Equal(EditedArticle.Original, memento.Original.AbsoluteUri);
            Assert.Contains($"<h1>{version.Title}</h1>", memento.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_walks_from_state_to_state()
    {
        var memento = await _client.GetAsync(AddressOf(_versions[0]));
        Assert.Null(memento.To("prev"));
        Assert.Null(memento.To("predecessor-version"));
        for (var i = 1; i < _versions.Count; i++)
        {
            Assert.Equal(AddressOf(_versions[i]), memento.To("next"));
            Assert.Equal(AddressOf(_versions[i]), memento.To("successor-version"));
            memento = await _client.GetAsync(memento.To("next")!);
            Assert.Equal(AddressOf(_versions[i - 1]), memento.To("prev"));
            Assert.Equal(AddressOf(_versions[i - 1]), memento.To("predecessor-version"));
            Assert.Equal((AddressOf(_versions[0]), AddressOf(_versions[3])), (memento.To("first"), memento.To("last")));
            Assert.Equal(memento.Address, memento.To("cite-as"));
        }

        Assert.Null(memento.To("next"));
        Assert.Equal(new Uri(_article.Site.Address, _article.Page), memento.To("latest-version"));
        Assert.Equal(new Uri(_article.Site.Address, TimeMap), memento.To("version-history"));
        Assert.Equal(["first", "prev", "last"], new[] { _versions[0], _versions[2], _versions[3] }
            .Select(version => memento.Links.Single(link => link.Is("memento") && link.Target == AddressOf(version)).Relations[0]));
    }

    [Fact]
    public async Task The_TimeMap_lists_all_states_as_links_and_as_JSON()
    {
        var links = await _client.ReadTimeMapAsync(TimeMap);

        var mementos = links.Where(link => link.Is("memento")).ToList();
        Assert.Equal(_versions.Select(AddressOf), mementos.Select(link => link.Target));
        Assert.Equal(_versions.Select(version => version.CapturedAt.ToString("r")), mementos.Select(link => link.Attributes["datetime"]));
        Assert.Equal(["first memento", "memento", "memento", "last memento"], mementos.Select(link => string.Join(' ', link.Relations)));
        Assert.Equal(EditedArticle.Original, links.Single(link => link.Is("original")).Target.AbsoluteUri);
        var self = links.Single(link => link.Is("self"));
        Assert.Equal((_versions[0].CapturedAt.ToString("r"), _versions[3].CapturedAt.ToString("r")), (self.Attributes["from"], self.Attributes["until"]));

        using var asked = new HttpRequestMessage(HttpMethod.Get, TimeMap) { Headers = { { "Accept", "application/json" } } };
        using var negotiated = await _http.SendAsync(asked);
        var json = await negotiated.Content.ReadAsStringAsync();
        Assert.Equal(await _http.GetStringAsync(TimeMap + ".json"), json);
        using var map = JsonDocument.Parse(json);
        var list = map.RootElement.GetProperty("mementos").GetProperty("list").EnumerateArray().ToList();
        Assert.Equal(_versions.Select(version => AddressOf(version).AbsoluteUri), list.Select(memento => memento.GetProperty("uri").GetString()));
        Assert.Equal(_versions.Select(version => Convert.ToHexStringLower(version.Sha256.Span)), list.Select(memento => memento.GetProperty("sha256").GetString()));
        Assert.Equal(["title", "body"], list[1].GetProperty("changes").EnumerateArray().Select(change => change.GetString()));
    }

    [Fact]
    public async Task The_document_that_was_hashed_is_a_memento_too()
    {
        for (var i = 0; i < _versions.Count; i++)
        {
            var memento = await _client.GetAsync(new Uri(AddressOf(_versions[i]).AbsoluteUri + ".json"));
            Assert.Equal((_versions[i].CapturedAt.ToUnixTimeSeconds(), EditedArticle.Original), (memento.At.ToUnixTimeSeconds(), memento.Original.AbsoluteUri));
            Assert.Equal(Convert.ToHexStringLower(_versions[i].Sha256.Span), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(memento.Body))));
            Assert.Equal((AddressOf(_versions[0]), AddressOf(_versions[3]), AddressOf(_versions[i])), (memento.To("first"), memento.To("last"), memento.To("cite-as")));
            Assert.Equal(i == 0 ? null : AddressOf(_versions[i - 1]), memento.To("prev"));
            Assert.Equal(i == 3 ? null : AddressOf(_versions[i + 1]), memento.To("next"));
            Assert.Equal(new Uri(_article.Site.Address, TimeMap), memento.To("version-history"));
        }
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Gone)]
    [InlineData(true, HttpStatusCode.UnavailableForLegalReasons)]
    public async Task The_original_of_an_article_that_was_taken_down_is_gone_however_its_address_is_written(bool isLegal, HttpStatusCode status)
    {
        await using var own = await MementoStory.StartAsync();
        var takedowns = own.Article.Site.Services.GetRequiredService<ITakedownStore>();
        var now = own.Article.Site.Clock.GetUtcNow();
        var filed = (TakedownFiling.Received)await takedowns.FileAsync(new NewTakedownRequest(own.Article.Id, TakedownReason.Privacy, "me", null), now, default);
        Assert.Equal(TakedownOutcome.Done, await takedowns.ApproveAsync(filed.RequestId, isLegal, null, "ann", TimeSpan.Zero, now, default));
        foreach (var purged in (int[])[0, 1])
        {
            Assert.Equal(purged, purged == 0 ? 0 : await takedowns.PurgeAsync(now, default));
            foreach (var written in (string[])[EditedArticle.Original, "http://news.example.org/2026/flood.html?id=7", "news.example.org/2026/flood.html?id=7&utm_source=x"])
            {
                using var program = await own.Http.GetAsync("/timegate/" + written);
                Assert.Equal(status, program.StatusCode);
                Assert.Contains("accept-datetime", string.Join(',', program.Headers.Vary), StringComparison.OrdinalIgnoreCase);
                Assert.Contains("taken down", await program.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Assert.Equal(isLegal, program.Headers.Contains("Link"));
            }
        }

        using var browser = own.Article.Site.CreateBrowser("en");
        using var page = await browser.GetAsync("/timegate/" + EditedArticle.Original);
        Assert.Equal((status, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.NotFound, (await own.Http.GetAsync("/timegate/https://news.example.org/2026/other.html")).StatusCode);
    }

    [Fact]
    public async Task A_client_reads_a_TimeMap_of_several_pages_to_its_end()
    {
        const int Many = 4_500;
        await using var own = await MementoStory.StartAsync();
        own.Multiply(Many);
        var client = new MementoClient(own.Http);

        // §5: a TimeMap may name others; who reads them all has all mementos, each once.
        var unread = new Queue<string>([TimeMap]);
        var read = new HashSet<string>(StringComparer.Ordinal) { new Uri(own.Article.Site.Address, TimeMap).AbsoluteUri };
        var mementos = new List<Link>();
        while (unread.TryDequeue(out var address))
        {
            var links = await client.ReadTimeMapAsync(address);
            var page = links.Where(link => link.Is("memento")).ToList();
            Assert.InRange(page.Count, 1, ISnapshotStore.MaxListed);
            var self = links.Single(link => link.Is("self"));
            Assert.Equal((page[0].Attributes["datetime"], page[^1].Attributes["datetime"]), (self.Attributes["from"], self.Attributes["until"]));
            mementos.AddRange(page);
            foreach (var other in links.Where(link => link.Is("timemap")))
            {
                Assert.Equal("application/link-format", other.Attributes["type"]);
                if (read.Add(other.Target.AbsoluteUri)) unread.Enqueue(other.Target.PathAndQuery);
            }
        }

        Assert.Equal((3, Many, Many), (read.Count, mementos.Count, mementos.DistinctBy(link => link.Target).Count()));
        var times = mementos.Select(link => MementoClient.Date(link.Attributes["datetime"])).ToList();
        Assert.Equal(times.Order(), times);
        Assert.True(mementos[0].Is("first") && mementos[^1].Is("last"));
        Assert.Equal(2, mementos.Count(link => link.Is("first") || link.Is("last")));

        var wanted = mementos[3_210];
        Assert.Equal(wanted.Target, (await client.FindAsync(TimeGate, times[3_210].AddSeconds(20))).Address);

        var inJson = 0;
        for (var next = TimeMap + ".json"; next is not null;)
        {
            using var map = JsonDocument.Parse(await own.Http.GetStringAsync(next));
            inJson += map.RootElement.GetProperty("mementos").GetProperty("list").GetArrayLength();
            next = map.RootElement.TryGetProperty("next_timemap_uri", out var uri) ? uri.GetString() : null;
        }

        Assert.Equal(Many, inJson);
    }

    [Fact]
    public async Task The_article_itself_shows_the_way()
    {
        using var answer = await _http.GetAsync(_article.Page);
        var links = MementoClient.LinksOf(answer);
        Assert.False(answer.Headers.Contains("Memento-Datetime"));
        Assert.Equal(EditedArticle.Original, links.Single(link => link.Is("original")).Target.AbsoluteUri);
        Assert.Equal(new Uri(_article.Site.Address, TimeGate), links.Single(link => link.Is("timegate")).Target);
        Assert.Equal(new Uri(_article.Site.Address, TimeMap), links.Single(link => link.Is("timemap")).Target);
        Assert.Equal(AddressOf(_versions[3]), links.Single(link => link.Is("cite-as")).Target);
        Assert.Equal(AddressOf(_versions[3]), links.Single(link => link.Is("last")).Target);
    }

    [Theory]
    [InlineData("https://news.example.org/2026/flood.html?id=7&utm_campaign=x")]
    [InlineData("http://news.example.org/2026/flood.html?id=7")]
    [InlineData("https://www.news.example.org/2026/flood.html?id=7")]
    [InlineData("news.example.org/2026/flood.html?id=7")]
    [InlineData("https:/news.example.org/2026/flood.html?id=7")]
    [InlineData("https%3A%2F%2Fnews.example.org%2F2026%2Fflood.html%3Fid%3D7")]
    [InlineData("HTTPS://News.Example.ORG/2026/flood.html?id=7")]
    public async Task An_original_is_found_however_its_address_is_written(string written)
    {
        var memento = await _client.FindAsync("/timegate/" + written, _versions[1].CapturedAt);
        Assert.Equal(AddressOf(_versions[1]), memento.Address);
    }

    [Fact]
    public async Task Snapshots_of_two_sources_are_snapshots_of_one_original()
    {
        await using var own = await MementoStory.StartAsync();
        var client = new MementoClient(own.Http);
        var other = await own.Article.AddOtherSourceAsync();
        var copy = (await own.Article.Snapshots.FindAsync(other, 1, default))!;

        var old = await client.FindAsync("/timegate/" + EditedArticle.Original, own.Versions[2].CapturedAt);
        var newest = await client.FindAsync("/timegate/" + EditedArticle.Original, null);
        var first = await client.FindAsync("/timegate/" + EditedArticle.Original, DateTimeOffset.UnixEpoch);

        Assert.Equal(own.AddressOf(own.Versions[2]), old.Address);
        Assert.Equal(own.AddressOf(copy), newest.Address);
        Assert.Equal(own.AddressOf(own.Versions[0]), first.Address);
    }

    [Fact]
    public async Task Nobody_is_sent_to_a_text_that_is_no_longer_kept()
    {
        await using var own = await MementoStory.StartAsync();
        var client = new MementoClient(own.Http);
        own.LetGo(own.Versions[1], own.Versions[3]);

        Assert.Equal(own.AddressOf(own.Versions[0]), (await client.FindAsync(TimeGate, own.Versions[1].CapturedAt)).Address);
        var last = await client.FindAsync(TimeGate, null);
        Assert.Equal(own.AddressOf(own.Versions[2]), last.Address);
        Assert.Equal((own.AddressOf(own.Versions[0]), own.AddressOf(own.Versions[2]), null), (last.To("prev"), last.To("last"), last.To("next")));
        Assert.Equal(2, (await client.ReadTimeMapAsync(TimeMap)).Count(link => link.Is("memento")));

        own.LetGo([.. own.Versions]);
        Assert.Equal(HttpStatusCode.NotFound, (await own.Http.GetAsync(TimeGate)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await own.Http.GetAsync(TimeMap)).StatusCode);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("Mon, 01 Jan 2026 00:00:00 GMT")]
    [InlineData("Thu, 01 Jan 2026 00:00:00 +0800")]
    [InlineData("Thu, 32 Jan 2026 00:00:00 GMT")]
    [InlineData("")]
    public async Task A_time_that_is_none_is_refused_in_a_sentence(string time)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, TimeGate);
        question.Headers.TryAddWithoutValidation("Accept-Datetime", time);
        using var answer = await _http.SendAsync(question);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("accept-datetime", string.Join(',', answer.Headers.Vary), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("GMT", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/timegate/999999", HttpStatusCode.NotFound)]
    [InlineData("/timegate/99999999999999999999", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/-1", HttpStatusCode.NotFound)]
    [InlineData("/timegate/", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/nothing", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/https://", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/javascript:alert(1)", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/ftp://news.example.org/a", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/file:///etc/passwd", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/user@news.example.org/a", HttpStatusCode.BadRequest)]
    [InlineData("/timegate/https://news.example.org/unknown", HttpStatusCode.NotFound)]
    [InlineData("/timegate/https://news.example.org/%0d%0aSet-Cookie:x=1", HttpStatusCode.NotFound)]
    [InlineData("/timegate/https://%E4%BE%8B%E5%AD%90.example/%E6%96%87", HttpStatusCode.NotFound)]
    [InlineData("/timemap/999999", HttpStatusCode.NotFound)]
    [InlineData("/timemap/x", HttpStatusCode.NotFound)]
    [InlineData("/timemap/1?after=x", HttpStatusCode.BadRequest)]
    [InlineData("/timemap/1?after=-5", HttpStatusCode.OK)]
    [InlineData("/timemap/1?after=9", HttpStatusCode.NotFound)]
    public async Task What_a_stranger_writes_is_answered_calmly(string address, HttpStatusCode status)
    {
        using var answer = await _http.GetAsync(address);
        Assert.Equal(status, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task An_address_longer_than_any_that_is_stored_is_refused()
    {
        using var answer = await _http.GetAsync("/timegate/https://news.example.org/" + new string('a', 5000));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private Uri AddressOf(Snapshot snapshot) => story.AddressOf(snapshot);
}
