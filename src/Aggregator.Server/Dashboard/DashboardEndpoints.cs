using System.Globalization;
using Aggregator.Server.Accounts;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Settings;
using Hangfire;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>Hangfire's dashboard at <c>/hangfire</c>, for admins only, with our own pages in it.</summary>
internal static class DashboardEndpoints
{
    /// <summary>Where it lies.</summary>
    public const string Path = "/hangfire";

    // Hangfire keeps routes and menu in statics, so that they are set once for a process, however many servers it runs.
    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>
    /// Gives the dashboard what Hangfire does not: its words in the language that the visitor reads ours in (it goes by the
    /// ambient culture), and headers against being framed, sniffed and named to others.
    /// </summary>
    public static IApplicationBuilder UseDashboardManners(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(Path)) return next(context);
        CultureInfo.CurrentUICulture = LanguageChoice.Of(context.Request).Culture;
        context.Response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        return next(context);
    });

    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        _ = Registered.Value;
        endpoints.MapHangfireDashboardWithAuthorizationPolicy(AccountPolicies.Viewer, Path, new DashboardOptions
        {
            AppPath = "/",
            DashboardTitle = "Aggregator",
            DisplayStorageConnectionString = false,
            IsReadOnlyFunc = static context => !context.GetHttpContext().User.IsInRole(AccountPolicies.Admin),
        });
        return endpoints;
    }

    private static bool Register()
    {
        DashboardRoutes.AddStylesheet(typeof(DashboardEndpoints).Assembly, "Dashboard/frame.css");
        DashboardRoutes.Routes.Add(SourcesPage.Route, new SourcesPage());
        DashboardRoutes.Routes.Add(AddSourcesPage.Route, new AddSourcesPage());
        DashboardRoutes.Routes.Add(BulkSourcesPage.Route, new BulkSourcesPage());
        DashboardRoutes.Routes.Add(OneSourcePage.Route, new OneSourcePage());
        DashboardRoutes.Routes.Add(SourceCommands.Route, new SourceCommands());
        SourceMetrics.Register();
        DashboardRoutes.Routes.Add(CategoryCommands.Route, new CategoryCommands());
        DashboardRoutes.Routes.Add(CategoriesPage.Route, new CategoriesPage());
        DashboardRoutes.Routes.Add(CategoryPage.Route, new CategoryPage());
        DashboardRoutes.Routes.Add(RulesPage.Route, new RulesPage());
        DashboardRoutes.Routes.Add(RetentionPage.Route, new RetentionPage());
        DashboardRoutes.Routes.Add(RetentionListPage.Route, new RetentionListPage());
        DashboardRoutes.Routes.Add(EntryRulesPage.Route, new EntryRulesPage());
        DashboardRoutes.Routes.Add(ImportPage.Route, new ImportPage());
        DashboardRoutes.Routes.Add(ImportStatePage.Route, new ImportStatePage());
        DashboardRoutes.Routes.Add(ExportPage.Route, new ExportPage());
        DashboardRoutes.Routes.Add(TakedownsPage.Route, new TakedownsPage());
        DashboardRoutes.Routes.Add(TakedownCommands.Route, new TakedownCommands());
        DashboardRoutes.Routes.Add(HubPage.Route, new HubPage());
        DashboardRoutes.Routes.Add(HubCommands.Route, new HubCommands());
        DashboardRoutes.Routes.Add(StoriesPage.Route, new StoriesPage());
        DashboardRoutes.Routes.Add(StoryCommands.Route, new StoryCommands());
        DashboardRoutes.Routes.Add(AuditPage.Route, new AuditPage());
        DashboardRoutes.Routes.Add(SettingsPage.Route, new SettingsPage());
        DashboardRoutes.Routes.Add(BackupCommand.Route, new BackupCommand());
        DashboardRoutes.Routes.Add(AccountsPage.Route, new AccountsPage());
        DashboardRoutes.Routes.Add(OwnAccountPage.Route, new OwnAccountPage());
        NavigationMenu.Items.Insert(0, page => new MenuItem(DashboardMarkup.TextOf(page).Administration, page.Url.To(SettingsPage.Route))
        {
            Active = page.RequestPath.StartsWith(SettingsPage.Route, StringComparison.Ordinal) || page.RequestPath.StartsWith(AuditPage.Route, StringComparison.Ordinal) || page.RequestPath.StartsWith(OwnAccountPage.Route, StringComparison.Ordinal) || page.RequestPath.StartsWith(RetentionListPage.Route, StringComparison.Ordinal),
        });
        NavigationMenu.Items.Insert(0, page => new MenuItem(DashboardMarkup.TextOf(page).HubTitle, page.Url.To(HubPage.Route))
        {
            Active = page.RequestPath.StartsWith(HubPage.Route, StringComparison.Ordinal),
        });
        NavigationMenu.Items.Insert(0, page => new MenuItem(DashboardMarkup.TextOf(page).DashboardStories, page.Url.To(StoriesPage.Route))
        {
            Active = page.RequestPath.StartsWith(StoriesPage.Route, StringComparison.Ordinal),
        });
        NavigationMenu.Items.Insert(0, page => new MenuItem(DashboardMarkup.TextOf(page).DashboardTakedowns, page.Url.To(TakedownsPage.Route))
        {
            Active = page.RequestPath.StartsWith(TakedownsPage.Route, StringComparison.Ordinal),
        });
        NavigationMenu.Items.Insert(0, page => new MenuItem(DashboardMarkup.TextOf(page).Categories, page.Url.To(CategoriesPage.Route))
        {
            Active = page.RequestPath.StartsWith(CategoriesPage.Route, StringComparison.Ordinal),
        });
        NavigationMenu.Items.Insert(0, page => new MenuItem(DashboardMarkup.TextOf(page).DashboardSources, page.Url.To(SourcesPage.Route))
        {
            Active = page.RequestPath.StartsWith(SourcesPage.Route, StringComparison.Ordinal),
        });
        return true;
    }
}
