using System.Net;
using System.Net.Sockets;
using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class AccountEndpointsTests : IAsyncLifetime
{
    private const string Sentence = "four lamps on the quay";

    private RunningSite _site = null!;
    private HttpClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await RunningSite.StartAsync();
        await Accounts.SaveAsync("anna", Sentence, default);
        _browser = _site.CreateBrowser("en");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _site.DisposeAsync();
    }

    private AdminAccounts Accounts => _site.Services.GetRequiredService<AdminAccounts>();

    [Fact]
    public async Task A_visitor_is_led_to_the_sign_in_and_then_to_where_he_wanted_to_go()
    {
        using var asked = await _browser.GetAsync(new Uri("/hangfire", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("/sign-in?return=%2Fhangfire", asked.Headers.Location!.OriginalString);

        using var signedIn = await SignInAsync("anna", Sentence, asked.Headers.Location.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Equal("/hangfire", signedIn.Headers.Location!.OriginalString);
        Assert.Equal("dashboard of anna", await _browser.GetStringAsync(new Uri("/hangfire", UriKind.Relative)));
    }

    [Fact]
    public async Task A_visitor_who_names_no_host_is_led_to_the_sign_in_too()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_site.Address.Host, _site.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /hangfire HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("302 Found", answer, StringComparison.Ordinal);
        Assert.Contains("Location: /sign-in?return=%2Fhangfire\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_way_to_write_a_name_walks_around_its_lock()
    {
        for (var i = 0; i < 5; i++) (await SignInAsync("anna", "wrong")).Dispose();

        // A form in parts may hold U+0000, which the store leaves out of a name.
        var page = await _browser.GetPageAsync("/sign-in");
        using var form = new MultipartFormDataContent();
        foreach (var field in page.QuerySelectorAll("form input[type=hidden]")) form.Add(new StringContent(field.GetAttribute("value")!), field.GetAttribute("name")!);
        form.Add(new StringContent("an\0na"), "name");
        form.Add(new StringContent(Sentence), "password");
        using var refused = await _browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await AssertSignedOutAsync();
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_for_scripts_and_other_sites()
    {
        using var signedIn = await SignInAsync("anna", Sentence);
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), value => value.StartsWith("aggregator-admin=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("; expires=", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anna", "four lamps on the key")]
    [InlineData("nobody", Sentence)]
    [InlineData("", "")]
    public async Task A_wrong_name_and_a_wrong_password_look_the_same(string name, string password)
    {
        using var refused = await SignInAsync(name, password);
        var page = await refused.ReadPageAsync(HttpStatusCode.Forbidden);
        Assert.Equal("That name and password do not match.", page.TextOf("[role=alert]"));
        Assert.Equal(name, page.AttributeOf("#name", "value"));
        Assert.Null(page.QuerySelector("#password")!.GetAttribute("value"));
        await AssertSignedOutAsync();
    }

    [Fact]
    public async Task After_five_failures_even_the_right_password_waits_its_time()
    {
        for (var i = 0; i < 5; i++)
        {
            using var refused = await SignInAsync("anna", "wrong");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var locked = await SignInAsync("anna", Sentence);
        var page = await locked.ReadPageAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal("Too many failures. Please try again in 15 minutes.", page.TextOf("[role=alert]"));
        Assert.Equal(TimeSpan.FromMinutes(15), locked.Headers.RetryAfter!.Delta);
        await AssertSignedOutAsync();

        _site.Clock.Advance(TimeSpan.FromMinutes(15));
        using var signedIn = await SignInAsync("anna", Sentence);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("~/hangfire")]
    [InlineData("/\tx")]
    [InlineData("/\r\nSet-Cookie: x=y")]
    [InlineData("/港")]
    [InlineData("evil.example")]
    public async Task Another_host_is_no_place_to_return_to(string place)
    {
        using var signedIn = await SignInAsync("anna", Sentence, "/sign-in?return=" + Uri.EscapeDataString(place));
        Assert.Equal("/hangfire", signedIn.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    public async Task A_form_that_is_not_ours_does_nothing(string address)
    {
        using var forged = new FormUrlEncodedContent([new("name", "anna"), new("password", Sentence)]);
        using var refused = await _browser.PostAsync(new Uri(address, UriKind.Relative), forged);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await AssertSignedOutAsync();
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    public async Task What_is_no_form_is_refused(string address)
    {
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var refused = await _browser.PostAsync(new Uri(address, UriKind.Relative), json);
        await refused.ReadPageAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_form_with_too_many_fields_is_refused()
    {
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 2_000).Select(number => KeyValuePair.Create("f" + number, "1")));
        using var refused = await _browser.PostAsync(new Uri("/sign-in", UriKind.Relative), many);
        await refused.ReadPageAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_refused_before_it_is_read()
    {
        using var large = new FormUrlEncodedContent([new("name", new string('n', 40_000))]);
        using var refused = await _browser.PostAsync(new Uri("/sign-in", UriKind.Relative), large);
        await refused.ReadPageAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var signedIn = await SignInAsync("anna", Sentence);
        var page = await _browser.GetPageAsync("/sign-in");
        Assert.Equal("You are signed in as anna.", page.TextOf(".account > p"));

        using var form = Form(page, []);
        using var signedOut = await _browser.PostAsync(new Uri(page.AttributeOf("form", "action"), UriKind.Relative), form);
        Assert.Equal("/", signedOut.Headers.Location!.OriginalString);
        await AssertSignedOutAsync();
    }

    [Fact]
    public async Task A_new_password_ends_the_sessions_of_the_old_one()
    {
        using var signedIn = await SignInAsync("anna", Sentence);
        await Accounts.SaveAsync("anna", "another long sentence", default);
        await AssertSignedOutAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_public_page_that_renews_or_ends_a_session_is_kept_by_nobody(bool ends)
    {
        using var signedIn = await SignInAsync("anna", Sentence);
        using (var before = await _browser.GetAsync(new Uri("/", UriKind.Relative)))
            Assert.Equal("public, max-age=60", before.Headers.CacheControl!.ToString());

        if (ends) await Accounts.SaveAsync("anna", "another long sentence", default);
        else _site.Clock.Advance(TimeSpan.FromDays(8));
        using var page = await _browser.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Contains(page.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("aggregator-admin=", StringComparison.Ordinal));
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.False(page.Headers.CacheControl.Public);
    }

    [Fact]
    public async Task A_session_ends_when_nobody_comes_back()
    {
        using var signedIn = await SignInAsync("anna", Sentence);
        _site.Clock.Advance(TimeSpan.FromDays(15));
        await AssertSignedOutAsync();
    }

    [Fact]
    public async Task The_first_admin_is_made_with_the_token_of_the_console_once()
    {
        await using var fresh = await RunningSite.StartAsync();
        var setup = fresh.Services.GetRequiredService<SetupToken>();
        using var browser = fresh.CreateBrowser("en");
        var page = await browser.GetPageAsync(setup.Path);
        Assert.Equal("Create the first admin", page.TextOf("h1"));

        foreach (var (password, again, problem) in new[]
        {
            ("short", "short", "A password has at least 10 characters. A sentence you can remember is a good one."),
            (Sentence, Sentence + "!", "The two passwords differ."),
        })
        {
            using var wrong = Form(page, [("name", "anna"), ("password", password), ("password-again", again)]);
            using var refused = await browser.PostAsync(new Uri(setup.Path, UriKind.Relative), wrong);
            Assert.Equal(problem, (await refused.ReadPageAsync(HttpStatusCode.UnprocessableEntity)).TextOf("[role=alert]"));
        }

        using var right = Form(page, [("name", "anna"), ("password", Sentence), ("password-again", Sentence)]);
        using var made = await browser.PostAsync(new Uri(setup.Path, UriKind.Relative), right);
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        Assert.Equal("dashboard of anna", await browser.GetStringAsync(new Uri("/hangfire", UriKind.Relative)));

        await browser.GetPageAsync(setup.Path, HttpStatusCode.NotFound);
        using var second = Form(page, [("name", "eve"), ("password", Sentence), ("password-again", Sentence)]);
        using var refusedNow = await browser.PostAsync(new Uri(setup.Path, UriKind.Relative), second);
        await refusedNow.ReadPageAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=00000000000000000000000000000000")]
    public async Task The_set_up_is_nowhere_without_the_token(string address)
    {
        await using var fresh = await RunningSite.StartAsync();
        using var browser = fresh.CreateBrowser("en");
        await browser.GetPageAsync(address, HttpStatusCode.NotFound);
        using var form = new FormUrlEncodedContent([new("name", "eve"), new("password", Sentence), new("password-again", Sentence)]);
        using var refused = await browser.PostAsync(new Uri(address, UriKind.Relative), form);
        await refused.ReadPageAsync(HttpStatusCode.NotFound);
        Assert.True(await fresh.Services.GetRequiredService<SetupToken>().IsOpenAsync(default));
    }

    private async Task<HttpResponseMessage> SignInAsync(string name, string password, string address = "/sign-in")
    {
        var page = await _browser.GetPageAsync(address);
        using var form = Form(page, [("name", name), ("password", password)]);
        return await _browser.PostAsync(new Uri(page.AttributeOf("form", "action"), UriKind.Relative), form);
    }

    /// <summary>The page's form with its hidden fields, filled in.</summary>
    private static FormUrlEncodedContent Form(AngleSharp.Html.Dom.IHtmlDocument page, (string Name, string Value)[] fields) => new(
    [
        .. page.QuerySelectorAll("form input[type=hidden]").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value")!)),
        .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
    ]);

    private async Task AssertSignedOutAsync()
    {
        using var asked = await _browser.GetAsync(new Uri("/hangfire", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.StartsWith("/sign-in?", asked.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }
}
