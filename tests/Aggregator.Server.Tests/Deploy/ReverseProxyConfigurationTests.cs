using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace Aggregator.Server.Tests.Deploy;

/// <summary>The configuration in <c>deploy/</c>, loaded into the proxies that it is for.</summary>
public sealed class ReverseProxyConfigurationTests(ProxiedSite site) : IClassFixture<ProxiedSite>
{
    /// <summary>The proxies, and a part of the loopback network for the visitors of each.</summary>
    public static TheoryData<string, int> Proxies => new() { { "nginx", 2 }, { "caddy", 3 } };

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Each_visitor_has_a_limit_of_his_own_and_cannot_say_that_he_is_another(string proxy, int network)
    {
        var port = PortOf(proxy);
        using var busy = ProxiedSite.CreateVisitor(port, $"127.{network}.0.1");
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, await SearchAsync(busy, $"{proxy}{i}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SearchAsync(busy, $"{proxy}5"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SearchAsync(busy, $"{proxy}6", claim: "203.0.113.9"));

        using var other = ProxiedSite.CreateVisitor(port, $"127.{network}.0.2");
        Assert.Equal(HttpStatusCode.OK, await SearchAsync(other, $"{proxy}7"));
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task The_program_knows_its_public_address_and_that_the_visitor_came_by_tls(string proxy, int network)
    {
        using var visitor = ProxiedSite.CreateVisitor(PortOf(proxy), $"127.{network}.1.1");
        var feed = await visitor.GetStringAsync("all.atom");
        Assert.Contains($"href=\"https://{ProxiedSite.Host}/all.atom\"", feed, StringComparison.Ordinal);
        Assert.Contains($"https://{ProxiedSite.Host}/articles/", feed, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", feed, StringComparison.Ordinal);

        using var chosen = await visitor.GetAsync("?lang=en");
        Assert.Contains("secure", chosen.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        using var plain = await site.Direct.GetAsync("?lang=en");
        Assert.DoesNotContain("secure", plain.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nginx_writes_no_secret_address_into_its_log()
    {
        using var visitor = ProxiedSite.CreateVisitor(PortOf("nginx"), "127.9.1.1");
        using var hidden = await visitor.GetAsync("subscriptions/0123456789abcdef0123456789abcdef.atom");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var shown = await visitor.GetAsync("all.atom?n=7");
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        // nginx writes the line after it has sent the answer.
        string log;
        for (var i = 0; !(log = await File.ReadAllTextAsync(site.NginxLog)).Contains("/all.atom?n=7", StringComparison.Ordinal); i++)
        {
            Assert.True(i < 100, $"nginx did not write the request into its log: {log}");
            await Task.Delay(50);
        }

        Assert.DoesNotContain("subscriptions", log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Packed_answers_conditions_and_HEAD_pass_unchanged(string proxy, int network)
    {
        using var visitor = ProxiedSite.CreateVisitor(PortOf(proxy), $"127.{network}.2.1");
        foreach (var coding in new[] { "br", "gzip", null })
        {
            using var direct = await SendAsync(site.Direct, "all.rss", coding);
            using var first = await SendAsync(visitor, "all.rss", coding);
            using var second = await SendAsync(visitor, "all.rss", coding);
            using var head = await SendAsync(visitor, "all.rss", coding, method: HttpMethod.Head);
            Assert.Equal(coding, string.Join(',', direct.Content.Headers.ContentEncoding) is { Length: > 0 } packed ? packed : null);
            foreach (var answer in new[] { first, second, head })
            {
                Assert.Equal((HttpStatusCode.OK, new Version(2, 0)), (answer.StatusCode, answer.Version));
                foreach (var name in new[] { "ETag", "Cache-Control", "Vary", "Link", "Access-Control-Allow-Origin" })
                    Assert.Equal((name, Header(direct, name)), (name, Header(answer, name)));
                Assert.Equal(direct.Content.Headers.ContentType, answer.Content.Headers.ContentType);
                Assert.Equal(direct.Content.Headers.ContentEncoding, answer.Content.Headers.ContentEncoding);
                Assert.Equal(direct.Content.Headers.LastModified, answer.Content.Headers.LastModified);
                Assert.Equal(answer == head ? [] : await direct.Content.ReadAsByteArrayAsync(), await answer.Content.ReadAsByteArrayAsync());
            }

            using var held = await SendAsync(visitor, "all.rss", coding, ("If-None-Match", Header(direct, "ETag")!));
            Assert.Equal(HttpStatusCode.NotModified, held.StatusCode);
            Assert.Equal(Header(direct, "ETag"), Header(held, "ETag"));
            using var dated = await SendAsync(visitor, "all.rss", coding, ("If-Modified-Since", direct.Content.Headers.LastModified!.Value.ToString("r", CultureInfo.InvariantCulture)));
            Assert.Equal(HttpStatusCode.NotModified, dated.StatusCode);
            using var other = await SendAsync(visitor, "all.rss", coding, ("If-None-Match", "\"other\""));
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task What_is_posted_reaches_the_program(string proxy, int network)
    {
        using var visitor = ProxiedSite.CreateVisitor(PortOf(proxy), $"127.{network}.3.1");
        // More than nginx takes by itself. Caddy has no limit, and passes on what comes: an answer to who is still sending would end the sending.
        var push = new string('x', proxy == "nginx" ? 3 * 1024 * 1024 : 4096);
        foreach (var (path, body) in new[]
        {
            ("hub", "hub.mode=subscribe&hub.callback=http%3A%2F%2F127.0.0.1%2F&hub.topic=" + Uri.EscapeDataString($"https://{ProxiedSite.Host}/all.atom")),
            ("hub", "hub.mode=dance"),
            ("websub/0123456789abcdef0123456789abcdef", push),
        })
        {
            using var direct = await site.Direct.PostAsync(path, Form(body));
            using var answer = await visitor.PostAsync(path, Form(body));
            Assert.Equal((direct.StatusCode, await direct.Content.ReadAsStringAsync()), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task Nginx_keeps_each_representation_and_asks_again_beside_the_visitor()
    {
        using var visitor = ProxiedSite.CreateVisitor(PortOf("nginx"), "127.2.4.1");
        foreach (var coding in new[] { "br", "gzip", null })
        {
            Assert.Equal("MISS", await CacheStatusAsync(visitor, "sources/1.atom", coding));
            Assert.Equal("HIT", await CacheStatusAsync(visitor, "sources/1.atom", coding));
        }

        // Another opens the same address in a browser tab, who gets another type: Vary tells them apart.
        using var tab = await SendAsync(visitor, "sources/1.atom", "br", ("Sec-Fetch-Dest", "document"));
        Assert.Equal(("MISS", "application/xml"), (Header(tab, "X-Cache-Status"), tab.Content.Headers.ContentType!.MediaType));

        // No longer fresh: shown all the same, while nginx asks the program, which answers 304.
        await Task.Delay(ProxiedSite.NoLongerFresh);
        Assert.Equal("STALE", await CacheStatusAsync(visitor, "sources/1.atom", "br"));
        await UntilHitAsync(visitor, "sources/1.atom", "br");

        // Who asks for what is new only is not answered from what is kept.
        using var delta = await SendAsync(visitor, "sources/1.atom", "br", ("A-IM", "feed"));
        Assert.Equal((HttpStatusCode.OK, null), (delta.StatusCode, Header(delta, "X-Cache-Status")));

        // What is for one visitor is kept for nobody, nor is anything for an admin.
        foreach (var path in new[] { "sign-in", "healthz", "?lang=en" })
            for (var i = 0; i < 2; i++) Assert.Equal("MISS", await CacheStatusAsync(visitor, path, "br"));
        using var admin = await SendAsync(visitor, "sources/1.atom", "br", ("Cookie", "a=b; aggregator-admin=x"));
        Assert.Equal("BYPASS", Header(admin, "X-Cache-Status"));

        // A page for each language.
        foreach (var language in new[] { "zh-CN", "en" })
        {
            using var first = await SendAsync(visitor, "", "br", ("Accept-Language", language));
            using var second = await SendAsync(visitor, "", "br", ("Accept-Language", language));
            Assert.Equal(("MISS", "HIT"), (Header(first, "X-Cache-Status"), Header(second, "X-Cache-Status")));
            Assert.Equal([language], second.Content.Headers.ContentLanguage);
        }
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Whoever_types_ten_thousand_letters_gets_the_programs_answer(string proxy, int network)
    {
        using var visitor = ProxiedSite.CreateVisitor(PortOf(proxy), $"127.{network}.9.1");

        using var answer = await visitor.GetAsync("search?q=" + new string('x', 10_000));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nginx_sends_visitors_on_to_tls()
    {
        PortOf("nginx");
        using var visitor = ProxiedSite.CreateVisitor(site.NginxPlainPort, tls: false);
        using var answer = await visitor.GetAsync("categories/world?page=2");
        Assert.Equal((HttpStatusCode.MovedPermanently, $"https://{ProxiedSite.Host}/categories/world?page=2"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task Nginx_shows_what_it_has_while_the_program_is_away()
    {
        PortOf("nginx");
        await using var other = new ProxiedSite();
        await other.InitializeAsync();
        using var visitor = ProxiedSite.CreateVisitor(other.NginxPort);
        Assert.Equal("MISS", await CacheStatusAsync(visitor, "all.json", "br"));
        await other.KillProgramAsync();
        await Task.Delay(ProxiedSite.NoLongerFresh);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("STALE", await CacheStatusAsync(visitor, "all.json", "br"));
            await Task.Delay(100);
        }

        using var never = await SendAsync(visitor, "all.rss", "br");
        Assert.Equal(HttpStatusCode.BadGateway, never.StatusCode);
    }

    [Fact]
    public async Task The_program_speaks_HTTP_2_itself_where_it_has_a_certificate()
    {
        using var visitor = ProxiedSite.CreateVisitor(site.OwnTlsPort);
        using var answer = await SendAsync(visitor, "all.json", "gzip");
        using var head = await SendAsync(visitor, "all.json", "gzip", method: HttpMethod.Head);
        using var held = await SendAsync(visitor, "all.json", "gzip", ("If-None-Match", Header(answer, "ETag")!));
        Assert.Equal(
            ["2.0 OK", "2.0 OK", "2.0 NotModified"], new[] { answer, head, held }.Select(each => $"{each.Version} {each.StatusCode}"));
        Assert.Equal(answer.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    private int PortOf(string proxy)
    {
        var reason = proxy == "nginx" ? ProxiedSite.NginxSkipReason : ProxiedSite.CaddySkipReason;
        Assert.SkipWhen(reason is not null, reason ?? "");
        return proxy == "nginx" ? site.NginxPort : site.CaddyPort;
    }

    private static async Task UntilHitAsync(HttpClient visitor, string path, string coding)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await CacheStatusAsync(visitor, path, coding) == "HIT") return;
            await Task.Delay(20);
        }

        Assert.Fail("The cache was not brought up to date within two seconds.");
    }

    private static async Task<string?> CacheStatusAsync(HttpClient visitor, string path, string? coding)
    {
        using var answer = await SendAsync(visitor, path, coding);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        if (path.StartsWith("sources", StringComparison.Ordinal)) Assert.Equal(coding ?? "", string.Join(',', answer.Content.Headers.ContentEncoding));
        return Header(answer, "X-Cache-Status");
    }

    private static async Task<HttpStatusCode> SearchAsync(HttpClient visitor, string words, string? claim = null)
    {
        using var answer = claim is null ? await SendAsync(visitor, $"search.atom?q={words}", null) : await SendAsync(visitor, $"search.atom?q={words}", null, ("X-Forwarded-For", claim));
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient visitor, string path, string? coding, (string Name, string Value)? header = null, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (coding is not null) request.Headers.Add("Accept-Encoding", coding);
        if (header is { } more) Assert.True(request.Headers.TryAddWithoutValidation(more.Name, more.Value));
        request.Version = visitor.DefaultRequestVersion;
        request.VersionPolicy = visitor.DefaultVersionPolicy;
        return visitor.SendAsync(request);
    }

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
