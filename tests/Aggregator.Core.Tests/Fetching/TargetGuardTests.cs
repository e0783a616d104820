using System.Net;
using Aggregator.Core.Fetching;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

public sealed class TargetGuardTests
{
    [Theory]
    [InlineData("127.0.0.1"), InlineData("127.255.255.254"), InlineData("0.0.0.0"), InlineData("0.1.2.3")]
    [InlineData("10.0.0.1"), InlineData("172.16.0.1"), InlineData("172.31.255.255"), InlineData("192.168.1.1")]
    [InlineData("169.254.169.254"), InlineData("100.64.0.1"), InlineData("100.127.255.255"), InlineData("198.18.0.1")]
    [InlineData("192.0.0.8"), InlineData("192.0.2.1"), InlineData("198.51.100.7"), InlineData("203.0.113.9")]
    [InlineData("224.0.0.1"), InlineData("239.255.255.255"), InlineData("240.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::"), InlineData("::1"), InlineData("::127.0.0.1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1"), InlineData("64:ff9b::a9fe:a9fe"), InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::"), InlineData("2002:c0a8:101::1"), InlineData("2001:0:4136:e378::1"), InlineData("2001:db8::1")]
    [InlineData("fc00::1"), InlineData("fd12:3456::1"), InlineData("fe80::1"), InlineData("fec0::1"), InlineData("ff02::1"), InlineData("100::1")]
    public void Refuses_what_is_not_public(string address) => Assert.False(TargetGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1"), InlineData("93.184.215.14"), InlineData("172.15.255.255"), InlineData("172.32.0.1"), InlineData("100.63.255.255")]
    [InlineData("198.17.255.255"), InlineData("198.20.0.1"), InlineData("::ffff:1.1.1.1"), InlineData("2606:4700:4700::1111"), InlineData("64:ff9b::101:101")]
    public void Lets_the_public_internet_through(string address) => Assert.True(TargetGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.0/8", "localhost", "127.0.0.1", 80, true)]
    [InlineData("127.0.0.0/8", "localhost", "10.0.0.1", 80, false)]
    [InlineData("127.0.0.0/8", "x.example", "::ffff:127.0.0.1", 80, true)]
    [InlineData("127.0.0.1:9100", "x.example", "127.0.0.1", 9100, true)]
    [InlineData("127.0.0.1:9100", "x.example", "127.0.0.1", 9101, false)]
    [InlineData("[::1]:9100", "x.example", "::1", 9100, true)]
    [InlineData("::1", "x.example", "::1", 443, true)]
    [InlineData("intranet.example", "INTRANET.example.", "10.1.2.3", 80, true)]
    [InlineData("intranet.example", "other.example", "10.1.2.3", 80, false)]
    [InlineData("intranet.example:8080", "intranet.example", "10.1.2.3", 8080, true)]
    [InlineData("intranet.example:8080", "intranet.example", "10.1.2.3", 80, false)]
    [InlineData("10.0.0.0/8:8080", "x.example", "10.255.0.1", 8080, true)]
    [InlineData("10.0.0.0/8:8080", "x.example", "10.255.0.1", 8081, false)]
    [InlineData("10.0.0.0/8:8080", "x.example", "11.0.0.1", 8080, true)]
    [InlineData("10.0.0.0/8", "x.example", "192.168.0.1", 80, false)]
    [InlineData("10.0.0.7", "x.example", "10.0.0.8", 80, false)]
    [InlineData("[fd00::/8]:443", "x.example", "fd12::1", 443, true)]
    [InlineData("[fd00::/8]:443", "x.example", "fd12::1", 80, false)]
    [InlineData("fd00::/8", "x.example", "fe80::1", 443, false)]
    [InlineData("198.18.0.0/15", "fake-ip.example", "198.19.3.4", 443, true)]
    [InlineData("内网.example", "xn--v6q792i.example", "10.1.2.3", 80, true)]
    [InlineData("xn--v6q792i.example", "内网.EXAMPLE", "10.1.2.3", 80, true)]
    [InlineData("example", "intranet.example", "10.1.2.3", 80, false)]
    [InlineData("intranet.example", "intranet.example.evil.example", "10.1.2.3", 80, false)]
    [InlineData("0.0.0.0/0", "x.example", "::1", 80, false)]
    public void Opens_exactly_what_the_allow_list_says(string allowed, string host, string address, int port, bool expected) =>
        Assert.Equal(expected, new TargetGuard([allowed]).Allows(host, IPAddress.Parse(address), port));

    [Theory]
    [InlineData("https://news.example/", "news.example", "93.184.215.14", 443, false)]
    [InlineData("https://news.example/", "NEWS.example.", "93.184.215.14", 443, false)]
    [InlineData("https://news.example/", "news.example", "93.184.215.14", 8443, true)]
    [InlineData("https://news.example/", "blog.news.example", "93.184.215.14", 443, true)]
    [InlineData("http://93.184.215.14:5080", "x.example", "93.184.215.14", 5080, false)]
    [InlineData("http://127.0.0.1:5080", "x.example", "127.0.0.1", 5080, false)]
    [InlineData("http://127.0.0.1:5080", "x.example", "::ffff:127.0.0.1", 5080, false)]
    [InlineData("http://127.0.0.1:5080", "x.example", "127.0.0.1", 5081, true)]
    [InlineData("http://0.0.0.0:5080", "x.example", "127.0.0.1", 5080, false)]
    [InlineData("http://[::]:5080", "x.example", "127.8.8.8", 5080, false)]
    [InlineData("http://localhost:5080", "x.example", "::1", 5080, false)]
    public void Lets_nobody_fetch_from_ourselves_whatever_the_list_says(string own, string host, string address, int port, bool expected) =>
        Assert.Equal(expected, new TargetGuard(["0.0.0.0/0", "::/0", "news.example"], [new Uri(own)]).Allows(host, IPAddress.Parse(address), port));

    [Theory]
    [InlineData(""), InlineData(" "), InlineData("127.0.0.0/33"), InlineData("host:0"), InlineData("host:70000"), InlineData("a b")]
    [InlineData("http://host/"), InlineData("0x7f.1/8"), InlineData("host/8")]
    public void Refuses_an_allow_list_that_it_cannot_read(string line)
    {
        Assert.Throws<FormatException>(() => new TargetGuard([line]));
        Assert.Contains("Fetching:AllowedTargets:0", new FetchingOptions { AllowedTargets = [line] }.Problem(), StringComparison.Ordinal);
    }
}
