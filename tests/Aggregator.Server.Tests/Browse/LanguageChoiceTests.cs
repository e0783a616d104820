using Aggregator.Server.Browse;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class LanguageChoiceTests
{
    [Theory]
    [InlineData("", null, null, "zh")]
    [InlineData("", null, "fr", "zh")]
    [InlineData("", null, "en-GB,en;q=0.9,zh;q=0.8", "en")]
    [InlineData("", null, "fr,zh-Hant-TW;q=0.9,en;q=0.8", "zh")]
    [InlineData("", null, "zh;q=0.1,en;q=0.2", "en")]
    [InlineData("", null, "zh;q=0,fr", "zh")]
    [InlineData("", null, "en;q=0", "zh")]
    [InlineData("", null, "*", "zh")]
    [InlineData("", null, ";;;q=nonsense,,,", "zh")]
    [InlineData("", "en", "zh", "en")]
    [InlineData("", "klingon", "en", "en")]
    [InlineData("?lang=zh", "en", "en", "zh")]
    [InlineData("?lang=EN", "zh", "zh", "en")]
    [InlineData("?lang=fr", "en", "zh", "en")]
    [InlineData("?lang=en&lang=zh", null, "zh", "zh")]
    public void The_address_goes_before_the_cookie_and_that_before_the_browsers_wish(
        string query, string? cookie, string? acceptLanguage, string expected)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        if (cookie is not null) context.Request.Headers.Cookie = $"aggregator-lang={cookie}";
        if (acceptLanguage is not null) context.Request.Headers.AcceptLanguage = acceptLanguage;

        Assert.Equal(expected, LanguageChoice.Of(context.Request).Code);
    }
}
