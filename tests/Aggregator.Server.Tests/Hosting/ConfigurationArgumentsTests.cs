using Aggregator.Server.Hosting;
using Xunit;

namespace Aggregator.Server.Tests.Hosting;

public sealed class ConfigurationArgumentsTests
{
    [Fact]
    public void Tells_settings_from_a_commands_own_options()
    {
        var (settings, others) = ConfigurationArguments.Split(
        [
            "export", "--category", "domestic", "--Fetching:Timeout=00:00:10", "--output=a:b.opml", "--urls", "http://127.0.0.1:1", "--ConnectionStrings:Store", "Host=x", "file:name",
        ]);
        Assert.Equal(["--Fetching:Timeout=00:00:10", "--urls", "http://127.0.0.1:1", "--ConnectionStrings:Store", "Host=x"], settings);
        Assert.Equal(["export", "--category", "domestic", "--output=a:b.opml", "file:name"], others);
    }
}
