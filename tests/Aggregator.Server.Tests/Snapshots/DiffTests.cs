using System.Net;
using System.Text.Json;
using Aggregator.Core.Snapshots;
using Aggregator.Server.Tests.Browse;
using AngleSharp.Html.Dom;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>What changed between two versions, as readers and programs see it.</summary>
public sealed class DiffTests : IAsyncLifetime
{
    private readonly List<Snapshot> _versions = [];
    private EditedArticle _article = null!;

    public async ValueTask InitializeAsync()
    {
        _article = await EditedArticle.StartAsync();
        var rest = string.Concat(Enumerable.Range(1, 6).Select(number => $"<p>第{number}段没有更改。</p>"));
        _versions.Add(await _article.PublishAsync("大桥今天封闭", "陈港生", $"<p>大桥今天封闭，预计三天。</p>{rest}<p>记者将继续关注。</p>"));
        _versions.Add(await _article.PublishAsync("大桥今天限行", "陈港生", $"<p>大桥今天限行，预计三天。</p>{rest}<p>The bridge stays open for buses.</p>"));
        _versions.Add(await _article.PublishAsync("大桥今天限行", "李晓", $"<p>大桥今天限行，预计三天。</p>{rest}<p>The bridge stays closed for buses.</p>"));
    }

    public ValueTask DisposeAsync() => _article.DisposeAsync();

    [Fact]
    public async Task Shows_what_went_and_what_came_and_folds_what_stayed()
    {
        using var browser = _article.Site.CreateBrowser("zh");

        var page = await browser.GetPageAsync($"{_article.Page}/diff?from=1&to=2");

        Assert.Equal("第 1 版与第 2 版的对比", page.TextOf("h1"));
        Assert.Equal("更改：标题、正文 · 删除 12 字，新增 31 字", page.TextOf(".summary"));
        Assert.Equal(["封闭"], Said(page, ".title del", "删除："));
        Assert.Equal(["限行"], Said(page, ".title ins", "新增："));
        Assert.Equal(["封闭", "记者将继续关注。"], Said(page, ".block del", "删除："));
        Assert.Equal("4 段未更改", page.TextOf("details summary"));
        Assert.Equal(4, page.QuerySelectorAll("details .block.same").Length);
        Assert.Equal(
            [$"{_article.Page}/snapshots/{SnapshotStamp.Of(_versions[0].CapturedAt)}", $"{_article.Page}/snapshots/{SnapshotStamp.Of(_versions[1].CapturedAt)}"],
            page.QuerySelectorAll(".diff header a").Select(link => link.GetAttribute("href")));
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
    }

    [Fact]
    public async Task Compares_the_newest_with_the_one_before_unless_asked_otherwise_and_says_so_in_English()
    {
        using var browser = _article.Site.CreateBrowser("en");

        var page = await browser.GetPageAsync($"{_article.Page}/diff");

        Assert.Equal("Changes between version 2 and version 3", page.TextOf("h1"));
        Assert.Equal(["open"], Said(page, ".block del", "Removed: "));
        Assert.Equal(["closed"], Said(page, ".block ins", "Added: "));
        Assert.StartsWith("Changed: authors, body", page.TextOf(".summary"), StringComparison.Ordinal);
        Assert.Contains("李晓", page.TextOf(".authors ins"), StringComparison.Ordinal);

        var all = await browser.GetPageAsync($"{_article.Page}/diff?from={SnapshotStamp.Of(_versions[0].CapturedAt)}");
        Assert.Equal("Changes between version 1 and version 3", all.TextOf("h1"));
        var turned = await browser.GetPageAsync($"{_article.Page}/diff?from=3&to=1");
        Assert.Equal("Changes between version 1 and version 3", turned.TextOf("h1"));
        var same = await browser.GetPageAsync($"{_article.Page}/diff?from=2&to=2");
        Assert.Equal("Title, authors and text are the same.", same.TextOf(".summary"));
    }

    [Fact]
    public async Task Compares_captures_with_captures()
    {
        var first = await _article.CaptureAsync("大桥今天限行", "<p>全文。</p>");
        await _article.PublishAsync("大桥又封闭", "李晓", "<p>又封闭。</p>");
        var second = await _article.CaptureAsync("大桥今天限行", "<p>全文，有改动。</p>");
        using var browser = _article.Site.CreateBrowser("en");

        var page = await browser.GetPageAsync($"{_article.Page}/diff");
        Assert.Equal($"Changes between version {first.Number} and version {second.Number}", page.TextOf("h1"));
        var mixed = await browser.GetPageAsync($"{_article.Page}/diff?from=1&to={first.Number}");
        Assert.Contains("differences need not be edits", mixed.TextOf(".diff header"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_programs_the_same_as_JSON_which_makes_both_texts()
    {
        using var http = new HttpClient { BaseAddress = _article.Site.Address };

        using var answer = await http.GetAsync($"{_article.Page}/diff.json?from=1&to=2");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var root = json.RootElement;
        Assert.Equal((1, 2), (root.GetProperty("from").GetProperty("version").GetInt32(), root.GetProperty("to").GetProperty("version").GetInt32()));
        Assert.Equal("大桥今天封闭", TextOf(root.GetProperty("title"), "+"));
        Assert.Equal("大桥今天限行", TextOf(root.GetProperty("title"), "-"));
        var body = root.GetProperty("body").EnumerateArray().Select(block => block.GetProperty("text")).ToList();
        Assert.Equal("大桥今天封闭，预计三天。|记者将继续关注。", string.Join('|', Changed(body, "+")));
        Assert.Equal("大桥今天限行，预计三天。|The bridge stays open for buses.", string.Join('|', Changed(body, "-")));
        Assert.Equal(JsonValueKind.True, root.GetProperty("changed").GetProperty("body").ValueKind);

        using var negotiated = new HttpRequestMessage(HttpMethod.Get, $"{_article.Page}/diff?from=1&to=2") { Headers = { { "Accept", "application/json" } } };
        using var same = await http.SendAsync(negotiated);
        Assert.Equal(await answer.Content.ReadAsStringAsync(), await same.Content.ReadAsStringAsync());
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{_article.Page}/diff.json?from=1&to=2");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await http.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("?from=0&to=1", HttpStatusCode.BadRequest)]
    [InlineData("?from=-1", HttpStatusCode.BadRequest)]
    [InlineData("?from=<script>", HttpStatusCode.BadRequest)]
    [InlineData("?to=99999999999999", HttpStatusCode.BadRequest)]
    [InlineData("?to=1'--", HttpStatusCode.BadRequest)]
    [InlineData("?to=%E2%91%A0", HttpStatusCode.BadRequest)]
    [InlineData("?from=1&to=9", HttpStatusCode.NotFound)]
    [InlineData("?to=1", HttpStatusCode.NotFound)]
    [InlineData("?to=20000101000000", HttpStatusCode.NotFound)]
    [InlineData("?from=&to=", HttpStatusCode.OK)]
    public async Task What_a_stranger_writes_is_answered_calmly(string query, HttpStatusCode status)
    {
        using var browser = _article.Site.CreateBrowser("en");
        var page = await browser.GetPageAsync($"{_article.Page}/diff{query}", status);
        if (status != HttpStatusCode.OK)
            Assert.Contains(status == HttpStatusCode.BadRequest ? "such as 20260131120000" : "no other version to compare", page.TextOf(".status"), StringComparison.Ordinal);

        using var json = await browser.GetAsync($"{_article.Page}/diff.json{query}");
        Assert.Equal(status, json.StatusCode);
        Assert.Equal("application/json", json.Content.Headers.ContentType!.MediaType);
    }

    private static IEnumerable<string> Changed(List<JsonElement> blocks, string without) =>
        blocks.Where(block => block.EnumerateArray().Any(segment => segment[0].GetString() != "=")).Select(block => TextOf(block, without)).Where(text => text.Length > 0);

    private static string TextOf(JsonElement segments, string without) =>
        string.Concat(segments.EnumerateArray().Where(segment => segment[0].GetString() != without).Select(segment => segment[1].GetString()));

    private static IEnumerable<string> Said(IHtmlDocument page, string selector, string mark) =>
        page.QuerySelectorAll(selector).Select(element =>
        {
            Assert.StartsWith(mark, element.TextContent, StringComparison.Ordinal);
            return element.TextContent[mark.Length..];
        });
}
