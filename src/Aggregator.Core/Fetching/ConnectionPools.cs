using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;

namespace Aggregator.Core.Fetching;

/// <summary>
/// The pools of connections: one for nearly everything, and one each for what must not share connections with the others,
/// because it goes through a proxy or trusts a certificate that nobody vouches for.
/// </summary>
internal sealed class ConnectionPools(FetchingOptions options, GuardedConnector connector) : IDisposable
{
    /// <summary>The most special pools that are kept; sources beyond share nothing and open a connection each time.</summary>
    private const int MaxSpecial = 64;

    private readonly ConcurrentDictionary<(string? Proxy, string? Pin, string? PinnedHost), HttpMessageInvoker> _special = new();
    private readonly HttpMessageInvoker _common = Make(options, connector, null, null, null);

    /// <summary>The pool for a request.</summary>
    /// <param name="proxy">The proxy that it goes through, or null.</param>
    /// <param name="pin">The SHA-256 of the one certificate that is accepted, in hexadecimal, or null.</param>
    /// <param name="host">The host that it goes to.</param>
    /// <param name="isOwned">Whether the caller has to dispose of it after the request.</param>
    public HttpMessageInvoker For(string? proxy, string? pin, string host, out bool isOwned)
    {
        isOwned = false;
        if (proxy is null && pin is null) return _common;
        var key = (proxy, pin, pin is null ? null : host);
        if (_special.TryGetValue(key, out var pool)) return pool;
        if (_special.Count >= MaxSpecial)
        {
            isOwned = true;
            return Make(options, connector, key.proxy, key.pin, key.Item3);
        }

        var made = Make(options, connector, key.proxy, key.pin, key.Item3);
        pool = _special.GetOrAdd(key, made);
        if (!ReferenceEquals(pool, made)) made.Dispose();
        return pool;
    }

    public void Dispose()
    {
        _common.Dispose();
        foreach (var pool in _special.Values) pool.Dispose();
    }

    private static WebProxy ProxyAt(Uri address)
    {
        var proxy = new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        if (address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, ..] parts)
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
        return proxy;
    }

    private static HttpMessageInvoker Make(FetchingOptions options, GuardedConnector connector, string? proxy, string? pin, string? pinnedHost)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            // A proxy of the environment would connect in our place, past the guard; one that an admin set for a source is judged.
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : ProxyAt(new Uri(proxy)),
            MaxResponseHeadersLength = options.MaxHeaderKibibytes,
            MaxConnectionsPerServer = options.PerHostConcurrency,
            // A crawl passes thousands of hosts: what idles costs memory, and sources of one host follow each other closely.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ActivityHeadersPropagator = null,
        };
        if (pin is not null)
        {
            var expected = Convert.FromHexString(pin);
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = pinnedHost,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    errors == SslPolicyErrors.None
                    || (certificate is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), expected)),
            };
        }

        return new HttpMessageInvoker(handler);
    }
}
