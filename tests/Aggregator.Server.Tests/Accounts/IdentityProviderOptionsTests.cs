using Aggregator.Server.Accounts;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class IdentityProviderOptionsTests
{
    [Theory]
    [InlineData("https://id.example", "aggregator", null)]
    [InlineData("https://id.example/realms/one", "aggregator", null)]
    [InlineData("http://127.0.0.1:8080", "aggregator", null)]
    [InlineData("http://localhost:8080", "aggregator", null)]
    [InlineData("http://id.example", "aggregator", "Authority")]
    [InlineData("http://127.0.0.1.evil.example", "aggregator", "Authority")]
    [InlineData("https://anna:secret@id.example", "aggregator", "Authority")]
    [InlineData("https://id.example/?a=b", "aggregator", "Authority")]
    [InlineData("file:///etc/passwd", "aggregator", "Authority")]
    [InlineData("id.example", "aggregator", "Authority")]
    [InlineData("https://id.example", " ", "ClientId")]
    public void Names_the_setting_that_cannot_be_used(string authority, string client, string? key)
    {
        var problem = new IdentityProviderOptions { Authority = authority, ClientId = client }.Problem();
        if (key is null) Assert.Null(problem);
        else Assert.StartsWith("Accounts:OpenIdConnect:" + key, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_off_without_an_authority_whatever_else_is_set() =>
        Assert.Equal((false, null), (new IdentityProviderOptions { ClientSecret = "x" } is var options ? (options.IsOn, options.Problem()) : default));

    [Fact]
    public void Needs_a_role_and_names()
    {
        var good = new IdentityProviderOptions { Authority = "https://id.example", ClientId = "aggregator" };
        Assert.Null(good.Problem());
        Assert.Contains("AdminRole", new IdentityProviderOptions { Authority = good.Authority, ClientId = "a", AdminRole = "", ViewerRole = " " }.Problem(), StringComparison.Ordinal);
        Assert.Contains("RoleClaim", new IdentityProviderOptions { Authority = good.Authority, ClientId = "a", RoleClaim = "" }.Problem(), StringComparison.Ordinal);
        Assert.Contains("NameClaim", new IdentityProviderOptions { Authority = good.Authority, ClientId = "a", NameClaim = "" }.Problem(), StringComparison.Ordinal);
    }
}
