using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Resources;
using Aggregator.Server.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

/// <summary>The pages and a provider, both real and on loopback.</summary>
public sealed class OpenIdConnectSignInTests : IAsyncLifetime
{
    private TestIdentityProvider _provider = null!;
    private RunningSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await TestIdentityProvider.StartAsync();
        _site = await RunningSite.StartAsync(_provider.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IAdminStore Admins => _site.Services.GetRequiredService<IAdminStore>();

    private ISessionStore Sessions => _site.Services.GetRequiredService<ISessionStore>();

    [Fact]
    public async Task Makes_an_account_with_the_role_of_the_claims_and_a_session_that_can_be_ended()
    {
        using var browser = new FormBrowser(_site.Address);
        var came = await browser.GetAsync("/sign-in/openid?return=%2Fhangfire%3Fa%3D1");
        Assert.Equal((HttpStatusCode.OK, "dashboard of olga"), (came.Status, came.Html));

        var asked = Assert.Single(_provider.Asked);
        Assert.Equal(("openid profile", "S256", _site.Address + "sign-in/openid/callback"), (asked["scope"].ToString(), asked["code_challenge_method"].ToString(), asked["redirect_uri"].ToString()));
        Assert.Empty(_provider.Refused);
        var olga = Assert.Single(await Admins.ListAsync(Ct));
        Assert.Equal(("olga", AccountRole.Admin, _provider.Issuer + " " + _provider.Subject), (olga.Name, olga.Role, olga.ExternalId));
        Assert.Null(await _site.Services.GetRequiredService<AdminAccounts>().CheckAsync("olga", "", Ct));
        var told = Assert.Single(await _site.Services.GetRequiredService<IAuditStore>().ListAsync("account:olga", null, 10, Ct));
        Assert.Equal(("olga", "account.add"), (told.Change.Actor, told.Change.Action));

        var session = Assert.Single(await Sessions.ListAsync(olga.Id, DateTimeOffset.UnixEpoch, 10, Ct));
        Assert.True(await Sessions.EndAsync(session.Id, adminId: null, Ct));
        Assert.Equal("/sign-in", (await browser.GetAsync("/hangfire")).Path);
    }

    [Fact]
    public async Task Knows_somebody_again_by_his_subject_and_takes_his_role_from_every_sign_in()
    {
        using var browser = new FormBrowser(_site.Address);
        await browser.GetAsync("/sign-in/openid");
        _provider.Name = "olga married";
        _provider.Roles = ["aggregator-viewer"];
        var viewer = await browser.GetAsync("/sign-in/openid");
        Assert.Equal(HttpStatusCode.Forbidden, viewer.Status);

        var olga = Assert.Single(await Admins.ListAsync(Ct));
        Assert.Equal(("olga", AccountRole.Viewer), (olga.Name, olga.Role));
        Assert.Single(await Sessions.ListAsync(olga.Id, DateTimeOffset.UnixEpoch, 10, Ct));
        var told = await _site.Services.GetRequiredService<IAuditStore>().ListAsync("account:olga", null, 10, Ct);
        Assert.Equal(["account.role", "account.add"], told.Select(record => record.Change.Action));
        Assert.Contains("\"admin\"", told[0].Change.Before, StringComparison.Ordinal);
        Assert.Contains("\"viewer\"", told[0].Change.After, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state", SignInRefusal.Failed)]
    [InlineData("nonce", SignInRefusal.Failed)]
    [InlineData("signature", SignInRefusal.Failed)]
    [InlineData("unsigned", SignInRefusal.Failed)]
    [InlineData("symmetric", SignInRefusal.Failed)]
    [InlineData("issuer", SignInRefusal.Failed)]
    [InlineData("audience", SignInRefusal.Failed)]
    [InlineData("expired", SignInRefusal.Failed)]
    [InlineData("token", SignInRefusal.Failed)]
    [InlineData("hangs up", SignInRefusal.Unreachable)]
    [InlineData("denied", SignInRefusal.Denied)]
    public async Task What_cannot_be_trusted_opens_nothing_and_says_so(string fault, SignInRefusal refusal)
    {
        _provider.Fault = fault;
        using var browser = new FormBrowser(_site.Address);
        var page = await browser.GetAsync("/sign-in/openid?return=%2Fhangfire");
        AssertRefused(page, refusal);
        Assert.Empty(await Admins.ListAsync(Ct));
        Assert.DoesNotContain(browser.Cookies(_site.Address), cookie => cookie.Name == "aggregator-admin");
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_opens_nothing()
    {
        using var asking = _site.CreateBrowser();
        using var begun = await asking.GetAsync(new Uri("/sign-in/openid", UriKind.Relative), Ct);
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await direct.GetAsync(begun.Headers.Location, Ct);

        using var victim = new FormBrowser(_site.Address);
        AssertRefused(await victim.GetAsync(back.Headers.Location!.PathAndQuery), SignInRefusal.Failed);
        Assert.Empty(await Admins.ListAsync(Ct));
    }

    [Fact]
    public async Task Without_a_role_nobody_comes_in_and_who_lost_it_is_signed_out_everywhere()
    {
        using var earlier = new FormBrowser(_site.Address);
        Assert.Equal("/hangfire", (await earlier.GetAsync("/sign-in/openid")).Path);
        var keys = _site.Services.GetRequiredService<IApiKeyStore>();
        await keys.AddAsync(new NewApiKey([1], "agg_abc", "CI", Assert.Single(await Admins.ListAsync(Ct)).Id, ApiScopes.Write, null), DateTimeOffset.UtcNow, Ct);
        _provider.Roles = ["staff"];
        using var browser = new FormBrowser(_site.Address);
        AssertRefused(await browser.GetAsync("/sign-in/openid"), SignInRefusal.NoRole);
        Assert.Equal("/sign-in", (await earlier.GetAsync("/hangfire")).Path);
        Assert.Null(await keys.FindAsync([1], DateTimeOffset.UtcNow, Ct));
    }

    [Fact]
    public async Task A_disabled_account_stays_out()
    {
        await Admins.AddAsync("anna", "no password opens it", AccountRole.Admin, DateTimeOffset.UtcNow, Ct);
        using var browser = new FormBrowser(_site.Address);
        await browser.GetAsync("/sign-in/openid");
        Assert.Equal(AccountChange.Done, await Admins.SetDisabledAsync("olga", DateTimeOffset.UtcNow, Ct));
        AssertRefused(await browser.GetAsync("/sign-in/openid"), SignInRefusal.Disabled);
        Assert.Empty(await Sessions.ListAsync(null, DateTimeOffset.UnixEpoch, 10, Ct));
    }

    [Fact]
    public async Task An_account_with_a_password_is_nobody_elses_unless_the_configuration_says_so()
    {
        const string Sentence = "four lamps on the quay";
        await _site.Services.GetRequiredService<AdminAccounts>().SaveAsync("Olga", Sentence, Ct);
        using var browser = new FormBrowser(_site.Address);
        AssertRefused(await browser.GetAsync("/sign-in/openid"), SignInRefusal.NameTaken);
        Assert.Null((await Admins.FindAsync("olga", Ct))!.ExternalId);

        await using var linking = await RunningSite.StartAsync([.. _provider.Settings, ("Accounts:OpenIdConnect:LinkByName", "true")]);
        var accounts = linking.Services.GetRequiredService<AdminAccounts>();
        await accounts.SaveAsync("Olga", Sentence, Ct);
        using var linked = new FormBrowser(linking.Address);
        Assert.Equal("dashboard of Olga", (await linked.GetAsync("/sign-in/openid")).Html);
        Assert.NotNull(await accounts.CheckAsync("olga", Sentence, Ct));
        _provider.Subject = "somebody else with her name";
        using var other = new FormBrowser(linking.Address);
        Assert.Equal("/sign-in", (await other.GetAsync("/sign-in/openid")).Path);
    }

    [Fact]
    public async Task A_name_that_no_account_can_have_is_refused()
    {
        _provider.Name = new string('o', 65);
        using var browser = new FormBrowser(_site.Address);
        AssertRefused(await browser.GetAsync("/sign-in/openid"), SignInRefusal.NoName);
    }

    [Fact]
    public async Task While_the_provider_is_down_the_page_says_so_and_passwords_still_open_it()
    {
        await _provider.StopAsync();
        await _site.Services.GetRequiredService<AdminAccounts>().SaveAsync("anna", "four lamps on the quay", Ct);
        using var browser = new FormBrowser(_site.Address);
        AssertRefused(await browser.GetAsync("/sign-in/openid?return=%2Fhangfire"), SignInRefusal.Unreachable, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("/hangfire", (await browser.SubmitAsync("/sign-in", ("name", "anna"), ("password", "four lamps on the quay"))).Path);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task Leads_to_no_other_site_afterwards(string address)
    {
        using var browser = new FormBrowser(_site.Address);
        Assert.Equal(("/hangfire", "dashboard of olga"), (await browser.GetAsync("/sign-in/openid?return=" + Uri.EscapeDataString(address))) is var page ? (page.Path, page.Html) : default);
    }

    [Fact]
    public async Task The_page_offers_it_in_both_languages_and_only_where_it_is_configured()
    {
        foreach (var (language, words) in new[] { ("zh", "使用 Harbour ID 登录"), ("en", "Sign in with Harbour ID") })
        {
            using var browser = _site.CreateBrowser(language);
            using var answer = await browser.GetAsync(new Uri("/sign-in?return=%2Fhangfire%2Fsources", UriKind.Relative), Ct);
            var page = await answer.ReadPageAsync(HttpStatusCode.OK);
            Assert.Equal(words, page.TextOf("a[href='/sign-in/openid?return=%2Fhangfire%2Fsources']"));
        }

        await using var plain = await RunningSite.StartAsync();
        using var visitor = plain.CreateBrowser("en");
        Assert.DoesNotContain("openid", await visitor.GetStringAsync(new Uri("/sign-in", UriKind.Relative), Ct), StringComparison.OrdinalIgnoreCase);
        foreach (var path in new[] { "/sign-in/openid", "/sign-in/openid/callback?code=1&state=2", "/signin-oidc" })
        {
            using var none = await visitor.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Fact]
    public void Every_refusal_has_a_sentence_in_both_languages()
    {
        foreach (var language in SiteLanguage.All)
        {
            var sentences = Enum.GetValues<SignInRefusal>().Select(refusal => Text.In(language).Of(refusal, "Harbour ID")).ToList();
            Assert.All(sentences, sentence => Assert.Contains("Harbour ID", sentence, StringComparison.Ordinal));
            Assert.Equal(sentences.Count, sentences.Distinct(StringComparer.Ordinal).Count());
        }
    }

    private static void AssertRefused(FormPage page, SignInRefusal refusal, HttpStatusCode status = HttpStatusCode.Forbidden)
    {
        Assert.Equal("/sign-in", page.Path);
        Assert.Contains(Text.In(SiteLanguage.Find("zh")!).Of(refusal, "Harbour ID"), page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", page.Html, StringComparison.Ordinal);
        Assert.Equal(refusal == SignInRefusal.Unreachable ? HttpStatusCode.ServiceUnavailable : status, page.Status);
    }
}
