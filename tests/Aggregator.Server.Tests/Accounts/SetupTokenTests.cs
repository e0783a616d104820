using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class SetupTokenTests
{
    [Fact]
    public async Task It_opens_until_there_is_an_admin()
    {
        await using var site = await RunningSite.StartAsync();
        var setup = site.Services.GetRequiredService<SetupToken>();
        Assert.Matches("^[0-9a-f]{32}$", setup.Value);
        Assert.True(await setup.IsOpenAsync(default));
        Assert.True(await setup.OpensAsync(setup.Value, default));

        await site.Services.GetRequiredService<AdminAccounts>().SaveAsync("anna", "four lamps on the quay", default);
        Assert.False(await setup.IsOpenAsync(default));
        Assert.False(await setup.OpensAsync(setup.Value, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("令牌")]
    public async Task Nothing_else_opens(string? token)
    {
        await using var site = await RunningSite.StartAsync();
        Assert.False(await site.Services.GetRequiredService<SetupToken>().OpensAsync(token, default));
    }
}
