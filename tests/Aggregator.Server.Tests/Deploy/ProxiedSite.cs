using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aggregator.Server.Publish;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Deploy;

/// <summary>The real program with the bundled samples, and in front of it real proxies with the files of <c>deploy/</c>.</summary>
public sealed class ProxiedSite : IAsyncLifetime
{
    /// <summary>The name that the files of <c>deploy/</c> have in the place of the site's own.</summary>
    public const string Host = "news.example.org";

    /// <summary>After what time nginx, which counts in whole seconds, no longer takes a feed for fresh.</summary>
    public static readonly TimeSpan NoLongerFresh = MaxAge + TimeSpan.FromSeconds(1.2);

    private const string Nginx = "/usr/sbin/nginx";
    private const string Caddy = "/usr/bin/caddy";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ChildProcess> _proxies = [];
    private RunningAggregator? _program;

    private static TimeSpan MaxAge => TimeSpan.FromSeconds(2);

    /// <summary>Why there is no nginx in front, or null.</summary>
    public static string? NginxSkipReason { get; } = File.Exists(Nginx) ? null : $"There is no {Nginx}: apt-get install nginx-light";

    /// <summary>Why there is no Caddy in front, or null.</summary>
    public static string? CaddySkipReason { get; } = File.Exists(Caddy) ? null : $"There is no {Caddy}: apt-get install caddy";

    /// <summary>The program itself, past the proxies.</summary>
    public HttpClient Direct => _program!.Http;

    /// <summary>Where the program speaks TLS itself.</summary>
    public int OwnTlsPort { get; private set; }

    /// <summary>Where nginx speaks TLS.</summary>
    public int NginxPort { get; private set; }

    /// <summary>Where nginx sends visitors on to TLS.</summary>
    public int NginxPlainPort { get; private set; }

    /// <summary>Where Caddy speaks TLS.</summary>
    public int CaddyPort { get; private set; }

    /// <summary>Where nginx writes requests that the configuration does not keep out.</summary>
    public string NginxLog => _folder.File("access.log");

    /// <summary>A visitor at the site's name who connects from a loopback address of his own, follows no redirect and unpacks nothing.</summary>
    public static HttpClient CreateVisitor(int port, string from = "127.0.0.1", bool tls = true) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => (certificate as X509Certificate2)?.MatchesHostname(Host) == true },
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri(tls ? $"https://{Host}/" : $"http://{Host}/"),
        DefaultRequestVersion = tls ? HttpVersion.Version20 : HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        WriteCertificate();
        Directory.CreateDirectory(_folder.File("feeds/samples"));
        var feeds = Path.Combine(Repository.Root, "feeds");
        File.Copy(Path.Combine(feeds, "samples.opml"), _folder.File("feeds/samples.opml"));
        foreach (var sample in Directory.GetFiles(Path.Combine(feeds, "samples"))) File.Copy(sample, _folder.File("feeds/samples/" + Path.GetFileName(sample)));

        var port = FreePort.Next();
        OwnTlsPort = FreePort.Next();
        _program = await RunningAggregator.StartAsync(
            _folder.Path, cancellation, $"--Urls=http://127.0.0.1:{Text(port)};https://127.0.0.1:{Text(OwnTlsPort)}", $"--Aggregator:PublicUrl=https://{Host}",
            $"--Kestrel:Certificates:Default:Path={_folder.File("fullchain.pem")}", $"--Kestrel:Certificates:Default:KeyPath={_folder.File("privkey.pem")}",
            "--Search:RequestsPerMinute=5", $"--Publish:MaxAge={MaxAge}");
        _program.Http.BaseAddress = new Uri($"http://127.0.0.1:{Text(port)}/");
        // Until every sample is in, and no rendering is older than what it shows: nothing changes any more under the tests' hands.
        var before = -1;
        await RunningAggregator.UntilAsync(
            async () =>
            {
                await Task.Delay(FeedCache.Pace, cancellation);
                var (last, items) = (before, await _program.ItemsAsync("all.json", cancellation));
                return (Last: last, Now: before = items.Count);
            },
            static count => count.Now > 20 && count.Now == count.Last, Patience, static count => $"{count.Now} items", cancellation);
        if (NginxSkipReason is null) await StartNginxAsync(port, cancellation);
        if (CaddySkipReason is null) await StartCaddyAsync(port, cancellation);
    }

    /// <summary>Kills the program; the proxies stay.</summary>
    public Task KillProgramAsync() => _program!.Process.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
        if (_program is not null) await _program.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartNginxAsync(int port, CancellationToken cancellation)
    {
        (NginxPort, NginxPlainPort) = (FreePort.Next(), FreePort.Next());
        await File.WriteAllTextAsync(_folder.File("aggregator.conf"), Deployed(
            "nginx.conf",
            ("127.0.0.1:5080", $"127.0.0.1:{Text(port)}"), ("/etc/ssl/aggregator", _folder.Path), ("/var/cache/nginx/aggregator", _folder.File("cache")),
            ("listen 80;", $"listen 127.0.0.1:{Text(NginxPlainPort)};"), ("listen [::]:80;", ""),
            ("listen 443 ", $"listen 127.0.0.1:{Text(NginxPort)} "), ("listen [::]:443 ssl http2;", "")), cancellation);
        // As root, nginx would work as somebody who may not enter this folder.
        var user = Environment.IsPrivilegedProcess ? "user root;" : "";
        await File.WriteAllTextAsync(_folder.File("nginx.conf"), $$"""
            daemon off;
            worker_processes 1;
            {{user}}
            pid {{_folder.File("nginx.pid")}};
            error_log stderr warn;
            events { worker_connections 256; }
            http {
                access_log {{NginxLog}};
                client_body_temp_path {{_folder.File("body")}};
                proxy_temp_path {{_folder.File("proxy")}};
                fastcgi_temp_path {{_folder.File("fastcgi")}};
                uwsgi_temp_path {{_folder.File("uwsgi")}};
                scgi_temp_path {{_folder.File("scgi")}};
                include {{_folder.File("aggregator.conf")}};
            }
            """, cancellation);
        await StartAsync(ChildProcess.Start(Nginx, ["-c", _folder.File("nginx.conf"), "-p", _folder.Path, "-e", "stderr"], _folder.Path), NginxPort, cancellation);
    }

    private async Task StartCaddyAsync(int port, CancellationToken cancellation)
    {
        CaddyPort = FreePort.Next();
        await File.WriteAllTextAsync(_folder.File("Caddyfile.site"), Deployed("Caddyfile", ("127.0.0.1:5080", $"127.0.0.1:{Text(port)}")), cancellation);
        // What keeps it on this machine: no certificate from outside, nothing put into the system's store, ports of its own.
        await File.WriteAllTextAsync(_folder.File("Caddyfile"), $$"""
            {
            	admin off
            	local_certs
            	skip_install_trust
            	auto_https disable_redirects
            	https_port {{Text(CaddyPort)}}
            	default_bind 127.0.0.1
            	storage file_system {{_folder.File("caddy")}}
            	servers {
            		protocols h1 h2
            	}
            }
            import {{_folder.File("Caddyfile.site")}}

            """, cancellation);
        var process = ChildProcess.Start(
            Caddy, ["run", "--adapter", "caddyfile", "--config", _folder.File("Caddyfile")], _folder.Path,
            new Dictionary<string, string?> { ["HOME"] = _folder.Path, ["XDG_CONFIG_HOME"] = null, ["XDG_DATA_HOME"] = null });
        await StartAsync(process, CaddyPort, cancellation);
    }

    private async Task StartAsync(ChildProcess proxy, int port, CancellationToken cancellation)
    {
        _proxies.Add(proxy);
        using var visitor = CreateVisitor(port);
        await RunningAggregator.UntilAsync(
            async () =>
            {
                if (proxy.HasExited) throw new InvalidOperationException("The proxy ended:\n" + string.Join('\n', proxy.Output));
                try
                {
                    return (await visitor.GetAsync("healthz", cancellation)).StatusCode;
                }
                catch (HttpRequestException)
                {
                    return HttpStatusCode.ServiceUnavailable;
                }
            },
            static status => status == HttpStatusCode.OK, Patience, status => $"{status}\n" + string.Join('\n', proxy.Output), cancellation);
    }

    // The file itself, with its placeholders replaced: each of them has to be there.
    private static string Deployed(string file, params (string Placeholder, string Value)[] values)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", file));
        foreach (var (placeholder, value) in values)
        {
            Assert.Contains(placeholder, text, StringComparison.Ordinal);
            text = text.Replace(placeholder, value, StringComparison.Ordinal);
        }

        return text;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder.File("fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("privkey.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
