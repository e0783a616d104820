using Aggregator.Core.Hub;
using Xunit;

namespace Aggregator.Core.Tests.Hub;

public sealed class SubscriptionRequestTests
{
    private static readonly Dictionary<string, string> Good = new(StringComparer.Ordinal)
    {
        ["hub.mode"] = "subscribe",
        ["hub.topic"] = "https://us.example/all.atom",
        ["hub.callback"] = "https://读者.example/cb?a=%E4%B8%AD",
        ["hub.secret"] = "国内",
        ["hub.lease_seconds"] = "3600",
    };

    [Fact]
    public void Keeps_the_callback_letter_by_letter_and_counts_by_its_host()
    {
        var request = Read(("hub.unknown", "x"))!;
        Assert.Equal("https://读者.example/cb?a=%E4%B8%AD", request.Callback.OriginalString);
        Assert.Equal("xn--fiq228c.example", Read(("hub.callback", "https://中文.EXAMPLE./"))!.Host);
        Assert.Equal((HubMode.Subscribe, "https://us.example/all.atom", "国内", 3600L), (request.Mode, request.Topic, request.Secret, request.LeaseSeconds!.Value));
    }

    [Fact]
    public void Takes_an_empty_secret_and_an_empty_lease_for_none()
    {
        var request = Read(("hub.secret", ""), ("hub.lease_seconds", ""))!;
        Assert.Null(request.Secret);
        Assert.Null(request.LeaseSeconds);
    }

    [Fact]
    public void Takes_a_number_beyond_all_bounds_for_a_long_lease() => Assert.Equal(long.MaxValue, Read(("hub.lease_seconds", new string('9', 25)))!.LeaseSeconds);

    [Theory]
    [InlineData("hub.mode", "publish", "hub.mode")]
    [InlineData("hub.mode", "", "hub.mode")]
    [InlineData("hub.mode", "Subscribe", "hub.mode")]
    [InlineData("hub.topic", "", "hub.topic")]
    [InlineData("hub.callback", "", "hub.callback")]
    [InlineData("hub.callback", "cb", "http or https")]
    [InlineData("hub.callback", "gopher://x.example/", "http or https")]
    [InlineData("hub.callback", "https://x\u200dy.example/", "host name")]
    [InlineData("hub.callback", "https://a:b@x.example/", "user name")]
    [InlineData("hub.callback", "https://x.example/#f", "fragment")]
    [InlineData("hub.callback", "https://x.example:25/", "port")]
    [InlineData("hub.lease_seconds", "0", "lease")]
    [InlineData("hub.lease_seconds", "-5", "lease")]
    [InlineData("hub.lease_seconds", "1e9", "lease")]
    [InlineData("hub.lease_seconds", "٣", "lease")]
    public void Says_what_is_wrong(string name, string value, string because)
    {
        Assert.Null(Read(out var problem, (name, value)));
        Assert.Contains(because, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_a_secret_in_bytes()
    {
        Assert.NotNull(Read(("hub.secret", new string('a', 199))));
        Assert.Null(Read(("hub.secret", new string('a', 200))));
        Assert.Null(Read(("hub.secret", new string('国', 67))));
    }

    [Fact]
    public void Bounds_addresses()
    {
        Assert.Null(Read(("hub.callback", "https://x.example/" + new string('a', 2048))));
        Assert.Null(Read(("hub.topic", new string('a', 2049))));
    }

    private static SubscriptionRequest? Read(params (string Name, string Value)[] changed) => Read(out _, changed);

    private static SubscriptionRequest? Read(out string? problem, params (string Name, string Value)[] changed)
    {
        var form = new Dictionary<string, string>(Good, StringComparer.Ordinal);
        foreach (var (name, value) in changed) form[name] = value;
        return SubscriptionRequest.Read(form.GetValueOrDefault, out problem);
    }
}
