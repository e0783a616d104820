using Aggregator.Server.Embed;
using Xunit;

namespace Aggregator.Server.Tests.Embed;

public sealed class EmbedOptionsValidatorTests
{
    [Theory]
    [InlineData("*")]
    [InlineData("https://news.example.org")]
    [InlineData("https://*.example.org:8443")]
    [InlineData("http://127.0.0.1:8080")]
    public void Takes_what_a_browser_understands(string ancestor) => Assert.True(Validate(ancestor).Succeeded);

    [Theory]
    [InlineData("news.example.org")]
    [InlineData("https://news.example.org/path")]
    [InlineData("https://a.example; script-src *")]
    [InlineData("'none'")]
    [InlineData("")]
    public void Refuses_what_would_change_the_policy(string ancestor)
    {
        var result = Validate(ancestor);
        Assert.True(result.Failed);
        Assert.Contains("Embed:Categories:domestic:0", result.FailureMessage, StringComparison.Ordinal);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(string ancestor)
    {
        var options = new EmbedOptions();
        options.Categories["domestic"] = [ancestor];
        return new EmbedOptionsValidator().Validate(null, options);
    }
}
