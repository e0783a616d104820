namespace Aggregator.Server.Browse;

/// <summary>Tells the page that is rendered in this scope for what it is; empty where it is simply the request at hand.</summary>
internal sealed class RenderedFor
{
    /// <summary>For what, or null.</summary>
    public PageRequest? Request { get; set; }
}
