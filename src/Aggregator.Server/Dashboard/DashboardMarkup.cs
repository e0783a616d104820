using System.Net;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aggregator.Server.Dashboard;

/// <summary>Renders a Razor component inside the dashboard's own layout.</summary>
internal static class DashboardMarkup
{
    /// <summary>Answers a dashboard request with a component.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="model">The component's parameter <c>Model</c>.</param>
    /// <param name="status">The status of the answer.</param>
    public static async Task WriteAsync<TComponent>(DashboardContext context, string title, object model, HttpStatusCode status = HttpStatusCode.OK)
        where TComponent : IComponent
    {
        var services = context.GetHttpContext().RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var markup = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(DashboardPage.Type)] = typeof(TComponent), [nameof(DashboardPage.Model)] = model, [nameof(DashboardPage.IsReadOnly)] = context.IsReadOnly });
            return (await renderer.RenderComponentAsync<DashboardPage>(parameters)).ToHtmlString();
        });

        // A page is assigned to its request by the dispatcher that Hangfire keeps to itself; a route collection hands one out.
        var routes = new Hangfire.Dashboard.RouteCollection();
        routes.AddRazorPage("/", _ => new ComponentPage(title, markup));
        context.Response.StatusCode = (int)status;
        await routes.FindDispatcher("/").Item1.Dispatch(context);
    }

    /// <summary>The words of the language that the visitor of a dashboard page reads.</summary>
    public static Text TextOf(RazorPage page) => Text.In(LanguageChoice.Of(page.Context.GetHttpContext().Request));

    private sealed class ComponentPage(string title, string markup) : RazorPage
    {
        public override void Execute()
        {
            Layout = new LayoutPage(title);
            WriteLiteral(markup);
        }
    }
}
