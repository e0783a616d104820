using System.Net;

namespace Aggregator.Server.Metrics;

/// <summary>The section <c>Metrics</c> of the configuration.</summary>
internal sealed class MetricsOptions
{
    /// <summary>
    /// Addresses and CIDR blocks that may read <c>/metrics</c>. Empty: this machine alone, and not even that once
    /// <c>Aggregator:PublicUrl</c> names a public host, for then requests of this machine may be a proxy's.
    /// </summary>
    public IList<string> AllowedFrom { get; set; } = [];

    /// <summary>Where meters and traces are sent by OTLP, or null for nowhere.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        foreach (var (text, index) in AllowedFrom.Select((text, index) => (text, index)))
            if (!TryParse(text, out _))
                return $"Metrics:AllowedFrom:{index} is '{text}'; it must be an IP address or a CIDR block such as 10.0.0.0/8.";
        return OtlpEndpoint is { Length: > 0 } && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            ? $"Metrics:OtlpEndpoint is '{OtlpEndpoint}'; it must be an absolute http or https address."
            : null;
    }

    /// <summary>Whether a peer may read the metrics.</summary>
    /// <param name="peer">The address at the other end of the connection.</param>
    /// <param name="publicUrl">Our public address.</param>
    public bool Allows(IPAddress? peer, Uri publicUrl)
    {
        if (peer is null) return false;
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        return AllowedFrom.Count > 0
            ? AllowedFrom.Any(text => TryParse(text, out var network) && network.Contains(peer))
            : publicUrl.IsLoopback && IPAddress.IsLoopback(peer);
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network)) return true;
        if (!IPAddress.TryParse(text, out var address)) return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
