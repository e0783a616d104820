using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.Api;
using Aggregator.Server.Tests.EndToEnd;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Retention;

/// <summary>How long things are kept, set in the dashboard and by the API: the same rules, the same record.</summary>
public sealed class RetentionPagesTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Sentence = "four lamps on the quay";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IRetentionStore Store => server.Services.GetRequiredService<IRetentionStore>();

    [Fact]
    public async Task An_admin_sets_what_is_kept_of_a_category_and_of_a_source_and_sees_who_says_what()
    {
        await server.Services.GetRequiredService<AdminAccounts>().SaveAsync("keeper", Sentence, Ct);
        var category = (await server.Services.GetRequiredService<ICategoryStore>().FindAsync("world", Ct))!;
        var source = (await server.Services.GetRequiredService<ISourceStore>().ListAsync(0, 200, Ct)).First(listing => listing.Categories.Any(own => own.Id == category.Id)).Source;
        using var admin = new FormBrowser(server.Address);
        await admin.GetAsync("/sign-in?return=/hangfire/retention&lang=en");
        var overview = await admin.SubmitAsync("/sign-in", ("name", "keeper"), ("password", Sentence));
        Assert.Equal("/hangfire/retention", overview.Path);
        Assert.Contains("for ever", overview.Html, StringComparison.Ordinal);

        var ofCategory = $"/hangfire/categories/{category.Id}/retention";
        await admin.GetAsync(ofCategory);
        var saved = await admin.SubmitAsync(ofCategory, ("entry-days", "30"), ("entry-count", ""), ("version-days", ""), ("version-count", "5"));
        Assert.Equal((HttpStatusCode.OK, ofCategory), (saved.Status, saved.Path));
        Assert.Contains("The retention was saved.", saved.Html, StringComparison.Ordinal);
        Assert.Equal(new RetentionSettings(new RetentionRule(30), new RetentionRule(0, 5)), await Store.FindRetentionAsync(Topic.Category(category.Id), Ct));

        // The source's page says what its category says, until it says something itself: 0 is for ever, and not the same as nothing.
        var ofSource = $"/hangfire/sources/{source.Id}/retention";
        Assert.Equal(["left to others|left to others", "for 30 days|the newest 5", "for ever|for ever"], Said((await admin.GetAsync(ofSource)).Html));
        saved = await admin.SubmitAsync(ofSource, ("entry-days", "0"), ("entry-count", "0"), ("version-days", "7"), ("version-count", "3"));
        Assert.Equal(["for ever|for 7 days, of the newest 3", "for 30 days|the newest 5", "for ever|for ever"], Said(saved.Html));
        overview = await admin.GetAsync("/hangfire/retention");
        Assert.Contains("for 7 days, of the newest 3", overview.Html, StringComparison.Ordinal);
        Assert.Contains("for 30 days", overview.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{ofSource}\"", (await admin.GetAsync($"/hangfire/sources/{source.Id}")).Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{ofCategory}\"", (await admin.GetAsync($"/hangfire/categories/{category.Id}")).Html, StringComparison.Ordinal);

        await admin.GetAsync(ofSource);
        await admin.SubmitAsync(ofSource, ("entry-days", ""), ("entry-count", ""), ("version-days", ""), ("version-count", ""));
        Assert.True((await Store.FindRetentionAsync(Topic.Source(source.Id), Ct)).IsEmpty);
        var told = (await server.Services.GetRequiredService<IAuditStore>().ListAsync($"source:{source.Id}", null, 20, Ct)).Where(record => record.Change.Actor == "keeper").ToList();
        Assert.Equal(["source.retention", "source.retention"], told.Select(record => record.Change.Action));
        Assert.Contains("\"days\":7", told[0].Change.Before!, StringComparison.Ordinal);
        Assert.Contains("retention", (await admin.GetAsync("/hangfire/audit")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/hangfire/sources/999/retention")).Status);
    }

    [Theory]
    [InlineData("/api/v1/categories/domestic/retention", "category:domestic", "category.retention")]
    [InlineData("/api/v1/sources/2/retention", "source:2", "source.retention")]
    public async Task A_program_sets_it_for_the_state_that_it_has_seen(string path, string subject, string action)
    {
        using var first = await server.SendAsync("GET", path, "viewer");
        Assert.Equal("""{"entries":null,"versions":null}""", await first.Content.ReadAsStringAsync(Ct));
        using var set = await server.SendAsync("PUT", path, "admin", JsonContent.Create(new { entries = new { days = 90 }, versions = new { count = 4 } }), ("If-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal("""{"entries":{"days":90,"count":0},"versions":{"days":0,"count":4}}""", await set.Content.ReadAsStringAsync(Ct));
        using var stale = await server.SendAsync("PUT", path, "admin", JsonContent.Create(new { }), ("If-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        using var blind = await server.SendAsync("PUT", path, "admin", JsonContent.Create(new { }));
        Assert.Equal(HttpStatusCode.PreconditionRequired, blind.StatusCode);
        using var same = await server.SendAsync("GET", path, "read", null, ("If-None-Match", set.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);

        var racing = await Task.WhenAll(Enumerable.Range(1, 6).Select(days => server.SendAsync("PUT", path, "admin", JsonContent.Create(new { entries = new { days } }), ("If-Match", set.Headers.ETag!.ToString()))));
        Assert.Equal((1, 5), (racing.Count(answer => answer.StatusCode == HttpStatusCode.OK), racing.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed)));
        foreach (var answer in racing) answer.Dispose();
        using var cleared = await server.SendAsync("PUT", path, "admin", JsonContent.Create(new { }), ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
        var told = (await server.Services.GetRequiredService<IAuditStore>().ListAsync(subject, null, 20, Ct)).Where(record => record.Change.Actor == "anna (key: admin)").ToList();
        Assert.Equal([action, action, action], told.Select(record => record.Change.Action));
        using var changes = JsonDocument.Parse(told[^1].Change.After!);
        Assert.Equal(90, changes.RootElement.GetProperty("entries").GetProperty("days").GetInt32());
    }

    private static IEnumerable<string> Said(string html) => new HtmlParser().ParseDocument(html).QuerySelectorAll("#said tbody tr")
        .Select(row => string.Join('|', row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim())));
}
