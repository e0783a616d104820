using Aggregator.Server.Sources;
using Hangfire;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>The numbers of the sources on the dashboard's home page. Titles are statics of Hangfire's, so that they are in both languages.</summary>
internal static class SourceMetrics
{
    private static readonly DashboardMetric Failing = new(
        "aggregator:failing", "失败的来源 · Failing sources", page => Number(page, totals => totals.Last?.Failing, value => value > 0 ? MetricStyle.Danger : MetricStyle.Default));

    private static readonly DashboardMetric Due = new("aggregator:due", "待抓取 · Due", page => Number(page, totals => totals.Last?.Due, _ => MetricStyle.Default));

    private static readonly DashboardMetric Today = new(
        "aggregator:today", "今日条目（UTC） · Entries today", page => Number(page, totals => totals.Last?.EntriesToday, _ => MetricStyle.Default));

    private static readonly DashboardMetric Captures = new(
        "aggregator:captures", "待抓取的网页 · Captures waiting", page => Number(page, totals => totals.LastCaptures, _ => MetricStyle.Default));

    /// <summary>Puts them on the home page; once for a process.</summary>
    public static void Register()
    {
        foreach (var metric in (DashboardMetric[])[Due, Failing, Today, Captures]) GlobalConfiguration.Configuration.UseDashboardMetric(metric);
    }

    private static Metric Number(RazorPage page, Func<DashboardTotals, long?> choose, Func<long, MetricStyle> style)
    {
        var totals = page.Context.GetHttpContext().RequestServices.GetRequiredService<DashboardTotals>();
        return choose(totals) is { } value ? new Metric(value) { Style = style(value), Highlighted = false } : new Metric("–");
    }
}
