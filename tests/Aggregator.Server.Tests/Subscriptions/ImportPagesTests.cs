using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Api;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Subscriptions;

public sealed class ImportPagesTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task How_far_a_long_import_is_stands_on_its_page_which_shows_itself_anew_until_it_has_ended()
    {
        using var admin = await server.Server.SignInAsync();
        var imports = server.Services.GetRequiredService<ISubscriptionImportStore>();
        var id = await imports.AddAsync("long.opml", "<opml/>"u8.ToArray(), TimeProvider.System.GetUtcNow(), Ct);
        await IsAsync("0", "Importing…", looksAgain: true);
        await imports.ReportAsync(id, 12_500, 50_000, Ct);
        await IsAsync("25", "12,500 of 50,000", looksAgain: true);
        await imports.ReportAsync(id, 50_000, 50_000, Ct);
        await IsAsync("100", "50,000 of 50,000", looksAgain: true);
        await imports.FinishAsync(id, """{"Added":49999,"Known":1}""", TimeProvider.System.GetUtcNow(), Ct);
        await IsAsync(null, "49,999 sources added, 1 there already.", looksAgain: false);

        async Task IsAsync(string? percent, string says, bool looksAgain)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/hangfire/categories/imports/{id}");
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", admin.Cookies(server.Address).Select(cookie => $"{cookie.Name}={cookie.Value}")));
            using var answer = await http.SendAsync(request, Ct);
            Assert.Equal((HttpStatusCode.OK, looksAgain ? "2" : null), (answer.StatusCode, answer.Headers.TryGetValues("Refresh", out var seconds) ? seconds.Single() : null));
            var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Ct));
            var bar = page.QuerySelector("[role=progressbar]");
            Assert.Equal((percent, percent is null ? null : $"width: {percent}%"), (bar?.GetAttribute("aria-valuenow"), bar?.GetAttribute("style")));
            Assert.Contains(says, page.QuerySelector(".aggregator-page [role=status]")!.TextContent, StringComparison.Ordinal);
        }
    }
}
