using Aggregator.Core.Diagnostics;
using Aggregator.Server.Hosting;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aggregator.Server.Metrics;

/// <summary><c>/metrics</c> in Prometheus's text form, and OTLP where it is configured.</summary>
internal static class MetricsEndpoints
{
    private const string Path = "/metrics";

    /// <summary>Adds OpenTelemetry.</summary>
    public static IServiceCollection AddMetricsExport(this IServiceCollection services, ServerSettings settings)
    {
        if (settings.IsWorker) services.AddHostedService<DueMonitor>();
        var otlp = settings.Metrics.OtlpEndpoint is { Length: > 0 } address ? new Uri(address) : null;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("aggregator", serviceVersion: CoreServices.Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(AggregatorTelemetry.Name, "System.Runtime").AddPrometheusExporter();
                if (otlp is not null) metrics.AddOtlpExporter(exporter => Configure(exporter, otlp, "/v1/metrics"));
            });
        if (otlp is not null)
            telemetry.WithTracing(traces => traces.AddSource(AggregatorTelemetry.Name)
                .AddOtlpExporter(exporter => Configure(exporter, otlp, "/v1/traces")));
        return services;
    }

    /// <summary>Maps <c>/metrics</c> for those who may read it; for others it does not exist.</summary>
    public static void MapMetrics(this WebApplication app, ServerSettings settings)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path) && !settings.Metrics.Allows(context.Connection.RemoteIpAddress, settings.PublicUrl),
            refused => refused.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }));
        // The exporter takes any method, and does the same for all of them.
        app.MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }

    private static void Configure(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);
    }
}
