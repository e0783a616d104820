using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Api;
using Aggregator.Server.Tests.Testing;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>
/// What attackers send, to the dashboard as a signed-in admin and to the API with a key that may do everything: each gets a refusal that
/// says why, nothing of it comes back as markup, and afterwards every row of the store is what it was.
/// </summary>
public sealed class HostileInputTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Script = "<script>alert(1)</script>";
    private const string Sentence = "four lamps on the quay";
    private const long TwoHundredMegabytes = 200L * 1024 * 1024;

    private static readonly string[] NoAddresses = ["file:///etc/passwd", "javascript:alert(1)", "data:text/html," + Script, "gopher://example.org/", "http://", "catalogue:samples/yunxi-news.xml", Script];

    private static readonly string[] PrivateAddresses =
    [
        "http://127.0.0.1:5432/", "http://localhost/feed", "http://10.0.0.1/", "http://192.168.1.1:8080/rss", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[fd00::1]/feed",
        "http://[::ffff:10.0.0.1]/", "http://0x7f.1/", "http://2130706433/",
    ];

    private static readonly (string Rules, string Says)[] BadRules =
    [
        ("title contains \"" + Script, "quotation mark is never closed"), (Script, "Line 1"), ("title matches \"(a+)+\\1\" then drop", "regular expression cannot be used"),
        ("title contains \"x\" then category \"nowhere\"", "no category"), (new string('(', 100), "nest at most"), ("#" + new string('x', 20_000), "at most 16384"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_API_refuses_each_with_its_field_and_changes_nothing()
    {
        var before = await StoreContents.ReadAtRestAsync(server.StoreFile, Ct);
        foreach (var address in NoAddresses.Concat(PrivateAddresses).Append("https://example.org/" + new string('a', 2_100)))
        {
            await RefusedAsync("POST", "/api/v1/sources", new { url = address }, 422, "url");
            await RefusedAsync("PATCH", "/api/v1/sources/1/settings", new { url = address }, 422, "url");
        }

        foreach (var (rules, _) in BadRules)
            foreach (var owner in (string[])["/api/v1/categories/world", "/api/v1/sources/1"])
                await RefusedAsync("PUT", owner + "/rules", new { text = rules }, 422, "text");
        foreach (var (body, field) in ((object Body, string Field)[])
            [
                (new { title = "a\u0007" + Script, language = "en", slug = "x" }, "title"), (new { title = new string('t', 201), language = "en", slug = "x" }, "title"),
                (new { title = Script, language = Script, slug = "x" }, "language"), (new { title = Script, language = "en", slug = "\"><script>" }, "slug"), (new { title = Script, language = "en", slug = "../../x" }, "slug"),
                (new { title = "x", language = "en", slug = "x", description = new string('d', 2_001) }, "description"), (new { title = "x", language = "en", slug = "world" }, "slug"),
            ])
            await RefusedAsync("POST", "/api/v1/categories", body, 422, field);
        foreach (var owner in (string[])["/api/v1/categories/world", "/api/v1/sources/1"])
        {
            await RefusedAsync("PUT", owner + "/retention", new { entries = new { days = -1 } }, 422, "entries");
            await RefusedAsync("PUT", owner + "/retention", new { entries = new { count = 1_000_001 } }, 422, "entries");
            await RefusedAsync("PUT", owner + "/retention", new { versions = new { count = 1 } }, 422, "versions");
            await RefusedAsync("PUT", owner + "/retention", new { entries = Script }, 400, null);
        }

        await RefusedAsync("PATCH", "/api/v1/sources/1/settings", JsonSerializer.Deserialize<JsonElement>(string.Concat(Enumerable.Repeat("{\"request\":", 12)) + "1" + new string('}', 12)), 400, null);
        foreach (var (name, body) in Bombs())
        {
            using var answer = await server.SendAsync("POST", "/api/v1/opml", "admin", Xml(body));
            await AssertRefusedAsync("POST /api/v1/opml: " + name, answer, 422, null);
        }

        // What a server would unpack that heeds what clients say of bodies.
        foreach (var coding in (string[])["gzip", "deflate", "br"])
        {
            var packed = Xml(PackedList.Gzip());
            packed.Headers.ContentEncoding.Add(coding);
            using var answer = await server.SendAsync("POST", "/api/v1/opml", "admin", packed);
            await AssertRefusedAsync("POST /api/v1/opml, as " + coding, answer, 422, null);
        }

        // Two hundred megabytes, announced and not announced.
        foreach (var isAnnounced in (bool[])[true, false])
        {
            using var zeros = new StreamContent(new Zeros(TwoHundredMegabytes, isAnnounced));
            zeros.Headers.ContentType = new MediaTypeHeaderValue("text/x-opml");
            if (!isAnnounced) zeros.Headers.ContentLength = null;
            var status = await LargeAsync("/api/v1/opml", zeros, "Bearer " + server.Keys["admin"], cookies: null);
            // Who goes on sending after the refusal may only see the connection end.
            Assert.True(status == 413 || (!isAnnounced && status == 0), $"{status}");
        }

        // What may not: no key, a key without the scope, a viewer's, an old one.
        foreach (var (key, status) in ((string?, int)[])[(null, 401), ("wrong", 401), ("expired", 401), ("read", 403), ("viewer", 403)])
        {
            using var answer = await server.SendAsync("POST", "/api/v1/opml", key, Xml("<opml version=\"2.0\"><body><outline text=\"x\" xmlUrl=\"https://x.example/\"/></body></opml>"u8.ToArray()));
            await AssertRefusedAsync($"POST /api/v1/opml with {key ?? "no"} key", answer, status, null);
        }

        Assert.Equal(before, await StoreContents.ReadAtRestAsync(server.StoreFile, Ct));
    }

    [Fact]
    public async Task The_dashboard_refuses_each_in_words_and_changes_nothing()
    {
        using var admin = await server.Server.SignInAsync();
        var before = await StoreContents.ReadAtRestAsync(server.StoreFile, Ct);
        foreach (var address in NoAddresses)
        {
            await RefusedAsync(admin, "/sources", [("url", address)], "Enter an address that begins with http");
            await RefusedAsync(admin, "/sources/add", [("action", "add"), ("addresses", address)], "Enter an address that begins with http");
            await RefusedAsync(admin, "/sources/1/settings", [("url", address)], "Enter an address that begins with http");
        }

        foreach (var address in PrivateAddresses)
        {
            await RefusedAsync(admin, "/sources", [("url", address)], "is not on the public internet");
            await RefusedAsync(admin, "/sources/add", [("action", "add"), ("addresses", address)], "is not on the public internet");
            await RefusedAsync(admin, "/sources/1/settings", [("url", address)], "is not on the public internet");
        }

        foreach (var (rules, says) in BadRules)
            foreach (var owner in (string[])["/categories/2", "/sources/1"])
                foreach (var command in (string[])["try", "save"])
                    if (command == "save" || !says.StartsWith("no category", StringComparison.Ordinal))
                        await RefusedAsync(admin, owner + "/rules", [("rules", rules), ("command", command)], says);
        foreach (var (field, value, says) in new[]
        {
            ("title", "a\u0007" + Script, "title"), ("title", new string('t', 201), "title"), ("slug", "\"><script>", "address"), ("slug", "../../x", "address"), ("slug", "world", "address"),
            ("language", Script, "language"), ("position", Script, "whole number"), ("description", new string('d', 2_001), "description"),
        })
        {
            (string Name, string)[] plain = [("title", "x"), ("slug", "x"), ("language", "en")];
            (string, string)[] form = [.. plain.Where(one => one.Name != field), (field, value)];
            await RefusedAsync(admin, "/categories", form, says);
            if (value != "world") await RefusedAsync(admin, "/categories/2", form, says);
        }

        foreach (var owner in (string[])["/categories/2", "/sources/1"])
            foreach (var form in ((string, string)[][])[[("entry-days", "-1")], [("entry-days", Script)], [("entry-count", "1000001")], [("version-count", "1")], [("version-days", "99999999999999999999")]])
                await RefusedAsync(admin, owner + "/retention", form, "Days have to be 0 to");
        foreach (var (name, body) in Bombs())
        {
            var page = await UploadAsync(admin, body);
            Assert.True(page.Status == HttpStatusCode.BadRequest && AlertsOf(page).Length > 0, $"{name}: {(int)page.Status}");
        }

        foreach (var url in NoAddresses.Concat(PrivateAddresses))
            await RefusedAsync(admin, "/categories/import", [("url", url)], "");
        using (var zeros = new StreamContent(new Zeros(TwoHundredMegabytes, isLengthKnown: true)))
        {
            zeros.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
            Assert.Equal(413, await LargeAsync("/hangfire/categories/import", zeros, authorization: null, admin.Cookies(server.Address)));
        }

        await RefusedAsync(admin, "/stories/join", [("entry", Script), ("other", "file:///etc/passwd")], "");
        await RefusedAsync(admin, "/accounts", [("command", "add"), ("name", "a\u0007"), ("password", Sentence), ("role", "admin")], "");
        await RefusedAsync(admin, "/accounts", [("command", "add"), ("name", "eve"), ("password", "short"), ("role", "admin")], "");
        await RefusedAsync(admin, "/accounts", [("command", "disable"), ("name", Script)], "");
        Assert.Equal(before, await StoreContents.ReadAtRestAsync(server.StoreFile, Ct));
    }

    [Fact]
    public async Task A_list_from_outside_brings_no_private_address_and_no_setting_that_cannot_be()
    {
        var list = Encoding.UTF8.GetBytes($"""
            <opml xmlns:agg="urn:aggregator:opml"><body>
              <outline text="{WebUtility.HtmlEncode(Script)}" agg:language="{WebUtility.HtmlEncode(Script)}" agg:entryDays="-1" agg:settings="1">
                <outline text="{new string('t', 5_000)}" xmlUrl="https://long.example/" agg:zone="Mars/Olympus" agg:entryCount="many" agg:maxInterval="1000000.00:00:00"/>
                {string.Concat(PrivateAddresses.Concat(NoAddresses).Select((address, number) => $"<outline text=\"p{number}\" xmlUrl=\"{WebUtility.HtmlEncode(address)}\"/>"))}
              </outline>
            </body></opml>
            """);
        var report = await server.Services.GetRequiredService<Aggregator.Server.Subscriptions.SubscriptionImport>().ImportAsync(list, null, null, Ct);
        Assert.Equal((1, 0, PrivateAddresses.Length + NoAddresses.Length), (report.Added, report.Known, report.Refused));
        Assert.Equal(PrivateAddresses.Length, report.Lines.Count(line => line.Reason == Aggregator.Server.Subscriptions.ImportReason.Private));
        Assert.All(report.Lines, line => Assert.NotEqual(line.Reason.ToString(), line.ToSentence()));
        foreach (var reason in new[] { "Title", "Zone", "Language", "Retention", "Intervals" })
            Assert.Contains(report.Lines, line => line.Reason.ToString() == reason);
        var source = (await server.Services.GetRequiredService<ISourceStore>().ListAsync(0, 200, Ct)).Single(listing => listing.Source.Url == "https://long.example/").Source;
        Assert.Equal((200, null, null, null), (source.Title!.Length, source.DefaultZone, source.MinInterval, source.MaxInterval));

        // What is text stays text, on every page that shows it.
        using var admin = await server.Server.SignInAsync();
        foreach (var path in new[] { "/hangfire/categories", "/hangfire/sources", "/hangfire/retention", "/hangfire/audit", "/" })
            Assert.DoesNotContain(Script, (await admin.GetAsync(path)).Html, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<(string Name, byte[] Body)> Bombs()
    {
        var laughs = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE opml [<!ENTITY a0 \"ha\">");
        for (var i = 1; i < 30; i++) laughs.Append(CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">");
        var text = laughs.Append("]><opml><body><outline text=\"&a29;\" xmlUrl=\"https://a.example/\"/></body></opml>").ToString();
        yield return ("billion laughs", Encoding.UTF8.GetBytes(text));
        yield return ("billion laughs in UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)]);
        yield return ("an external entity", "<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body><outline text='&x;' xmlUrl='https://a.example/'/></body></opml>"u8.ToArray());
        yield return ("a gzip bomb", PackedList.Gzip());
        yield return ("a zip bomb", PackedList.Zip());
        yield return ("the beginning of a zip", [.. "PK\u0003\u0004"u8, 0, 0]);
    }

    private static ByteArrayContent Xml(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/x-opml");
        return content;
    }

    private async Task RefusedAsync(string method, string path, object body, int status, string? field)
    {
        using var answer = await server.SendAsync(method, path, "admin", new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), ("If-Match", "*"));
        await AssertRefusedAsync($"{method} {path} {JsonSerializer.Serialize(body)[..Math.Min(200, JsonSerializer.Serialize(body).Length)]}", answer, status, field);
    }

    private static async Task AssertRefusedAsync(string what, HttpResponseMessage answer, int status, string? field)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        using var problem = JsonDocument.Parse(text);
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
        if (field is not null) Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(field, out _), $"{what}: {text}");
    }

    private static async Task RefusedAsync(FormBrowser admin, string path, (string Name, string Value)[] fields, string says)
    {
        var token = await TokenAsync(admin);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire" + path)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("form-token", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        var page = await admin.SendAsync(request);
        var what = $"{path} {string.Join(' ', fields)}"[..Math.Min(200, $"{path} {string.Join(' ', fields)}".Length)];
        Assert.True((int)page.Status is 400 or 409 or 422, $"{what}: {(int)page.Status}");
        var told = AlertsOf(page);
        Assert.True(told.Length > 0 && told.Contains(says, StringComparison.OrdinalIgnoreCase), $"{what}: '{told}'\n{page.Html}");
        Assert.DoesNotContain(Script, page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", page.Html, StringComparison.Ordinal);
    }

    /// <summary>What our part of a page says is wrong: the dashboard's frame has an alert of its own on each of its pages.</summary>
    private static string AlertsOf(FormPage page) =>
        string.Join('\n', new HtmlParser().ParseDocument(page.Html).QuerySelectorAll(".aggregator-page [role=alert], #report td").Select(place => place.TextContent.Trim()));

    private static async Task<FormPage> UploadAsync(FormBrowser admin, byte[] body)
    {
        var token = await TokenAsync(admin);
        using var content = new MultipartFormDataContent { { new StringContent(token), "form-token" }, { new ByteArrayContent(body), "file", Script + ".opml" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/categories/import") { Content = content };
        return await admin.SendAsync(request);
    }

    private static async Task<string> TokenAsync(FormBrowser admin) =>
        new HtmlParser().ParseDocument((await admin.GetAsync("/hangfire/account?lang=en")).Html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;

    /// <summary>The status that a body gets that nobody reads to its end; 0 when the connection ended instead.</summary>
    private async Task<int> LargeAsync(string path, HttpContent content, string? authorization, IReadOnlyList<Cookie>? cookies)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.ExpectContinue = true;
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (cookies is not null) request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private sealed class Zeros(long length, bool isLengthKnown) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => isLengthKnown;

        public override bool CanWrite => false;

        public override long Length => isLengthKnown ? length : throw new NotSupportedException();

        public override long Position { get => _position; set => _position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - _position);
            Array.Clear(buffer, offset, read);
            _position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => _position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => length + offset };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
