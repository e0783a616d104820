using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Health;

/// <summary><c>/healthz</c> says that the process lives, <c>/readyz</c> that it can use its store.</summary>
internal static class HealthEndpoints
{
    /// <summary>A store that takes longer than this for one look-up cannot serve readers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => TypedResults.Text("ok"));
        endpoints.MapGet("/readyz", async (IEntryStore entries, ILogger<IEntryStore> logger, CancellationToken cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                await entries.VersionAsync(Topic.Everything, limit.Token);
                return Results.Text("ready");
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogError(error, "The store does not answer");
                return Results.Text("the store does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        });
        return endpoints;
    }
}
