namespace Aggregator.Server.Hosting;

/// <summary>The section <c>Aggregator</c> of the configuration.</summary>
public sealed class AggregatorOptions
{
    /// <summary>Where <c>store.db</c>, <c>jobs.db</c>, the keys and the owner's lock lie; relative to the working folder.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>The folder whose OPML files are imported at the first start; empty for none.</summary>
    public string Catalogue { get; set; } = "feeds";

    /// <summary>What this process is: <c>web</c>, <c>worker</c>, or both with a comma between.</summary>
    public string Roles { get; set; } = "web,worker";

    /// <summary>The base of every absolute address that we publish; null for the address that we listen on.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Addresses and CIDR blocks of reverse proxies that are believed who the visitor is; those on this machine always are.</summary>
    public IList<string> TrustedProxies { get; set; } = [];
}
