using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Api;
using Aggregator.Server.Tests.EndToEnd;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Audits;

/// <summary>Each change as the list of changes shows it: who made it, of what, how it was before and how it is now.</summary>
public sealed class AuditedChangesTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_and_rules_of_a_source()
    {
        using var admin = await server.Server.SignInAsync("sara");
        await admin.GetAsync("/hangfire/sources/1");
        (string, string)[] kept = [("url", "https://daily.example.cn/rss.xml"), ("category", "1"), ("republish", "")];
        await SavedAsync("/hangfire/sources/1/settings", [.. kept, ("title", "Quiet"), ("zone", "Asia/Shanghai"), ("min", "30"), ("user", "reader"), ("password", "hunter2secret"), ("headers", "X-Key: k3y-s3cret")]);
        await SavedAsync("/hangfire/sources/1/settings", [.. kept, ("category", "2"), ("title", "Loud"), ("zone", "+08:00"), ("min", "45"), ("max", "90"), ("user", "reader"), ("charset", "gb18030")]);
        await admin.GetAsync("/hangfire/sources/1/rules");
        await SavedAsync("/hangfire/sources/1/rules", [("command", "save"), ("rules", "title contains \"a\" then drop")]);
        await SavedAsync("/hangfire/sources/1/rules", [("command", "save"), ("rules", "title contains \"b\" then tag \"B\"")]);

        var rows = await RowsAsync(admin, "source:1");
        Assert.All(rows, row => Assert.Equal("sara", row.Who));
        Assert.Equal(["Source · edited", "Source · edited", "Source · edited", "Source · edited"], rows.Select(row => row.What));
        Assert.Equal(["rules: title contains \"a\" then drop → title contains \"b\" then tag \"B\""], rows[0].Said);
        Assert.Equal(["rules: title contains \"a\" then drop"], rows[1].Said);
        Assert.Equal(
            ["title: Quiet → Loud", "defaultZone: Asia/Shanghai → +08:00", "minInterval: 00:30:00 → 00:45:00", "categoryIds: [1] → [1,2]", "maxInterval: 01:30:00", "charset: gb18030"],
            rows[2].Said);
        Assert.Contains("title: Quiet", rows[3].Said);
        Assert.Contains("password: •••", rows[3].Said);

        async Task SavedAsync(string path, (string, string)[] fields)
        {
            var page = await admin.SubmitAsync(path, fields);
            Assert.True(page.Status == HttpStatusCode.OK && page.Html.Contains("role=\"status\"", StringComparison.Ordinal), page.Html);
        }
    }

    [Fact]
    public async Task A_category_and_its_rules()
    {
        using var admin = await server.Server.SignInAsync("carl");
        await admin.GetAsync("/hangfire/categories");
        var made = await admin.SubmitAsync("/hangfire/categories", ("title", "Ports"), ("slug", "ports"), ("language", "en"), ("description", "All of them."), ("position", "4"), ("attribution", "show"));
        await admin.SubmitAsync(made.Path, ("title", "Harbours"), ("slug", "harbours"), ("language", "en-GB"), ("description", ""), ("position", "5"));
        await admin.GetAsync(made.Path + "/rules");
        await admin.SubmitAsync(made.Path + "/rules", ("command", "save"), ("rules", "title contains \"lamp\" then drop"));
        await admin.GetAsync(made.Path + "/delete");
        await admin.SubmitAsync(made.Path + "/delete");

        var first = await RowsAsync(admin, "category:ports");
        Assert.Equal([("carl", "Category · edited"), ("carl", "Category · created")], first.Select(row => (row.Who, row.What)));
        Assert.Equal(
            ["slug: ports → harbours", "title: Ports → Harbours", "description: All of them.", "language: en → en-GB", "showAttribution: True → False", "position: 4 → 5"], first[0].Said);
        Assert.Contains("title: Ports", first[1].Said);
        var later = await RowsAsync(admin, "category:harbours");
        Assert.Equal([("carl", "Category · deleted"), ("carl", "Category · edited")], later.Select(row => (row.Who, row.What)));
        Assert.Contains("title: Harbours", later[0].Said);
        Assert.Equal(["rules: title contains \"lamp\" then drop"], later[1].Said);
    }

    [Fact]
    public async Task Roles_and_closed_accounts()
    {
        using var admin = await server.Server.SignInAsync("rita");
        foreach (var fields in ((string, string)[][])[[("command", "add"), ("name", "otto"), ("password", "another long sentence"), ("role", "viewer")], [("command", "role"), ("name", "otto"), ("role", "admin")], [("command", "disable"), ("name", "otto")], [("command", "enable"), ("name", "otto")]])
        {
            await admin.GetAsync("/hangfire/accounts");
            // Each of its forms has the command and the name in hidden fields of its own: those given stand in their place.
            await PostAsync(admin, "/hangfire/accounts", fields);
        }

        var rows = await RowsAsync(admin, "account:otto");
        Assert.All(rows, row => Assert.Equal("rita", row.Who));
        Assert.Equal(["disabled: True → False", "disabled: False → True", "role: viewer → admin", "role: viewer"], rows.Select(row => Assert.Single(row.Said)));
    }

    [Fact]
    public async Task What_was_done_to_several_sources_at_once()
    {
        var sources = server.Services.GetRequiredService<ISourceStore>();
        var now = TimeProvider.System.GetUtcNow();
        var (one, two) = ((await sources.AddAsync(new NewSource { Url = "https://bulk.example/1", CategoryIds = [2] }, now, Ct)).Id, (await sources.AddAsync(new NewSource { Url = "https://bulk.example/2" }, now, Ct)).Id);
        using var admin = await server.Server.SignInAsync("bert");
        foreach (var fields in ((string, string)[][])[[("action", "pause")], [("action", "move"), ("to", "1")], [("action", "resume")], [("action", "delete"), ("confirmed", "yes")], [("action", "restore")]])
        {
            await admin.GetAsync("/hangfire/sources");
            var page = await PostAsync(admin, "/hangfire/sources/bulk", [.. fields, ("id", $"{one}"), ("id", $"{two}")]);
            Assert.Equal("/hangfire/sources", page.Path);
        }

        var rows = await RowsAsync(admin, $"sources:{one},{two}");
        Assert.All(rows, row => Assert.Equal("bert", row.Who));
        Assert.Equal(["Source · restored", "Source · deleted", "Source · resumed", "Source · moved", "Source · paused"], rows.Select(row => row.What));
        string Both(string state, string first, string second) => $$"""[{"id":{{one}},"state":"{{state}}","categories":[{{first}}]},{"id":{{two}},"state":"{{state}}","categories":[{{second}}]}]""";
        const string World = "\"world\"", Domestic = "\"domestic\"";
        Assert.Equal(
            [
                $"sources: {Both("deleted", Domestic, Domestic)} → {Both("active", Domestic, Domestic)}", $"sources: {Both("active", Domestic, Domestic)} → {Both("deleted", Domestic, Domestic)}",
                $"sources: {Both("paused", Domestic, Domestic)} → {Both("active", Domestic, Domestic)}", $"sources: {Both("paused", World, "")} → {Both("paused", Domestic, Domestic)}",
                $"sources: {Both("active", World, "")} → {Both("paused", World, "")}",
            ],
            rows.Select(row => row.Said.Single(line => line.StartsWith("sources", StringComparison.Ordinal))));
        Assert.All(rows, row => Assert.Contains("changed: 2", row.Said));
    }

    private static async Task<FormPage> PostAsync(FormBrowser admin, string path, (string Name, string Value)[] fields)
    {
        var token = new HtmlParser().ParseDocument((await admin.GetAsync("/hangfire/account")).Html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("form-token", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]) };
        return await admin.SendAsync(request);
    }

    /// <summary>What the list says of a subject, newest first; nothing secret stands on its page.</summary>
    private static async Task<IReadOnlyList<(string Who, string What, IReadOnlyList<string> Said)>> RowsAsync(FormBrowser admin, string subject)
    {
        var page = await admin.GetAsync("/hangfire/audit?lang=en&subject=" + Uri.EscapeDataString(subject));
        foreach (var secret in new[] { "hunter2secret", "k3y-s3cret", "another long sentence" }) Assert.DoesNotContain(secret, page.Html, StringComparison.Ordinal);
        return [.. new HtmlParser().ParseDocument(page.Html).QuerySelectorAll("tbody tr").Select(row => row.QuerySelectorAll("td")).Select(cells => (
            cells[1].TextContent.Trim(), cells[2].TextContent.Trim(),
            (IReadOnlyList<string>)[.. cells[4].QuerySelectorAll("div").Select(line => string.Join(' ', line.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))]))];
    }
}
