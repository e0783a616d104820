using Aggregator.Server.Browse;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class PageResultTests(SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    [Theory]
    [InlineData("/", "public, max-age=60")]
    [InlineData("/categories/world", "public, max-age=60")]
    [InlineData("/articles/1", "public, max-age=60")]
    [InlineData("/articles/77777", "no-store")]
    [InlineData("/sign-in", "no-store")]
    public async Task A_page_says_who_may_keep_it_and_what_it_depends_on(string address, string caching)
    {
        using var browser = _site.CreateBrowser("en");
        using var response = await browser.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(caching, response.Headers.CacheControl!.ToString());
        Assert.Equal(caching == "no-store" ? "Accept-Language, Cookie" : "Accept-Language, Cookie, Accept-Encoding", string.Join(", ", response.Headers.Vary));
        Assert.Equal(["en"], response.Content.Headers.ContentLanguage);
    }

    [Theory]
    [InlineData("/", PageResult.ListSecurityPolicy)]
    [InlineData("/categories/world", PageResult.ListSecurityPolicy)]
    [InlineData("/articles/1", PageResult.ContentSecurityPolicy)]
    [InlineData("/no/such/page", PageResult.ContentSecurityPolicy)]
    [InlineData("/answers/410", PageResult.ContentSecurityPolicy)]
    [InlineData("/sign-in", PageResult.ContentSecurityPolicy)]
    public async Task A_page_carries_the_headers_that_keep_strangers_out(string address, string policy)
    {
        using var browser = _site.CreateBrowser();
        using var response = await browser.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(policy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Single(response.Headers.GetValues("Referrer-Policy"));
    }

    [Fact]
    public async Task A_language_chosen_in_the_address_is_kept_and_such_an_answer_is_not_shared()
    {
        using var browser = _site.CreateBrowser("zh");
        using var chosen = await browser.GetAsync(new Uri("/?lang=en", UriKind.Relative));
        Assert.Equal("no-store", chosen.Headers.CacheControl!.ToString());
        Assert.Equal(
            "aggregator-lang=en; max-age=31536000; path=/; samesite=lax; httponly",
            Assert.Single(chosen.Headers.GetValues("Set-Cookie")));

        var page = await browser.GetPageAsync("/categories/world");
        Assert.Equal("en", page.AttributeOf("html", "lang"));
    }

    [Fact]
    public async Task A_language_that_we_do_not_have_sets_no_cookie()
    {
        using var browser = _site.CreateBrowser();
        using var response = await browser.GetAsync(new Uri("/?lang=%0d%0aSet-Cookie:x=y", UriKind.Relative));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_language_link_keeps_the_place_in_the_list_and_never_names_a_host()
    {
        using var browser = _site.CreateBrowser();
        var page = await browser.GetPageAsync("/categories/world?before=1769000000000-7&lang=zh&x=%26%3C");
        Assert.Equal("?before=1769000000000-7&lang=en", page.AttributeOf("nav.languages a", "href"));

        var search = await browser.GetPageAsync("/search?q=a&x=%26%3C");
        Assert.Equal("?q=a&x=%26%3C&hl=en", search.AttributeOf("nav.languages a", "href"));

        var elsewhere = await browser.GetPageAsync($"{_site.Address}/evil.example/", System.Net.HttpStatusCode.NotFound);
        Assert.Equal("?lang=en", elsewhere.AttributeOf("nav.languages a", "href"));
    }
}
