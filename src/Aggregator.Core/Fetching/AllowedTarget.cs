using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Aggregator.Core.Fetching;

/// <summary>One line of the allow-list: a host name, an address or a block of addresses, each with a port or without.</summary>
public sealed class AllowedTarget
{
    private readonly string? _host;
    private readonly IPNetwork? _network;
    private readonly int? _port;

    private AllowedTarget(string? host, IPNetwork? network, int? port) => (_host, _network, _port) = (host, network, port);

    /// <summary>Reads <c>intranet.example</c>, <c>intranet.example:8080</c>, <c>10.0.0.7</c>, <c>[::1]:9100</c>, <c>127.0.0.0/8</c> or <c>127.0.0.0/8:9100</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AllowedTarget? target)
    {
        target = null;
        if (string.IsNullOrWhiteSpace(text)) return false;
        text = text.Trim();
        if (TryParseAddresses(text, out var network))
        {
            target = new AllowedTarget(null, network, null);
            return true;
        }

        var rest = text;
        int? port = null;
        var colon = text.LastIndexOf(':');
        if (colon >= 0)
        {
            if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return false;
            port = number;
            rest = text[..colon];
        }

        if (TryParseAddresses(rest.Trim('[', ']'), out network))
        {
            target = new AllowedTarget(null, network, port);
            return true;
        }

        if (Uri.CheckHostName(rest) != UriHostNameType.Dns) return false;
        target = new AllowedTarget(CanonicalHost(rest), null, port);
        return true;
    }

    /// <summary>Whether a host name is let through on this port, whatever it resolves to.</summary>
    public bool AllowsHost(string host, int port) =>
        _host is not null && (_port is null || _port == port) && string.Equals(_host, CanonicalHost(host), StringComparison.Ordinal);

    /// <summary>Whether a connected address is let through on this port.</summary>
    public bool AllowsAddress(IPAddress address, int port) =>
        _network is { } network && (_port is null || _port == port) && network.Contains(address);

    /// <summary>A host name as it is compared: in lower case, in ASCII (RFC 5891), without the root's dot.</summary>
    internal static string CanonicalHost(string host)
    {
        host = host.TrimEnd('.').ToLowerInvariant();
        if (System.Text.Ascii.IsValid(host)) return host;
        try
        {
            return new IdnMapping().GetAscii(host).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return host; // No name that could be resolved either.
        }
    }

    private static bool IsPlain(IPAddress address, string text) => string.Equals(address.ToString(), text, StringComparison.OrdinalIgnoreCase);

    private static bool TryParseAddresses(string text, out IPNetwork network)
    {
        // IPAddress and IPNetwork also read "1" and "0x7f.1"; in a list that opens doors only the plain forms count.
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out network) && IsPlain(network.BaseAddress, text[..text.IndexOf('/', StringComparison.Ordinal)]);
        network = default;
        if (!IPAddress.TryParse(text, out var address) || !IsPlain(address, text)) return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
