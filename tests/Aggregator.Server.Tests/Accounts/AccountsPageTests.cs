using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Aggregator.Server.Tests.EndToEnd;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class AccountsPageTests(AdminServer server) : IClassFixture<AdminServer>
{
    /// <summary>Every place in the dashboard that changes something, and what a form there would say.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "/hangfire/sources", "url=https://evil.example/feed" },
        { "/hangfire/sources/1/pause", "" },
        { "/hangfire/sources/1/resume", "" },
        { "/hangfire/sources/1/refresh", "" },
        { "/hangfire/categories/world/hide-attribution", "" },
        { "/hangfire/takedowns/1", "decision=approve" },
        { "/hangfire/accounts", "command=add&name=eve&password=a+long+enough+sentence&role=admin" },
        { "/hangfire/accounts", "command=disable&name=anna" },
        { "/hangfire/accounts", "command=password&name=anna&password=a+long+enough+sentence" },
        { "/hangfire/account", "command=add-key&key-name=evil&scope=write" },
        { "/hangfire/recurring/trigger", "jobs[]=crawl" },
        { "/hangfire/recurring/remove", "jobs[]=crawl" },
        { "/hangfire/jobs/enqueued/delete", "jobs[]=1" },
        { "/HANGFIRE/Accounts", "command=disable&name=anna" },
        { "/hangfire//accounts", "command=disable&name=anna" },
        { "/hangfire/settings/backup", "" },
        { "/hangfire/hub/1/end", "" },
        { "/hangfire/hub/1/retry", "" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_viewer_changes_nothing(string path, string form)
    {
        await MakeAsync("vic" + path.Length + form.Length, "viewer");
        using var browser = await server.SignInAsync("vic" + path.Length + form.Length);
        var before = await StateAsync();
        var page = await browser.GetAsync("/hangfire/account");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var token = new HtmlParser().ParseDocument(page.Html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;

        using var request = Post(path, form + "&form-token=" + Uri.EscapeDataString(token));
        var answer = await browser.SendAsync(request);

        Assert.True(answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, $"{(int)answer.Status}");
        Assert.Equal(before, await StateAsync());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_form_without_its_token_changes_nothing(string path, string form)
    {
        using var browser = await server.SignInAsync();
        var before = await StateAsync();
        foreach (var forged in new[] { form, form + "&form-token=" + new string('A', 120) })
        {
            using var request = Post(path, forged);
            var answer = await browser.SendAsync(request);
            Assert.True((int)answer.Status is 400 or 403 or 404, $"{(int)answer.Status}");
        }

        Assert.Equal(before, await StateAsync());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_stranger_and_a_forged_cookie_are_led_to_the_sign_in(string path, string form)
    {
        var before = await StateAsync();
        foreach (var cookie in new[] { null, "aggregator-admin=CfDJ8" + new string('A', 200), "aggregator-admin=; aggregator-admin=../../" })
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server.Address };
            using var request = Post(path, form);
            if (cookie is not null) request.Headers.Add("Cookie", cookie);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.NotFound, $"{(int)answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.Redirect) Assert.StartsWith("/sign-in?return=", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_viewer_sees_the_pages_and_changes_his_own_password_which_signs_the_others_out()
    {
        await MakeAsync("walter", "viewer");
        using var first = await server.SignInAsync("walter");
        using var second = await server.SignInAsync("walter");
        foreach (var path in new[] { "/hangfire", "/hangfire/sources", "/hangfire/audit", "/hangfire/accounts", "/hangfire/account", "/hangfire/recurring" })
            Assert.Equal((HttpStatusCode.OK, path), await AtAsync(second, path));
        Assert.DoesNotContain("command", (await second.GetAsync("/hangfire/accounts")).Html, StringComparison.Ordinal);

        await second.GetAsync("/hangfire/account");
        var wrong = await second.SubmitAsync("/hangfire/account", ("current-password", "wrong"), ("password", "another long sentence"), ("password-again", "another long sentence"));
        Assert.Contains("当前密码不正确。", wrong.Html, StringComparison.Ordinal);
        var changed = await second.SubmitAsync("/hangfire/account", ("current-password", AdminServer.Sentence), ("password", "another long sentence"), ("password-again", "another long sentence"));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal((HttpStatusCode.OK, "/hangfire"), await AtAsync(second, "/hangfire"));
        Assert.Equal((HttpStatusCode.OK, "/sign-in"), await AtAsync(first, "/hangfire"));
    }

    [Fact]
    public async Task An_admin_ends_sessions_disables_and_gives_roles_and_each_counts_at_once()
    {
        await MakeAsync("bob", "admin");
        using var bob = await server.SignInAsync("bob");
        await CommandAsync("role", "bob", ("role", "viewer"));
        using (var request = Post("/hangfire/accounts", "command=enable&name=anna")) Assert.Equal(HttpStatusCode.Forbidden, (await bob.SendAsync(request)).Status);
        await CommandAsync("end", "bob");
        Assert.Equal((HttpStatusCode.OK, "/sign-in"), await AtAsync(bob, "/hangfire"));

        using var again = await server.SignInAsync("bob");
        await CommandAsync("disable", "bob");
        Assert.Equal((HttpStatusCode.OK, "/sign-in"), await AtAsync(again, "/hangfire"));
        await again.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.Forbidden, (await again.SubmitAsync("/sign-in", ("name", "bob"), ("password", AdminServer.Sentence))).Status);

        var last = await CommandAsync("disable", "anna");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, last.Status);
    }

    [Fact]
    public async Task A_session_that_a_stranger_planted_is_never_signed_in()
    {
        using var attacker = await server.SignInAsync();
        using var victim = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var browser = await server.SignInAsync();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("/sign-out");
        Assert.Equal((HttpStatusCode.OK, "/sign-in"), await AtAsync(browser, "/hangfire"));
        Assert.Equal((HttpStatusCode.OK, "/hangfire"), await AtAsync(attacker, "/hangfire"));
    }

    [Fact]
    public async Task A_key_is_shown_once()
    {
        using var browser = await server.SignInAsync();
        await browser.GetAsync("/hangfire/account?lang=en");
        var key = await MakeKeyAsync(browser, "CI", "read", "write");
        Assert.Matches("^agg_[A-Za-z0-9_-]{43}$", key);
        var later = await browser.GetAsync("/hangfire/account");
        Assert.DoesNotContain(key, later.Html, StringComparison.Ordinal);
        Assert.Contains(key[..10], later.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(key, (await browser.GetAsync("/hangfire/audit")).Html, StringComparison.Ordinal);

        // In no file that is kept: not in the store or its log, not in that of the jobs. What it begins with is there, to be told from others by.
        var files = new List<string>();
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) != ".lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            Assert.False(bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.ASCII.GetBytes(key[10..])) >= 0, file);
            if (bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.ASCII.GetBytes(key[..10])) >= 0) files.Add(Path.GetFileName(file));
        }

        Assert.Contains(files, file => file.StartsWith("store.db", StringComparison.Ordinal));
    }

    /// <summary>Makes a key with these scopes in a browser that is signed in.</summary>
    internal static async Task<string> MakeKeyAsync(FormBrowser browser, string name, params string[] scopes)
    {
        var page = await browser.GetAsync("/hangfire/account");
        var token = new HtmlParser().ParseDocument(page.Html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        using var request = Post(
            "/hangfire/account", "command=add-key&key-name=" + name + string.Concat(scopes.Select(scope => "&scope=" + scope)) + "&days=30&form-token=" + Uri.EscapeDataString(token));
        var made = await browser.SendAsync(request);
        return new HtmlParser().ParseDocument(made.Html).QuerySelector("#new-key")!.TextContent;
    }

    private static async Task<(HttpStatusCode, string)> AtAsync(FormBrowser browser, string path)
    {
        var page = await browser.GetAsync(path);
        return (page.Status, page.Path);
    }

    private static HttpRequestMessage Post(string path, string form)
    {
        var content = new StringContent(form);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    private Task<FormPage> MakeAsync(string name, string role) => CommandAsync("add", name, ("password", AdminServer.Sentence), ("role", role));

    private async Task<FormPage> CommandAsync(string command, string name, params (string Name, string Value)[] fields)
    {
        using var anna = await server.SignInAsync();
        var page = await anna.GetAsync("/hangfire/accounts?lang=en");
        var token = new HtmlParser().ParseDocument(page.Html).QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/accounts")
        {
            Content = new FormUrlEncodedContent([new("command", command), new("name", name), new("form-token", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        return await anna.SendAsync(request);
    }

    /// <summary>The newest change and the accounts: what would differ if anything had been changed.</summary>
    private async Task<string> StateAsync()
    {
        using var anna = await server.SignInAsync();
        var document = new HtmlParser().ParseDocument((await anna.GetAsync("/hangfire/audit?lang=en")).Html);
        var accounts = new HtmlParser().ParseDocument((await anna.GetAsync("/hangfire/accounts?lang=en")).Html);
        return document.QuerySelector("tbody tr")!.TextContent + accounts.QuerySelector("tbody")!.TextContent;
    }
}
