using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Api;

public sealed class ApiRulesTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Ads = "title contains \"广告\" then drop";
    private const string Ports = "title contains \"port\" then tag \"ports\"";
    private const string World = "title contains \"world\" then category \"world\"";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/categories/world/rules", "category:world", "category.edit")]
    [InlineData("/api/v1/sources/1/rules", "source:1", "source.edit")]
    public async Task Rules_are_written_listed_added_changed_ordered_and_deleted(string path, string subject, string action)
    {
        var tag = await ExpectAsync("PUT", path, "*", new { text = "# no advertising\n" + Ads + "\n\n" + Ports + "\n" }, [Ads, Ports]);
        tag = await ExpectAsync("POST", path, tag, new { rule = World }, [Ads, Ports, World]);
        tag = await ExpectAsync("POST", path + "/order", tag, new { places = new[] { 3, 1, 2 } }, [World, Ads, Ports]);
        // The comment went with its rule.
        using (var list = await server.SendAsync("GET", path, "read"))
            Assert.Contains("# no advertising\\n" + Ads.Replace("\"", "\\u0022", StringComparison.Ordinal), await list.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using (var one = await server.SendAsync("GET", path + "/3", "read"))
            Assert.Equal(Ports, JsonDocument.Parse(await one.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("rule").GetString());
        tag = await ExpectAsync("PUT", path + "/3", tag, new { rule = "tag equals \"x\" then drop" }, [World, Ads, "tag equals \"x\" then drop"]);
        tag = await ExpectAsync("POST", path, tag, new { rule = Ports, place = 1 }, [Ports, World, Ads, "tag equals \"x\" then drop"]);
        tag = await ExpectAsync("DELETE", path + "/2", tag, null, [Ports, Ads, "tag equals \"x\" then drop"]);

        using (var stale = await server.SendAsync("DELETE", path + "/1", "admin", null, ("If-Match", "\"an older one\""))) Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        using (var blind = await server.SendAsync("DELETE", path + "/1", "admin")) Assert.Equal(HttpStatusCode.PreconditionRequired, blind.StatusCode);
        var racing = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => server.SendAsync("POST", path, "admin", JsonContent.Create(new { rule = $"title contains \"n{number}\" then drop" }), ("If-Match", tag))));
        Assert.Equal(1, racing.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(5, racing.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        foreach (var answer in racing) answer.Dispose();

        var told = await server.Services.GetRequiredService<IAuditStore>().ListAsync(subject, null, 20, Ct);
        Assert.Equal(7, told.Count(record => record.Change.Action == action && record.Change.Actor == "anna (key: admin)" && record.Change.Before != record.Change.After));
    }

    [Theory]
    [InlineData("PUT", "", """{"text":"title contains"}""", "text")]
    [InlineData("PUT", "", """{"text":null}""", "text")]
    [InlineData("PUT", "", """{"text":"title matches \"(a\" then drop"}""", "text")]
    [InlineData("PUT", "", """{"text":"title contains \"a\" then category \"none\""}""", "text")]
    [InlineData("POST", "", """{"rule":"<script>alert(1)</script>"}""", "rule")]
    [InlineData("POST", "", """{"rule":"title contains \"a\" then drop\ntitle contains \"b\" then drop"}""", "rule")]
    [InlineData("POST", "", """{"rule":"# only a comment"}""", "rule")]
    [InlineData("POST", "", """{"rule":"title contains \"a\" then drop","place":9}""", "place")]
    [InlineData("POST", "/order", """{"places":[1,1]}""", "places")]
    [InlineData("POST", "/order", """{}""", "places")]
    [InlineData("POST", "/test", """{"text":"nonsense"}""", "text")]
    public async Task What_cannot_be_used_is_named_by_its_field_and_changes_nothing(string method, string suffix, string body, string field)
    {
        const string Path = "/api/v1/sources/2/rules";
        using var before = await server.SendAsync("GET", Path);
        using var answer = await server.SendAsync(method, Path + suffix, "admin", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), ("If-Match", "*"));
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, text);
        Assert.Equal(field, Assert.Single(JsonDocument.Parse(text).RootElement.GetProperty("errors").EnumerateObject()).Name);
        Assert.DoesNotContain("<script>", text, StringComparison.OrdinalIgnoreCase);
        using var after = await server.SendAsync("GET", Path);
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task A_trial_says_what_would_happen_and_changes_nothing()
    {
        using var answer = await server.SendAsync("POST", "/api/v1/categories/world/rules/test", "read", JsonContent.Create(new { text = "title matches \".\" then tag \"all\"" }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var trial = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.InRange(trial.RootElement.GetProperty("hits").GetArrayLength(), 1, trial.RootElement.GetProperty("entries").GetInt32());
        Assert.Equal("all", trial.RootElement.GetProperty("hits")[0].GetProperty("tags")[0].GetString());
        Assert.DoesNotContain("\"all\"", (await server.Services.GetRequiredService<ICategoryStore>().FindAsync("world", Ct))!.Rules ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/categories/none/rules")]
    [InlineData("GET", "/api/v1/sources/999/rules")]
    [InlineData("GET", "/api/v1/sources/2/rules/1")]
    [InlineData("DELETE", "/api/v1/sources/2/rules/1")]
    [InlineData("GET", "/api/v1/sources/2/rules/0")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        using var answer = await server.SendAsync(method, path, "admin", null, ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<string> ExpectAsync(string method, string path, string tag, object? body, string[] rules)
    {
        using var answer = await server.SendAsync(method, path, "admin", body is null ? null : JsonContent.Create(body), ("If-Match", tag));
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal(rules, JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("rule").GetString()));
        return answer.Headers.ETag!.ToString();
    }
}
