using System.Net;
using Aggregator.Core.Crawling;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Subscriptions;
using Hangfire;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>Subscription lists: what was imported lately and forms for more (GET); taking one, by file or by address (POST).</summary>
internal sealed class ImportPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = CategoriesPage.Route + "/import";

    /// <summary>The longest address of a list, in characters.</summary>
    private const int MaxUrlLength = 2000;

    /// <summary>The longest name of a list that is kept, in characters.</summary>
    private const int MaxNameLength = 200;

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsPost(http.Request.Method)) await TakeAsync(context, http);
        else if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, http, problem: null, entered: null);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    private static async Task TakeAsync(DashboardContext context, HttpContext http)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var text = http.RequestServices.GetRequiredService<PageContext>().Text;
        var url = form["url"].ToString().Trim();
        if (form.Files.GetFile("file") is { Length: > 0 } file)
        {
            if (file.Length > SubscriptionImport.MaxBytes)
            {
                await ShowAsync(context, http, text.ImportTooLarge((int)(SubscriptionImport.MaxBytes / 1024 / 1024)), url);
                return;
            }

            var body = new byte[file.Length];
            await using var stream = file.OpenReadStream();
            await stream.ReadExactlyAsync(body, http.RequestAborted);
            await StartAsync(context, http, Path.GetFileName(file.FileName), body, entered: null);
        }
        else if (url.Length == 0)
        {
            await ShowAsync(context, http, text.ImportNothing, url);
        }
        else if (url.Length > MaxUrlLength)
        {
            await ShowAsync(context, http, text.DashboardNotAnAddress, TextCut.To(url, MaxUrlLength));
        }
        else
        {
            var (body, failure) = await http.RequestServices.GetRequiredService<SubscriptionListFetcher>().FetchAsync(url, http.RequestAborted);
            if (failure is not null) await ShowAsync(context, http, text.Of(failure), url);
            else await StartAsync(context, http, ShownAddress.Of(url), body, url);
        }
    }

    private static async Task StartAsync(DashboardContext context, HttpContext http, string name, ReadOnlyMemory<byte> body, string? entered)
    {
        var services = http.RequestServices;
        if (SubscriptionImport.Judge(body.Span) is { } refused)
        {
            await ShowAsync(context, http, services.GetRequiredService<PageContext>().Text.Of(refused), entered);
            return;
        }

        var id = await services.GetRequiredService<ISubscriptionImportStore>().AddAsync(
            TextCut.To(name, MaxNameLength), body, services.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted);
        var admin = context.Admin();
        services.GetRequiredService<IBackgroundJobClient>().Enqueue<ImportJob>(job => job.RunAsync(id, admin, CancellationToken.None));
        DashboardRequest.SeeOther(http, ImportStatePage.PathOf(id));
    }

    private static async Task ShowAsync(DashboardContext context, HttpContext http, string? problem, string? entered)
    {
        var services = http.RequestServices;
        await DashboardMarkup.WriteAsync<ImportForms>(
            context, services.GetRequiredService<PageContext>().Text.ImportAndExport,
            new ImportModel(
                await services.GetRequiredService<ISubscriptionImportStore>().ListAsync(http.RequestAborted),
                await services.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted),
                problem, entered, DashboardRequest.TokenOf(http), http.Request.PathBase),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }
}
