using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.WebSub;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

/// <summary>Two nodes on one PostgreSQL behind one address, as a balancer would send a visitor now to one and now to the other.</summary>
public sealed class SharedKeysTests
{
    private const string Password = "a long enough sentence";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_node_protects_the_other_reads()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        await using var one = await WebSubServer.StartAsync(Ct, $"--ConnectionStrings:Store={database.ConnectionString}");
        await using var two = await WebSubServer.StartAsync(Ct, $"--ConnectionStrings:Store={database.ConnectionString}");

        // The link that the first node printed opens the second one, and the form of the second is taken by the first.
        var setup = one.Services.GetRequiredService<SetupToken>();
        await setup.ShareAsync(Ct);
        using var visitor = new Visitor();
        var form = await visitor.GetAsync(new Uri(two.Address, setup.Path));
        Assert.Equal(HttpStatusCode.OK, form.Status);
        var made = await visitor.PostAsync(
            new Uri(one.Address, setup.Path), ("form-token", TokenOf(form.Html)), ("name", "ann"), ("password", Password), ("password-again", Password));
        Assert.Equal(HttpStatusCode.Found, made.Status);

        // Signed in at the one, she is at the other.
        foreach (var node in new[] { one, two })
        {
            var page = await visitor.GetAsync(new Uri(node.Address, "/sign-in"));
            Assert.Contains("ann", page.Html, StringComparison.Ordinal);
        }

        // And signed out with a form of the other.
        var signIn = await visitor.GetAsync(new Uri(two.Address, "/sign-in"));
        Assert.Equal(HttpStatusCode.Found, (await visitor.PostAsync(new Uri(one.Address, "/sign-out"), ("form-token", TokenOf(signIn.Html)))).Status);
        Assert.DoesNotContain("ann", (await visitor.GetAsync(new Uri(two.Address, "/sign-in"))).Html, StringComparison.Ordinal);
        Assert.False(await two.Services.GetRequiredService<SetupToken>().OpensAsync(setup.Value, Ct));
        Assert.NotEmpty(await one.Services.GetRequiredService<IKeyStore>().ListAsync(Ct));
    }

    [Fact]
    public async Task An_answer_with_a_cookie_is_kept_out_of_shared_caches()
    {
        await using var node = await WebSubServer.StartAsync(Ct);
        await node.Services.GetRequiredService<AdminAccounts>().SaveAsync("ann", Password, Ct);
        using var browser = new FormBrowser(node.Address);
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("/sign-in", ("name", "ann"), ("password", Password));
        var cookie = Assert.Single(browser.Cookies(node.Address), cookie => cookie.Name == "aggregator-admin");

        // With another password the session is over, wherever the cookie comes along.
        await node.Services.GetRequiredService<AdminAccounts>().SaveAsync("ann", Password + " again", Ct);
        foreach (var path in (string[])["/all.atom", "/all.json", "/feed.css", "/"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}");
            using var ended = await node.Http.SendAsync(request, Ct);
            Assert.Contains(ended.Headers.GetValues("Set-Cookie"), set => set.StartsWith("aggregator-admin=;", StringComparison.Ordinal));
            Assert.True(ended.Headers.CacheControl is { NoStore: true, Public: false }, $"{path}: {ended.Headers.CacheControl}");

            using var plain = await node.Http.GetAsync(path, Ct);
            Assert.True(plain.Headers.CacheControl is { Public: true, NoStore: false }, $"{path}: {plain.Headers.CacheControl}");
        }
    }

    private static string TokenOf(string html) =>
        new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;

    /// <summary>A browser whose cookies go to both nodes, as if they had one name.</summary>
    private sealed class Visitor : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
        private readonly Dictionary<string, string> _cookies = [];

        public Task<FormPage> GetAsync(Uri address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

        public Task<FormPage> PostAsync(Uri address, params (string Name, string Value)[] fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        });

        public void Dispose() => _http.Dispose();

        private async Task<FormPage> SendAsync(HttpRequestMessage request)
        {
            using (request)
            {
                request.Headers.Accept.ParseAdd("text/html");
                if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
                using var answer = await _http.SendAsync(request, Ct);
                foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
                {
                    var pair = set.Split(';')[0].Split('=', 2);
                    if (pair[1].Length == 0) _cookies.Remove(pair[0]);
                    else _cookies[pair[0]] = pair[1];
                }

                return new FormPage(answer.StatusCode, request.RequestUri!.AbsolutePath, await answer.Content.ReadAsStringAsync(Ct));
            }
        }
    }
}
