using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Xunit;

namespace Aggregator.Core.Tests.Publishing;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("https://Example.org:443/a b", "https://example.org/a%20b")]
    [InlineData("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC")]
    [InlineData("https://user:secret@example.org/", "https://example.org/")]
    [InlineData("mailto:a@example.org", null)]
    public void Writes_an_address_as_an_ascii_uri_or_not_at_all(string address, string? published) =>
        Assert.Equal(published, WebAddress.Published(address));

    [Theory]
    [InlineData("http://xn--ü/")]
    [InlineData("http://exam\u200Dple.com/")]
    [InlineData("http://\u0378.example/")]
    public void Neither_stores_nor_publishes_a_host_that_cannot_stand_in_the_dns(string address)
    {
        Assert.Null(UrlCleaner.Clean(address));
        Assert.Null(WebAddress.Published(address));
    }
}
