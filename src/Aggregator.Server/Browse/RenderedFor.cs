namespace Aggregator.Server.Browse;

/// <summary>Tells what is rendered in this scope for whom it is: for everybody who asks for a page, or for the one request at hand.</summary>
internal sealed class RenderedFor
{
    /// <summary>The page that is for everybody, or null.</summary>
    public PageRequest? Request { get; set; }

    /// <summary>The request at hand, or null outside of one.</summary>
    public HttpContext? Visit { get; set; }
}
