using Aggregator.Core.Diagnostics;
using Aggregator.Core.Publishing;

namespace Aggregator.Server.Publish;

/// <summary>The short way to a feed that is in memory: a look-up and a write, before anything else is asked.</summary>
internal static class CachedFeeds
{
    /// <summary>
    /// Answers plain requests for feeds that <see cref="FeedCache.FindKept"/> knows; whatever is not known to be current, has a query, asks for a delta or
    /// is no feed goes on to <see cref="PublishEndpoints"/>, with the same answer.
    /// </summary>
    public static IApplicationBuilder UseCachedFeeds(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var (time, telemetry) = (services.GetRequiredService<TimeProvider>(), services.GetService<AggregatorTelemetry>());
        // Not before the first request: what renders may have to know where the server listens.
        var feeds = new Lazy<FeedCache>(services.GetRequiredService<FeedCache>);
        return app.Use(next => context =>
        {
            if (!TryRead(context.Request, out var name, out var format) || feeds.Value.FindKept(name, format) is not { } rendering) return next(context);
            var written = FeedResponse.WriteAsync(context, rendering, delta: null, feeds.Value.CacheControl, time.GetUtcNow());
            telemetry?.FeedServed(context.Response.StatusCode, format);
            return written;
        });
    }

    /// <summary>Reads the address of a feed as we write it; every other spelling is the endpoints' to judge.</summary>
    internal static bool TryRead(HttpRequest request, out TopicName name, out FeedFormat format)
    {
        (name, format) = (default, default);
        var path = request.Path.Value;
        if (path is null || request.QueryString.HasValue || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))) return false;
        if (DeltaRequest.IsTaken(request)) return false;
        var dot = path.LastIndexOf('.');
        if (dot < 0 || FeedFormats.FromExtension(path.AsSpan(dot + 1)) is not { } known) return false;
        format = known;
        if (FeedPath.NameOf(path.AsSpan(0, dot)) is not { } named) return false;
        name = named;
        return true;
    }
}
