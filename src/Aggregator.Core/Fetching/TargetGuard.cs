using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Aggregator.Core.Fetching;

/// <summary>
/// Judges the address that a connection is about to be made to, so that no feed, redirect or DNS answer can turn us against
/// our own network (server-side request forgery). It is asked with the address itself, at the moment of connecting: what a
/// name resolved to earlier says nothing.
/// </summary>
public sealed class TargetGuard
{
    // IANA special-purpose registries (RFC 6890 and successors): everything that is not globally reachable.
    private static readonly IPNetwork[] NotPublic =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/96"), IPNetwork.Parse("::ffff:0:0:0/96"), IPNetwork.Parse("64:ff9b:1::/48"), IPNetwork.Parse("100::/64"), IPNetwork.Parse("100:0:0:1::/64"),
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("3fff::/20"), IPNetwork.Parse("5f00::/16"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    // Cloud metadata that stands on an address of the public internet.
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("168.63.129.16")];

    private readonly AllowedTarget[] _allowed;
    private readonly Uri[] _own;

    /// <summary>Makes a guard with an allow-list.</summary>
    /// <param name="allowedTargets">What is let through although it is not public.</param>
    /// <param name="own">Our own addresses, public and listened on: never let through, whatever the list says.</param>
    /// <exception cref="FormatException">A line of the list cannot be read.</exception>
    public TargetGuard(IEnumerable<string> allowedTargets, IEnumerable<Uri>? own = null)
    {
        ArgumentNullException.ThrowIfNull(allowedTargets);
        _allowed = [.. allowedTargets.Select(text =>
            AllowedTarget.TryParse(text, out var target) ? target : throw new FormatException($"'{text}' is no host, host:port, address or CIDR block."))];
        _own = own is null ? [] : [.. own];
    }

    /// <summary>Whether a connection to <paramref name="address"/>, for a request to <paramref name="host"/>, may be made.</summary>
    public bool Allows(string host, IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(address);
        address = Plain(address);
        return !IsOwn(host, address, port)
            && (IsPublic(address) || _allowed.Any(target => target.AllowsHost(host, port) || target.AllowsAddress(address, port)));
    }

    /// <summary>Whether an address belongs to the public internet: no special-purpose block, and no tunnel to one.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        address = Plain(address);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();
            if (Nat64.Contains(address)) return IsPublic(new IPAddress(bytes.AsSpan(12, 4)));
            if (SixToFour.Contains(address)) return IsPublic(new IPAddress(bytes.AsSpan(2, 4)));
            // ISATAP (RFC 5214): the last four bytes are the tunnel's end, behind whatever prefix.
            if (bytes.AsSpan(8, 4) is [0 or 2, 0, 0x5E, 0xFE] && !IsPublic(new IPAddress(bytes.AsSpan(12, 4)))) return false;
        }

        return !Array.Exists(NotPublic, network => network.Contains(address)) && !Array.Exists(Metadata, metadata => metadata.Equals(address));
    }

    private bool IsOwn(string host, IPAddress address, int port)
    {
        foreach (var own in _own)
        {
            if (own.Port != port) continue;
            if (string.Equals(AllowedTarget.CanonicalHost(host), AllowedTarget.CanonicalHost(own.IdnHost), StringComparison.Ordinal)) return true;
            if (IPAddress.TryParse(own.IdnHost.Trim('[', ']'), out var listening))
            {
                listening = Plain(listening);
                if (IsEverywhere(listening) ? IsEverywhere(address) || IsOfThisMachine(address) : listening.Equals(address)) return true;
                // A connection to "no address" arrives at loopback.
                if (IPAddress.IsLoopback(listening) && IsEverywhere(address)) return true;
            }
            else if (string.Equals(own.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase) && (IPAddress.IsLoopback(address) || IsEverywhere(address)))
            {
                return true;
            }
        }

        return false;
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes())
        : address;

    private static bool IsEverywhere(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsOfThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Any(unicast => Plain(unicast.Address).Equals(address));
}
