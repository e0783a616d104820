using System.Net;
using Aggregator.Server.Tests.Accounts;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Hub;

/// <summary>The hub in the dashboard.</summary>
public sealed class HubPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_who_subscribed_and_lets_an_admin_end_it_on_record()
    {
        using var folder = new TemporaryFolder();
        await using var subscriber = await TestSubscriber.StartAsync();
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, Ct, "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Refresh:CheckEvery=00:00:01");
        await server.Process.WaitForLineAsync(line => line.Contains("/setup?token=", StringComparison.Ordinal), TimeSpan.FromSeconds(30), Ct);
        using var admin = new FormBrowser(server.Http.BaseAddress!);
        await admin.GetAsync(server.Process.StandardOutput.Single(line => line.Contains("/setup?token=", StringComparison.Ordinal)).Split(' ')[^1]);
        Assert.Equal("/hangfire", (await admin.SubmitAsync("/setup", ("name", "anna"), ("password", AdminServer.Sentence), ("password-again", AdminServer.Sentence))).Path);
        Assert.Contains("还没有人订阅", (await admin.GetAsync("/hangfire/hub")).Html, StringComparison.Ordinal);

        var topic = new Uri(server.Http.BaseAddress!, "all.atom").AbsoluteUri;
        using var form = new FormUrlEncodedContent([new("hub.mode", "subscribe"), new("hub.topic", topic), new("hub.callback", subscriber.Callback("cb") + "?capability=3f9a")]);
        Assert.Equal(HttpStatusCode.Accepted, (await server.Http.PostAsync("/hub", form, Ct)).StatusCode);
        var page = await RunningAggregator.UntilAsync(
            () => admin.GetAsync("/hangfire/hub"), page => page.Html.Contains("/all.atom", StringComparison.Ordinal), TimeSpan.FromMinutes(1), page => page.Html, Ct);
        Assert.DoesNotContain("3f9a", page.Html, StringComparison.Ordinal);
        Assert.Contains("最新", page.Html, StringComparison.Ordinal);
        var end = new HtmlParser().ParseDocument(page.Html).QuerySelector("form[action$='/end']")!.GetAttribute("action")!;

        // Without the field that proves the form to be ours nothing happens.
        using var forged = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http.BaseAddress!, end)) { Content = new FormUrlEncodedContent([]) };
        Assert.NotEqual(HttpStatusCode.SeeOther, (await admin.SendAsync(forged)).Status);
        Assert.Contains("/all.atom", (await admin.GetAsync("/hangfire/hub")).Html, StringComparison.Ordinal);

        var done = await admin.SubmitAsync(end);
        Assert.Equal("/hangfire/hub", done.Path.Split('?')[0]);
        Assert.Contains("订阅已结束", done.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/all.atom", done.Html, StringComparison.Ordinal);
        await subscriber.UntilAsync(() => subscriber.QuestionsOf("cb").Any(question => question["hub.mode"] == "denied"), "the callback is told", Ct);
        var audit = (await admin.GetAsync("/hangfire/audit")).Html;
        Assert.Contains("hub.end", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("3f9a", audit, StringComparison.Ordinal);
    }
}
