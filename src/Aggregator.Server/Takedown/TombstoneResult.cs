using Aggregator.Core.Takedowns;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Takedown;

/// <summary>The answer of a TimeGate to whoever asks for the original of an article that was taken down: 410, or 451.</summary>
internal sealed class TombstoneResult(Tombstone tombstone) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Append(HeaderNames.Vary, "accept-datetime");
        return TombstoneGuard.AnswerAsync(httpContext, tombstone);
    }
}
