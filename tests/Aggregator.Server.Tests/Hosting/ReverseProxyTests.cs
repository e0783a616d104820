using System.Net;
using Aggregator.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aggregator.Server.Tests.Hosting;

public sealed class ReverseProxyTests
{
    /// <summary>Who connects, what he says, whom we trust besides this machine, and who the visitor is.</summary>
    public static TheoryData<string, string, string[], string> Visitors => new()
    {
        { "127.0.0.1", "203.0.113.9", [], "203.0.113.9 https" },
        { "::1", "203.0.113.9", [], "203.0.113.9 https" },
        { "127.0.0.1", "198.51.100.1, 203.0.113.9", [], "203.0.113.9 https" },
        { "198.51.100.7", "203.0.113.9", [], "198.51.100.7 http" },
        { "10.1.2.3", "203.0.113.9", ["10.0.0.0/8"], "203.0.113.9 https" },
        { "127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.2.3", ["10.1.2.3"], "203.0.113.9 https" },
        { "127.0.0.1", "no address", [], "127.0.0.1 http" },
    };

    [Theory]
    [MemberData(nameof(Visitors))]
    public async Task Believes_proxies_that_are_trusted_and_nobody_else(string peer, string forwardedFor, string[] trusted, string visitor)
    {
        await using var app = WebApplication.CreateBuilder().Build();
        var branch = ((IApplicationBuilder)app).New();
        branch.UseReverseProxy(ReverseProxy.Read(trusted));
        branch.Run(_ => Task.CompletedTask);
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        context.Request.Headers["X-Forwarded-Proto"] = string.Join(", ", forwardedFor.Split(',').Select(_ => "https"));

        await branch.Build()(context);

        Assert.Equal(visitor, $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}");
    }

    [Fact]
    public void Names_what_is_no_proxy() =>
        Assert.Contains("TrustedProxies:1 is 'proxy'", Assert.Throws<SettingException>(() => ReverseProxy.Read(["10.0.0.1", "proxy"])).Message, StringComparison.Ordinal);
}
