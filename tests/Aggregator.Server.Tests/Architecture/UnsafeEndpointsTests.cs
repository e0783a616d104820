using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Tests.Api;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.Testing;
using AngleSharp.Html.Parser;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Architecture;

/// <summary>
/// Every address of the program that takes something else than GET, found where they are mapped and not in a list: without a key or the
/// token of a form it does nothing, for a viewer it does nothing, and afterwards the store is what it was. An address that is
/// added is asked by itself; one that is open to strangers has to be named here.
/// </summary>
public sealed partial class UnsafeEndpointsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Sentence = "four lamps on the quay";

    /// <summary>Open to strangers on purpose. What is a form asks for its token all the same.</summary>
    private static readonly Dictionary<string, bool> Public = new(StringComparer.Ordinal)
    {
        ["POST /hub"] = false, // Subscribers; the hub asks their callback before it believes them (WebSub §5.3).
        ["POST /websub/{token:length(32)}"] = false, // Hubs, at an address that nobody can guess, with a signature.
        ["POST /takedown"] = true,
        ["POST /subscriptions/follow"] = false, // A list that is nobody's account; without proof that the visitor meant it he is asked once more.
        ["POST /subscriptions/unfollow"] = true,
        ["POST /subscriptions/picks"] = true,
        ["POST /subscriptions/import"] = true,
        ["POST /subscriptions/adopt"] = true,
        ["POST /subscriptions/forget"] = true,
        ["POST /sign-in"] = true,
        ["POST /sign-out"] = true,
        ["POST /setup"] = true,
    };

    /// <summary>What a viewer may post in the dashboard: Hangfire's pages ask for their numbers, and one's own password is one's own.</summary>
    private static readonly string[] ForViewers = ["/stats", OwnAccountPage.Route];

    /// <summary>Trying rules reads only, though it takes a body.</summary>
    private static readonly string[] Reading = ["POST /api/v1/categories/{slug}/rules/test", "POST /api/v1/sources/{id:long}/rules/test"];

    private static readonly string[] Unsafe = ["POST", "PUT", "PATCH", "DELETE"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_unsafe_is_open_that_is_not_named_here()
    {
        var before = await StoreContents.ReadAtRestAsync(server.StoreFile, Ct);
        using var stranger = Client();
        var open = new List<string>();
        var asked = 0;
        foreach (var (method, pattern) in Mapped())
        {
            if (pattern.StartsWith(DashboardEndpoints.Path, StringComparison.Ordinal)) continue; // The dashboard's own addresses are asked below.
            if (!pattern.StartsWith("/api/", StringComparison.Ordinal))
            {
                open.Add(method + " " + pattern);
                continue;
            }

            var path = Filled(pattern);
            // A body of a type that an address does not take is refused before anybody asks who sends it.
            var type = pattern.EndsWith("/opml", StringComparison.Ordinal) ? "text/x-opml" : "application/json";
            foreach (var key in (string?[])[null, "wrong", "expired", "viewer", "read"])
            {
                if (key is "viewer" or "read" && Reading.Contains(method + " " + pattern)) continue;
                using var answer = await server.SendAsync(method, path, key, new StringContent("{}", Encoding.UTF8, type), ("If-Match", "*"));
                Assert.True((int)answer.StatusCode == (key is "viewer" or "read" ? 403 : 401), $"{method} {path} with {key ?? "no"} key: {(int)answer.StatusCode}");
                asked++;
            }
        }

        Assert.Equal(Public.Keys.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
        foreach (var form in Public.Where(address => address.Value).Select(address => address.Key.Split(' ')[1]))
        {
            using var forged = await stranger.PostAsync(form + (form == "/setup" ? "?token=0" : ""), new FormUrlEncodedContent([new("name", "eve"), new("password", Sentence), new("article", "1")]), Ct);
            Assert.True((int)forged.StatusCode is 400 or 404, $"{form}: {(int)forged.StatusCode}");
        }

        Assert.True(asked > 40, $"{asked} requests");
        Assert.Equal(before, await StoreContents.ReadAtRestAsync(server.StoreFile, Ct));
    }

    [Fact]
    public async Task Nothing_in_the_dashboard_is_done_without_a_token_by_a_stranger_or_for_a_viewer()
    {
        await MakeAsync("forged", AccountRole.Admin);
        await MakeAsync("watcher", AccountRole.Viewer);
        using var admin = await SignInAsync("forged");
        using var viewer = await SignInAsync("watcher");
        using var stranger = Client();
        var page = await viewer.GetAsync(DashboardEndpoints.Path + OwnAccountPage.Route);
        var token = new HtmlParser().ParseDocument(page.Html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        var before = await StoreContents.ReadAtRestAsync(server.StoreFile, Ct);

        var paths = DashboardPaths();
        Assert.True(paths.Count > 50, string.Join('\n', paths));
        foreach (var path in paths)
            foreach (var method in Unsafe)
            {
                var place = $"{method} {path}";
                var forged = await admin.SendAsync(Posted(method, path, token: null));
                Assert.True((int)forged.Status is 400 or 403, $"{place} without a token: {(int)forged.Status}");
                using var anonymous = await stranger.SendAsync(Posted(method, path, token: null), Ct);
                Assert.True((int)anonymous.StatusCode is 302 or 401, $"{place} by a stranger: {(int)anonymous.StatusCode}");
                if (ForViewers.Contains(path)) continue;
                var refused = await viewer.SendAsync(Posted(method, path, token));
                Assert.True((int)refused.Status is 403, $"{place} by a viewer: {(int)refused.Status}");
            }

        Assert.Equal(before, await StoreContents.ReadAtRestAsync(server.StoreFile, Ct));
    }

    [Fact]
    public async Task A_viewer_sees_every_page_and_is_offered_nothing_to_change()
    {
        await MakeAsync("onlooker", AccountRole.Viewer);
        using var viewer = await SignInAsync("onlooker");
        var seen = 0;
        foreach (var path in DashboardPaths(onlyOurs: true))
        {
            var page = await viewer.GetAsync(DashboardEndpoints.Path + path + "?lang=en");
            Assert.True((int)page.Status is 200 or 404 or 405, $"{path}: {(int)page.Status}");
            if (page.Status != HttpStatusCode.OK) continue;
            seen++;
            var document = new HtmlParser().ParseDocument(page.Html);
            Assert.True(document.QuerySelector("#read-only") is not null, path + " does not say that the account changes nothing.");
            if (path == OwnAccountPage.Route) continue;
            var buttons = document.QuerySelectorAll(".aggregator-page form[method=post] button, .aggregator-page form[method=post] input[type=submit]");
            Assert.True(buttons.Length == 0, $"{path} offers a viewer {string.Join(", ", buttons.Select(button => button.TextContent.Trim()))}");
        }

        Assert.True(seen >= 18, $"{seen} pages");
    }

    /// <summary>Every unsafe method of every endpoint; an endpoint that takes any method takes the unsafe ones too.</summary>
    private IEnumerable<(string Method, string Pattern)> Mapped() => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods.Intersect(Unsafe) : Unsafe)
            .Select(method => (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))))
        .Distinct();

    private static string Filled(string pattern) => Parameter().Replace(pattern, match => match.Groups[1].Value is "slug" ? "world" : "1");

    /// <summary>An address for every route of the dashboard, ours and Hangfire's, made of the pattern that it was added with.</summary>
    private static List<string> DashboardPaths(bool onlyOurs = false)
    {
        var routes = (IEnumerable<Tuple<string, IDashboardDispatcher>>)typeof(Hangfire.Dashboard.RouteCollection)
            .GetField("_dispatchers", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(DashboardRoutes.Routes)!;
        var paths = new List<string>();
        foreach (var (pattern, dispatcher) in routes)
        {
            if (onlyOurs && dispatcher.GetType().Assembly != typeof(DashboardEndpoints).Assembly) continue;
            var expanded = Expand(pattern);
            foreach (var path in expanded)
                Assert.True(Regex.IsMatch(path, "^" + pattern + "$", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)), $"'{path}' is none of {pattern}: teach this test how to write one.");
            paths.AddRange(expanded);
        }

        return [.. paths.Distinct()];
    }

    private static List<string> Expand(string pattern)
    {
        var paths = new List<string> { Number().Replace(Word().Replace(pattern, "world"), "1").Replace("\\.", ".", StringComparison.Ordinal) };
        while (paths.FindIndex(path => Choice().IsMatch(path)) is >= 0 and var at)
        {
            var path = paths[at];
            var choice = Choice().Match(path);
            paths.RemoveAt(at);
            paths.AddRange(choice.Groups["parts"].Value.Split('|').Concat(choice.Groups["optional"].Success ? [""] : [])
                .Select(part => path[..choice.Index] + part + path[(choice.Index + choice.Length)..]));
        }

        return paths;
    }

    private static HttpRequestMessage Posted(string method, string path, string? token) => new(new HttpMethod(method), DashboardEndpoints.Path + path)
    {
        Content = new FormUrlEncodedContent(
        [
            new("id", "1"), new("jobs[]", "1"), new("action", "delete"), new("confirmed", "yes"), new("command", "disable"), new("name", "forged"), new("decision", "approve"),
            new("url", "https://forged.example/feed"), new("title", "Forged"), new("slug", "forged"), new("language", "en"), new("rules", ""), new("entry-days", "1"),
            .. token is null ? [] : (KeyValuePair<string, string>[])[new("form-token", token)],
        ]),
    };

    private HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return client;
    }

    private async Task MakeAsync(string name, AccountRole role)
    {
        Assert.IsType<AccountOutcome.Saved>(await server.Services.GetRequiredService<AdminAccounts>().SaveAsync(name, Sentence, Ct));
        await server.Services.GetRequiredService<IAdminStore>().SetRoleAsync(name, role, Ct);
    }

    private async Task<FormBrowser> SignInAsync(string name)
    {
        var browser = new FormBrowser(server.Address);
        await browser.GetAsync("/sign-in?return=/hangfire/account");
        Assert.Equal("/hangfire/account", (await browser.SubmitAsync("/sign-in", ("name", name), ("password", Sentence))).Path);
        return browser;
    }

    [GeneratedRegex(@"\{\**([a-z]+)[^}]*\}", RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\(\?<\w+>(?:\[0-9\]\{1,\d+\}|\.\+)\)|\[0-9\]\+")]
    private static partial Regex Number();

    [GeneratedRegex(@"\(\?<\w+>\[a-z0-9-\]\{1,\d+\}\)")]
    private static partial Regex Word();

    [GeneratedRegex(@"\(\?<\w+>(?<parts>[a-z/|-]+)\)(?<optional>\?)?")]
    private static partial Regex Choice();
}
