namespace Aggregator.Server.Sources;

/// <summary>The composition of what admins do to sources.</summary>
internal static class SourceServices
{
    /// <summary>Adds the services behind the dashboard's pages of sources.</summary>
    public static IServiceCollection AddSourceAdministration(this IServiceCollection services) => services
        .AddSingleton<SourceAdministration>()
        .AddSingleton<SourcePreviewer>()
        .AddSingleton<PurgeSourcesJob>()
        .AddSingleton<DashboardTotals>()
        .AddHostedService(provider => provider.GetRequiredService<DashboardTotals>());
}
