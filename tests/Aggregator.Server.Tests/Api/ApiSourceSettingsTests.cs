using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Api;

public sealed class ApiSourceSettingsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Everything = """
        {"title":"Harbour news","state":"paused","categories":["world"],"zone":"Asia/Shanghai","language":"zh-Hans","minIntervalMinutes":30,"maxIntervalMinutes":120.5,"republish":"summary","publisherAgrees":true,
         "capture":{"mode":"whenShort","shortBelow":80,"keep":["article"],"remove":[".ad"]},
         "request":{"headers":{"X-Key":"k3y-s3cret"},"cookies":"a=c00kie","userName":"reader","password":"hunter2secret","userAgent":"Harbour/1.0","proxy":"http://proxy.example:3128","pinnedCertificate":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","charset":"gb18030"}}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ISourceStore Sources => server.Services.GetRequiredService<ISourceStore>();

    [Fact]
    public async Task Sets_everything_leaves_what_is_absent_and_shows_no_secret()
    {
        var (id, tag) = await AddAsync("https://one.example/feed");
        using var changed = await PatchAsync(id, Everything, tag);
        var text = await changed.Content.ReadAsStringAsync(Ct);
        Assert.True(changed.StatusCode == HttpStatusCode.OK, text);
        foreach (var secret in new[] { "k3y-s3cret", "c00kie", "hunter2secret" }) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);

        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(("Harbour news", SourceState.Paused, "Asia/Shanghai", "zh-Hans"), (source.Title, source.State, source.DefaultZone, source.DefaultLanguage));
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(120.5)), (source.MinInterval!.Value, source.MaxInterval!.Value));
        Assert.Equal(new CapturePolicy { Mode = CaptureMode.WhenShort, ShortBelow = 80, Keep = ["article"], Remove = [".ad"] }, source.Capture);
        Assert.Equal((RepublishLevel.Summary, true), (source.Republish, source.PublisherAgrees));
        var fetch = source.FetchSettings!;
        Assert.Equal(("k3y-s3cret", "a=c00kie", "reader", "hunter2secret"), (Assert.Single(fetch.Headers).Value, fetch.Cookies, fetch.UserName, fetch.Password));
        Assert.Equal(("Harbour/1.0", "http://proxy.example:3128", "gb18030", 64), (fetch.UserAgent, fetch.Proxy, fetch.Charset, fetch.PinnedCertificate!.Length));

        // What was answered can be sent back as far as it names settings, and a part changes a part.
        using var part = await PatchAsync(id, """{"title":null,"request":{"charset":null,"headers":{"x-key":null,"X-Other":"2"}},"capture":null,"state":"active"}""", changed.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, part.StatusCode);
        source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((RepublishLevel.Summary, true), (source.Republish, source.PublisherAgrees));
        Assert.Equal((null, SourceState.Active, CapturePolicy.Off, "Asia/Shanghai"), (source.Title, source.State, source.Capture, source.DefaultZone));
        Assert.Equal((null, "X-Other", "hunter2secret"), (source.FetchSettings!.Charset, Assert.Single(source.FetchSettings.Headers).Name, source.FetchSettings.Password));

        // Another origin starts without the secrets of the old one.
        using var moved = await PatchAsync(id, """{"url":"https://elsewhere.example/feed"}""", "*");
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(("https://elsewhere.example/feed", null, null, 0), (source.Url, source.FetchSettings!.Password, source.FetchSettings.UserName, source.FetchSettings.Headers.Count));

        var told = await server.Services.GetRequiredService<IAuditStore>().ListAsync($"source:{id}", null, 10, Ct);
        Assert.Equal(["source.edit", "source.edit", "source.edit", "source.add"], told.Select(record => record.Change.Action));
        Assert.All(told, record => Assert.Equal("anna (key: admin)", record.Change.Actor));
        Assert.All(told, record => Assert.DoesNotContain("hunter2secret", record.Change.Before + record.Change.After, StringComparison.Ordinal));
        Assert.Contains("\"capture\":{\"mode\":\"whenShort\"", told[2].Change.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_for_the_state_that_was_seen_and_of_many_at_once_one_is_made()
    {
        var (id, tag) = await AddAsync("https://two.example/feed");
        using var blind = await PatchAsync(id, """{"title":"a"}""", tag: null);
        Assert.Equal(HttpStatusCode.PreconditionRequired, blind.StatusCode);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => PatchAsync(id, $$"""{"title":"number {{number}}"}""", tag)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        var told = await server.Services.GetRequiredService<IAuditStore>().ListAsync($"source:{id}", null, 20, Ct);
        Assert.Single(told, record => record.Change.Action == "source.edit");
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory]
    [InlineData("""[]""", "body")]
    [InlineData("""{"colour":"blue"}""", "colour")]
    [InlineData("""{"title":7}""", "title")]
    [InlineData("""{"title":"\u0000"}""", "title")]
    [InlineData("""{"url":null}""", "url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "url")]
    [InlineData("""{"url":"http://127.0.0.1:5432/"}""", "url")]
    [InlineData("""{"url":"http://[::1]/"}""", "url")]
    [InlineData("""{"url":"http://169.254.169.254/latest/meta-data/"}""", "url")]
    [InlineData("""{"url":"javascript:alert(1)"}""", "url")]
    [InlineData("""{"republish":"everything"}""", "republish")]
    [InlineData("""{"republish":3}""", "republish")]
    [InlineData("""{"publisherAgrees":"yes"}""", "publisherAgrees")]
    [InlineData("""{"state":"gone"}""", "state")]
    [InlineData("""{"state":4}""", "state")]
    [InlineData("""{"categories":["none"]}""", "categories")]
    [InlineData("""{"categories":"world"}""", "categories")]
    [InlineData("""{"zone":"Mars/Olympus"}""", "zone")]
    [InlineData("""{"language":"<script>"}""", "language")]
    [InlineData("""{"minIntervalMinutes":-1}""", "minIntervalMinutes")]
    [InlineData("""{"maxIntervalMinutes":1e300}""", "maxIntervalMinutes")]
    [InlineData("""{"minIntervalMinutes":60,"maxIntervalMinutes":30}""", "minIntervalMinutes")]
    [InlineData("""{"capture":{"mode":"sometimes"}}""", "capture.mode")]
    [InlineData("""{"capture":{"keep":["a["]}}""", "capture")]
    [InlineData("""{"capture":{"size":1}}""", "capture.size")]
    [InlineData("""{"request":{"headers":{"Host":"evil.example"}}}""", "request")]
    [InlineData("""{"request":{"headers":["X-Key"]}}""", "request.headers")]
    [InlineData("""{"request":{"hasPassword":true}}""", "request.hasPassword")]
    [InlineData("""{"request":{"password":"x"}}""", "request")]
    [InlineData("""{"request":{"cookies":"a\r\nX: y"}}""", "request")]
    [InlineData("""{"request":{"charset":"klingon"}}""", "request")]
    public async Task What_cannot_be_used_is_named_by_its_field_and_changes_nothing(string patch, string field)
    {
        var before = await SettingsAsync(1);
        using var answer = await PatchAsync(1, patch, before.Tag);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        var error = Assert.Single(problem.RootElement.GetProperty("errors").EnumerateObject());
        Assert.Equal((field, 1), (error.Name, error.Value.GetArrayLength()));
        Assert.Equal(before, await SettingsAsync(1));
    }

    [Theory]
    [InlineData("""{"title":"\ud800"}""", "title")]
    [InlineData("""{"state":"\ud800"}""", "state")]
    [InlineData("""{"url":"https://a.example/\udc00"}""", "url")]
    [InlineData("""{"categories":["world","\udfff x"]}""", "categories")]
    [InlineData("""{"request":{"headers":{"X-Key":"\ud83d"}}}""", "request.headers.X-Key")]
    [InlineData("""{"request":{"\ud800":1}}""", "request")]
    [InlineData("""{"\ud800":1}""", "body")]
    public async Task Half_a_character_is_no_text_and_is_named_by_its_field(string patch, string field)
    {
        var before = await SettingsAsync(1);
        using var answer = await PatchAsync(1, patch, before.Tag);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(field, Assert.Single(problem.RootElement.GetProperty("errors").EnumerateObject()).Name);
        Assert.Equal(before, await SettingsAsync(1));
    }

    [Fact]
    public async Task A_masked_proxy_that_comes_back_is_the_one_that_is_set()
    {
        var (id, _) = await AddAsync("https://proxied.example/feed");
        using var set = await PatchAsync(id, """{"request":{"proxy":"http://who:s3cr3t@proxy.example:3128"}}""", "*");
        using var shown = JsonDocument.Parse(await set.Content.ReadAsStringAsync(Ct));
        var masked = shown.RootElement.GetProperty("request").GetProperty("proxy").GetString()!;
        Assert.Equal("http://who:…@proxy.example:3128", masked);

        using var back = await PatchAsync(id, JsonSerializer.Serialize(new { title = "kept", request = new { proxy = masked } }), "*");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        using var changed = await PatchAsync(id, """{"request":{"proxy":"http://who:…@other.example:3128"}}""", "*");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, changed.StatusCode);
        Assert.Contains("\"request.proxy\":[\"It holds the dots", await changed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(("kept", "http://who:s3cr3t@proxy.example:3128"), (source.Title, source.FetchSettings!.Proxy));
    }

    [Fact]
    public async Task An_interval_comes_back_to_the_millisecond()
    {
        var (id, _) = await AddAsync("https://often.example/feed");
        using var set = await PatchAsync(id, """{"minIntervalMinutes":0.16666666666666666,"maxIntervalMinutes":1.5}""", "*");
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        using var shown = JsonDocument.Parse(await set.Content.ReadAsStringAsync(Ct));
        using var back = await PatchAsync(id, $$"""{"minIntervalMinutes":{{shown.RootElement.GetProperty("minIntervalMinutes").GetRawText()}}}""", "*");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(90)), (source.MinInterval!.Value, source.MaxInterval!.Value));
    }

    [Fact]
    public async Task Adds_a_source_once_and_deletes_it()
    {
        var (id, _) = await AddAsync("https://three.example/feed");
        using var twice = await server.SendAsync("POST", "/api/v1/sources", content: JsonContent.Create(new { url = "https://three.example/feed" }));
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        using var alike = await server.SendAsync("POST", "/api/v1/sources", content: JsonContent.Create(new { url = "http://www.three.example/feed/" }));
        Assert.Equal(HttpStatusCode.Conflict, alike.StatusCode);
        foreach (var (body, field) in new (object, string)[] { (new { url = "file:///etc/passwd" }, "url"), (new { url = "http://10.0.0.1/" }, "url"), (new { }, "url"), (new { url = "https://four.example/", category = "none" }, "category") })
        {
            using var refused = await server.SendAsync("POST", "/api/v1/sources", content: JsonContent.Create(body));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains($"\"{field}\":[", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        using var deleted = await server.SendAsync("DELETE", $"/api/v1/sources/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var (method, path) in new[] { ("DELETE", ""), ("GET", "/settings"), ("GET", "/rules") })
        {
            using var gone = await server.SendAsync(method, $"/api/v1/sources/{id}{path}");
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    private async Task<(long Id, string Tag)> AddAsync(string url)
    {
        using var added = await server.SendAsync("POST", "/api/v1/sources", content: JsonContent.Create(new { url, category = "world" }));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        using var document = JsonDocument.Parse(await added.Content.ReadAsStringAsync(Ct));
        var id = document.RootElement.GetProperty("id").GetInt64();
        Assert.EndsWith($"/sources/{id}", added.Headers.Location!.OriginalString, StringComparison.Ordinal);
        return (id, (await SettingsAsync(id)).Tag);
    }

    private async Task<(string Text, string Tag)> SettingsAsync(long id)
    {
        using var answer = await server.SendAsync("GET", $"/api/v1/sources/{id}/settings", "admin");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(Ct), answer.Headers.ETag!.ToString());
    }

    private Task<HttpResponseMessage> PatchAsync(long id, string patch, string? tag) => server.SendAsync(
        "PATCH", $"/api/v1/sources/{id}/settings", "admin", new StringContent(patch, Encoding.UTF8, "application/merge-patch+json"), tag is null ? [] : [("If-Match", tag)]);
}
