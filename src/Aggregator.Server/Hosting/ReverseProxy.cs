using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Aggregator.Server.Hosting;

/// <summary>
/// Believes the proxy in front of us who the visitor is and how he came (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>).
/// Without it every visitor would be the proxy, and a stranger who guesses passwords would lock everybody out.
/// </summary>
internal static class ReverseProxy
{
    /// <summary>Has to stand before whatever looks at the visitor's address.</summary>
    /// <param name="app">The server.</param>
    /// <param name="trusted">Proxies besides those on this machine.</param>
    public static IApplicationBuilder UseReverseProxy(this IApplicationBuilder app, IReadOnlyList<IPNetwork> trusted)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        // A chain of proxies of ours: each trusted one is passed by, the first other address is the visitor.
        if (trusted.Count > 0) options.ForwardLimit = null;
        foreach (var network in trusted) options.KnownIPNetworks.Add(network);
        return app.UseForwardedHeaders(options);
    }

    /// <summary>The addresses and CIDR blocks of <c>Aggregator:TrustedProxies</c>.</summary>
    /// <exception cref="SettingException">One of them is neither.</exception>
    public static IReadOnlyList<IPNetwork> Read(IList<string> proxies) =>
        [.. proxies.Select((proxy, index) =>
            IPNetwork.TryParse(proxy, out var network) ? network
            : IPAddress.TryParse(proxy, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new SettingException($"Aggregator:TrustedProxies:{index} is '{proxy}'; it must be an IP address or a CIDR block such as 10.0.0.0/8."))];
}
