using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Api;
using Aggregator.Server.Crawl;
using Aggregator.Server.Tests.EndToEnd;
using Hangfire;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Api;

public sealed class ApiEndpointsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Category = """{"title":"Ports","language":"en","slug":"ports"}""";
    private const string List = """<opml version="2.0"><body><outline type="rss" text="x" xmlUrl="https://x.example/feed"/></body></opml>""";

    private static readonly (string Method, string Path, string? Body)[] Endpoints =
    [
        ("GET", "/api/v1/sources", null),
        ("GET", "/api/v1/sources/1", null),
        ("POST", "/api/v1/sources", """{"url":"https://added.example/feed"}"""),
        ("DELETE", "/api/v1/sources/1", null),
        ("GET", "/api/v1/sources/1/settings", null),
        ("PATCH", "/api/v1/sources/1/settings", """{"title":"changed"}"""),
        ("POST", "/api/v1/sources/1/refresh", null),
        ("GET", "/api/v1/categories/world/rules", null),
        ("PUT", "/api/v1/categories/world/rules", """{"text":""}"""),
        ("POST", "/api/v1/categories/world/rules", """{"rule":"title contains \"x\" then drop"}"""),
        ("POST", "/api/v1/categories/world/rules/order", """{"places":[]}"""),
        ("POST", "/api/v1/categories/world/rules/test", """{"text":""}"""),
        ("GET", "/api/v1/categories/world/rules/7", null),
        ("PUT", "/api/v1/categories/world/rules/7", """{"rule":"title contains \"x\" then drop"}"""),
        ("DELETE", "/api/v1/categories/world/rules/7", null),
        ("GET", "/api/v1/sources/1/rules", null),
        ("PUT", "/api/v1/sources/1/rules", """{"text":""}"""),
        ("POST", "/api/v1/sources/1/rules", """{"rule":"title contains \"x\" then drop"}"""),
        ("POST", "/api/v1/sources/1/rules/order", """{"places":[]}"""),
        ("POST", "/api/v1/sources/1/rules/test", """{"text":""}"""),
        ("GET", "/api/v1/sources/1/rules/7", null),
        ("PUT", "/api/v1/sources/1/rules/7", """{"rule":"title contains \"x\" then drop"}"""),
        ("DELETE", "/api/v1/sources/1/rules/7", null),
        ("GET", "/api/v1/categories/world/retention", null),
        ("PUT", "/api/v1/categories/world/retention", """{"entries":{"days":1}}"""),
        ("GET", "/api/v1/sources/1/retention", null),
        ("PUT", "/api/v1/sources/1/retention", """{"entries":{"days":1}}"""),
        ("GET", "/api/v1/categories", null),
        ("GET", "/api/v1/categories/world", null),
        ("POST", "/api/v1/categories", Category),
        ("PUT", "/api/v1/categories/world", Category),
        ("DELETE", "/api/v1/categories/world", null),
        ("GET", "/api/v1/entries", null),
        ("GET", "/api/v1/entries/1", null),
        ("GET", "/api/v1/opml", null),
        ("POST", "/api/v1/opml", List),
        ("GET", "/api/v1/imports/1", null),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every address with every key that does not open it.</summary>
    public static TheoryData<string, string, string?, string?, int> Refusals
    {
        get
        {
            var all = new TheoryData<string, string, string?, string?, int>();
            foreach (var (method, path, body) in Endpoints)
            {
                all.Add(method, path, body, null, 401);
                all.Add(method, path, body, "wrong", 401);
                all.Add(method, path, body, "expired", 401);
                // Trying rules changes nothing, and is for everybody who may read.
                foreach (var key in method == "GET" || path.EndsWith("/test", StringComparison.Ordinal) ? ["write only"] : (string[])["read", "viewer"]) all.Add(method, path, body, key, 403);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refuses_with_problem_details_and_changes_nothing(string method, string path, string? body, string? key, int status)
    {
        var before = await StateAsync();
        using var answer = await server.SendAsync(method, path, key, Content(path, body), ("If-Match", "*"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        await AssertProblemAsync(answer);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Its_description_names_every_address_and_the_table_of_refusals_too()
    {
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => method + " " + endpoint.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).Replace(":int", "", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(mapped);

        using var answer = await server.SendAsync("GET", "/openapi/v1.json", key: null);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(mapped, document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Name.ToUpperInvariant() + " " + path.Name))
            .Order(StringComparer.Ordinal));
        Assert.Equal(mapped, Endpoints.Select(endpoint => endpoint.Method + " " + endpoint.Path
            .Replace("/1", "/{id}", StringComparison.Ordinal).Replace("/7", "/{place}", StringComparison.Ordinal).Replace("/world", "/{slug}", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/v1/sources?limit=1", 4)]
    [InlineData("/api/v1/sources?limit=2", 4)]
    [InlineData("/api/v1/entries?category=world&limit=20", Browse.SampleSite.WorldEntries)]
    [InlineData("/api/v1/entries?category=world&limit=105", Browse.SampleSite.WorldEntries)]
    public async Task Pages_show_everything_once(string? path, int count)
    {
        var seen = new List<long>();
        for (var pages = 0; path is not null; pages++)
        {
            Assert.True(pages < 20, "It does not end.");
            using var answer = await server.SendAsync("GET", path, "read");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
            seen.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            path = page.RootElement.GetProperty("next").GetString();
            Assert.Equal(path is null ? [] : [$"<{path}>; rel=\"next\""], answer.Headers.TryGetValues("Link", out var links) ? links : []);
        }

        Assert.Equal(count, seen.Distinct().Count());
        Assert.Equal(count, seen.Count);
    }

    [Theory]
    [InlineData("/api/v1/sources?limit=0", "limit")]
    [InlineData("/api/v1/sources?limit=201", "limit")]
    [InlineData("/api/v1/sources?after=7", "after")]
    [InlineData("/api/v1/sources?after=", "after")]
    [InlineData("/api/v1/entries?before=yesterday", "before")]
    [InlineData("/api/v1/entries?category=world&source=1", "category")]
    public async Task A_wrong_parameter_is_named(string path, string field)
    {
        using var answer = await server.SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await AssertProblemAsync(answer)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("GET", "/api/v1/sources?limit=many", 400)]
    [InlineData("GET", "/api/v1/sources/999", 404)]
    [InlineData("GET", "/api/v1/sources/-9223372036854775808", 404)]
    [InlineData("POST", "/api/v1/sources/999/refresh", 404)]
    [InlineData("GET", "/api/v1/categories/none", 404)]
    [InlineData("GET", "/api/v1/entries/999999", 404)]
    [InlineData("GET", "/api/v1/entries?source=999", 404)]
    [InlineData("GET", "/api/v1/opml?category=none", 404)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("PATCH", "/api/v1/categories", 405)]
    public async Task What_is_not_there_is_a_problem_and_never_a_page(string method, string path, int status)
    {
        using var answer = await server.SendAsync(method, path);
        Assert.Equal(status, (int)answer.StatusCode);
        await AssertProblemAsync(answer);
    }

    [Theory]
    [InlineData("/api/v1/categories", "{", "application/json", 400)]
    [InlineData("/api/v1/categories", """{"title":7,"language":"en"}""", "application/json", 400)]
    [InlineData("/api/v1/categories", "title=x", "application/x-www-form-urlencoded", 415)]
    [InlineData("/api/v1/opml", List, "text/html", 415)]
    [InlineData("/api/v1/opml", "", "text/x-opml", 422)]
    [InlineData("/api/v1/opml", """<!DOCTYPE x [<!ENTITY a "b">]><opml version="2.0"/>""", "text/x-opml", 422)]
    public async Task A_body_that_cannot_be_taken_is_a_problem_and_changes_nothing(string path, string body, string type, int status)
    {
        var before = await StateAsync();
        using var answer = await server.SendAsync("POST", path, content: new StringContent(body, Encoding.UTF8, type));
        Assert.Equal(status, (int)answer.StatusCode);
        await AssertProblemAsync(answer);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var answer = await server.SendAsync("POST", "/api/v1/categories", content: new StringContent(
            $$"""{"title":"{{new string('x', 40_000)}}","language":"en"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await AssertProblemAsync(answer);
    }

    [Fact]
    public async Task Who_has_a_source_already_is_told_so()
    {
        using var first = await server.SendAsync("GET", "/api/v1/sources/1", "viewer");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var again = await server.SendAsync("GET", "/api/v1/sources/1", "viewer", null, ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task A_password_or_a_token_in_an_address_is_not_shown()
    {
        using var answer = await server.SendAsync("GET", $"/api/v1/sources/{server.SecretSource}");
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains("\"https://mole:…@secret.example/feed?a=1\\u0026token=…\"", text, StringComparison.Ordinal);
        using var list = await server.SendAsync("GET", "/api/v1/opml");
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        var written = await list.Content.ReadAsStringAsync(Ct);
        Assert.Contains("xmlUrl=\"https://secret.example/feed?a=1\"", written, StringComparison.Ordinal);
        using var all = await server.SendAsync("GET", "/api/v1/sources", "viewer");
        foreach (var answered in new[] { text, written, await all.Content.ReadAsStringAsync(Ct) })
            foreach (var secret in new[] { "hunter2", "t0k3n4u" })
                Assert.DoesNotContain(secret, answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_category_is_added_changed_for_the_state_that_was_seen_and_deleted()
    {
        using var added = await server.SendAsync("POST", "/api/v1/categories", content: JsonContent.Create(new { title = "港口", language = "zh", slug = "harbours" }));
        Assert.Equal((HttpStatusCode.Created, "/api/v1/categories/harbours"), (added.StatusCode, added.Headers.Location!.OriginalString));
        var tag = added.Headers.ETag!.ToString();
        using var twice = await server.SendAsync("POST", "/api/v1/categories", content: JsonContent.Create(new { title = "", language = "!", slug = "Harbours!" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.StatusCode);
        Assert.Equal(["language", "slug", "title"], (await AssertProblemAsync(twice)).GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));

        object change = new { title = "Harbours", language = "en", position = 4 };
        using var blind = await server.SendAsync("PUT", "/api/v1/categories/harbours", content: JsonContent.Create(change));
        Assert.Equal(HttpStatusCode.PreconditionRequired, blind.StatusCode);
        using var changed = await server.SendAsync("PUT", "/api/v1/categories/harbours", content: JsonContent.Create(change), headers: ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var stale = await server.SendAsync("PUT", "/api/v1/categories/harbours", content: JsonContent.Create(change), headers: ("If-Match", tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        await AssertProblemAsync(stale);
        using var staleDelete = await server.SendAsync("DELETE", "/api/v1/categories/harbours", headers: ("If-Match", tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, staleDelete.StatusCode);
        using var deleted = await server.SendAsync("DELETE", "/api/v1/categories/harbours", headers: ("If-Match", changed.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        var told = await server.Services.GetRequiredService<IAuditStore>().ListAsync("category:harbours", null, 10, Ct);
        Assert.Equal(["category.delete", "category.edit", "category.create"], told.Select(record => record.Change.Action));
        Assert.All(told, record => Assert.Equal("anna (key: admin)", record.Change.Actor));
    }

    [Fact]
    public async Task A_key_that_may_refresh_has_a_source_fetched_and_may_nothing_else()
    {
        var sources = server.Services.GetRequiredService<ISourceStore>();
        var now = TimeProvider.System.GetUtcNow();
        var id = (await sources.AddAsync(new NewSource { Url = "http://127.0.0.1:9/refreshed.xml" }, now, Ct)).Id;
        using var answer = await server.SendAsync("POST", $"/api/v1/sources/{id}/refresh", "refresh only");
        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/sources/{id}"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var fetched = await RunningAggregator.UntilAsync(
            () => sources.FindAsync(id, Ct), source => source!.LastFetchAt is not null, TimeSpan.FromSeconds(30), source => $"{source}", Ct);
        // The guard refuses the address: what counts is that it was asked for.
        Assert.Equal((1, FetchFailureKind.TargetRefused), (fetched!.FailureCount, fetched.LastFailure!.Kind));
        foreach (var (method, path) in new[] { ("GET", $"/api/v1/sources/{id}"), ("DELETE", $"/api/v1/sources/{id}") })
        {
            using var refused = await server.SendAsync(method, path, "refresh only");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        var told = Assert.Single(await server.Services.GetRequiredService<IAuditStore>().ListAsync($"source:{id}", null, 10, Ct)).Change;
        Assert.Equal(("source.refresh", "anna (key: refresh only)"), (told.Action, told.Actor));
        await server.Services.GetRequiredService<ISourceAdminStore>().DeleteAsync([id], now, Ct);
    }

    [Fact]
    public async Task A_key_that_asks_too_often_waits()
    {
        for (var asked = 0; ; asked++)
        {
            Assert.InRange(asked, 0, (2 * ApiServer.RequestsPerMinute) + 1);
            using var answer = await server.SendAsync("GET", "/api/v1/categories/world", "counted");
            if (answer.StatusCode == HttpStatusCode.OK) continue;
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            await AssertProblemAsync(answer);
            break;
        }

        using var other = await server.SendAsync("GET", "/api/v1/categories/world", "read");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    private static StringContent? Content(string path, string? body) =>
        body is null ? null : new StringContent(body, Encoding.UTF8, path.EndsWith("opml", StringComparison.Ordinal) ? "text/x-opml" : "application/json");

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    /// <summary>What would differ if anything had been changed.</summary>
    private async Task<string> StateAsync()
    {
        var services = server.Services;
        var state = new
        {
            Audit = (await services.GetRequiredService<IAuditStore>().ListAsync(null, null, 1, Ct)).Select(record => record.Id),
            Categories = await services.GetRequiredService<ICategoryStore>().ListAsync(Ct),
            Sources = (await services.GetRequiredService<ISourceStore>().ListAsync(0, 200, Ct)).Select(SourceDocument.Of),
            Imports = await services.GetRequiredService<ISubscriptionImportStore>().ListAsync(Ct),
            Jobs = services.GetRequiredService<JobStorage>().GetMonitoringApi().EnqueuedCount(JobQueues.Interactive),
        };
        return JsonSerializer.Serialize(state);
    }
}
