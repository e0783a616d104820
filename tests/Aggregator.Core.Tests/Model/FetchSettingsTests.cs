using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class FetchSettingsTests
{
    [Theory]
    [InlineData("Host"), InlineData("host"), InlineData("Transfer-Encoding"), InlineData("X-Forwarded-For"), InlineData("Remote-User")]
    [InlineData("X-WebAuth-User"), InlineData("X-Remote-User"), InlineData("Proxy-Authorization"), InlineData("Sec-Fetch-Site"), InlineData("Cookie")]
    public void Leaves_no_source_headers_that_frame_the_request_or_vouch_for_a_user(string name) =>
        Assert.Contains("not for a source to set", new FetchSettings { Headers = [new RequestHeader(name, "x")] }.Problem(), StringComparison.Ordinal);

    [Theory]
    [InlineData("X-Key", "a\r\nHost: b"), InlineData("X Key", "a"), InlineData("", "a"), InlineData("X-Kéy", "a"), InlineData("X-Key", "a\0")]
    public void Refuses_headers_that_break_lines(string name, string value) =>
        Assert.NotNull(new FetchSettings { Headers = [new RequestHeader(name, value)] }.Problem());

    [Fact]
    public void Refuses_what_cannot_be_used()
    {
        Assert.NotNull(new FetchSettings { Proxy = "socks5://127.0.0.1" }.Problem());
        Assert.NotNull(new FetchSettings { Proxy = "http://proxy.example/path" }.Problem());
        Assert.NotNull(new FetchSettings { PinnedCertificate = "abc" }.Problem());
        Assert.NotNull(new FetchSettings { Password = "x" }.Problem());
        Assert.NotNull(new FetchSettings { UserName = "a:b" }.Problem());
        Assert.NotNull(new FetchSettings { UserAgent = "a\nb" }.Problem());
        Assert.NotNull(new FetchSettings { Charset = "klingon" }.Problem());
        Assert.Null(new FetchSettings { Charset = "GB2312" }.Problem());
        Assert.Null(new FetchSettings().Problem());
    }

    [Fact]
    public void Prints_no_secret()
    {
        var settings = new FetchSettings { Password = "s3cret", UserName = "u", Headers = [new RequestHeader("X-Key", "s3cret")] };
        Assert.DoesNotContain("s3cret", $"{settings} {settings.Headers[0]}", StringComparison.Ordinal);
    }
}
