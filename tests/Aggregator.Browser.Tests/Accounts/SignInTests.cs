using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Accounts;

public sealed class SignInTests(Browsers browsers)
{
    private const string Sentence = "港口的夜里有四盏灯亮着";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_admin_sets_up_an_account_signs_out_and_in_again(bool scripts)
    {
        await using var site = await RunningSite.StartAsync();
        await using var visit = await browsers.VisitAsync(site.Address, width: 360, scripts: scripts);
        var page = await visit.NewPageAsync();

        await page.GotoAsync(site.Services.GetRequiredService<SetupToken>().Path);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, "set-up.zh.360.png"), FullPage = true });
        await page.GetByLabel("账户名").FillAsync("安娜");
        await page.GetByLabel("密码", new() { Exact = true }).FillAsync(Sentence);
        await page.GetByLabel("再输一次密码").FillAsync(Sentence);
        await page.GetByRole(AriaRole.Button, new() { Name = "创建账户" }).ClickAsync();
        await page.GetByText("dashboard of 安娜").WaitForAsync();

        await page.GotoAsync("/sign-in");
        await page.GetByText("你已登录为 安娜。").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "退出登录" }).ClickAsync();
        Assert.Equal(site.Address.ToString(), page.Url);

        await page.GotoAsync("/hangfire");
        await page.GetByLabel("账户名").FillAsync("安娜");
        await page.GetByLabel("密码").FillAsync("错误的密码");
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        Assert.Equal("账户名或密码不正确。", await page.GetByRole(AriaRole.Alert).TextContentAsync());
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, "sign-in-refused.zh.360.png"), FullPage = true });

        await page.GetByLabel("密码").FillAsync(Sentence);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await page.GetByText("dashboard of 安娜").WaitForAsync();
    }
}
