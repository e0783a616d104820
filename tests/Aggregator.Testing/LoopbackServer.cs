using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Testing;

/// <summary>A real HTTP server on a free loopback port that answers with one delegate.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Its address, <c>http://127.0.0.1:PORT/</c>, or <c>https:</c>.</summary>
    public Uri Address { get; }

    /// <summary>Starts one; with a certificate it speaks TLS, and HTTP/2 to who can. On a port of 127.0.0.1 that is free, or where it is told.</summary>
    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null, IPEndPoint? at = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            // Many servers write their headers so.
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Listen(at ?? new IPEndPoint(IPAddress.Loopback, 0), endpoint =>
            {
                if (certificate is not null) endpoint.UseHttps(certificate);
            });
        });
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new LoopbackServer(app, new Uri(address + "/"));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
