using System.Text.RegularExpressions;
using Aggregator.Core.Audits;
using Aggregator.Server.Settings;
using Aggregator.Testing;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Aggregator.Server.Tests.Settings;

public sealed partial class EffectiveSettingTests
{
    /// <summary>Every section that the README tells of is one that the page of settings shows.</summary>
    [Fact]
    public void Every_section_of_the_manual_is_shown()
    {
        var manual = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var keys = Key().Matches(manual).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(keys.Count >= 18, string.Join(' ', keys));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(keys.Select(key => KeyValuePair.Create(key == "Urls" ? key : key + ":Sample", (string?)"a=b"))).Build();
        Assert.Equal(keys, EffectiveSetting.Read(configuration).Select(setting => setting.Key.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Accounts:OpenIdConnect:ClientSecret", "s3cret")]
    [InlineData("Metrics:Token", "s3cret")]
    [InlineData("Fetching:ContactUrl", "https://me:s3cret@example.org/")]
    [InlineData("ConnectionStrings:Store", "Host=db;Username=a;Password=s3cret")]
    public void What_opens_doors_is_masked(string key, string value)
    {
        var setting = Assert.Single(EffectiveSetting.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build()));
        Assert.DoesNotContain("s3cret", setting.Value, StringComparison.Ordinal);
        Assert.Contains(AuditState.Masked, setting.Value, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `([A-Z]\w+)(?::[^`]*)?`", RegexOptions.Multiline)]
    private static partial Regex Key();
}
