using System.Net;

namespace Aggregator.Testing;

/// <summary>How a source misbehaves until told otherwise.</summary>
public abstract record LoopbackUpstreamFault
{
    private LoopbackUpstreamFault()
    {
    }

    /// <summary>It answers with a status and a short text.</summary>
    /// <param name="Code">The status, 400–599.</param>
    /// <param name="RetryAfter">Sent as <c>Retry-After</c> in whole seconds (RFC 9110 §10.2.3), or null for none.</param>
    public sealed record Status(HttpStatusCode Code, TimeSpan? RetryAfter = null) : LoopbackUpstreamFault;

    /// <summary>It answers 200 with a page for people.</summary>
    public sealed record HtmlPage : LoopbackUpstreamFault;

    /// <summary>It answers 200 with no byte.</summary>
    public sealed record EmptyBody : LoopbackUpstreamFault;

    /// <summary>It promises the whole document, sends half of it and resets the connection.</summary>
    public sealed record AbortedBody : LoopbackUpstreamFault;

    /// <summary>It sends half of the document as if that were all.</summary>
    public sealed record TruncatedDocument : LoopbackUpstreamFault;

    /// <summary>It sends a redirect to another address of the same source, which answers well.</summary>
    /// <param name="Code">301, 302, 307 or 308.</param>
    public sealed record Redirect(HttpStatusCode Code) : LoopbackUpstreamFault;

    /// <summary>It redirects to itself for ever.</summary>
    public sealed record RedirectLoop : LoopbackUpstreamFault;

    /// <summary>It answers well, but late.</summary>
    /// <param name="Delay">The time before the first byte.</param>
    public sealed record Slow(TimeSpan Delay) : LoopbackUpstreamFault;
}
