using Aggregator.Server.Settings;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Aggregator.Server.Tests.Settings;

public sealed class EffectiveSettingTests
{
    [Fact]
    public void Shows_what_is_set_in_every_section_of_ours_and_no_secret()
    {
        string[] keys =
        [
            "Accounts:MaxFailures", "Aggregator:Roles", "Api:RequestsPerMinute", "Capture:PagesPerArticle", "Embed:Ancestors:0", "Fetching:Timeout", "Hub:Enabled", "Jobs:Storage",
            "Metrics:AllowedFrom:0", "Publish:MaxAge", "Refresh:MinInterval", "Retention:Days", "Search:RequestsPerMinute", "Site:Title", "Takedown:Grace", "Urls", "WebSub:Enabled",
        ];
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(keys.Append("PATH").Append("Accounts:OpenIdConnect:ClientSecret").Select(key => KeyValuePair.Create(key, (string?)"as it is"))).Build();
        var shown = EffectiveSetting.Read(configuration);
        Assert.Equal(keys.Append("Accounts:OpenIdConnect:ClientSecret").Order(StringComparer.OrdinalIgnoreCase), shown.Select(setting => setting.Key));
        Assert.Equal("Accounts:OpenIdConnect:ClientSecret", Assert.Single(shown, setting => setting.Value != "as it is").Key);
    }
}
