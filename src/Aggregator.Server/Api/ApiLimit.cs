using Aggregator.Server.Hosting;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Api;

/// <summary>Lets a key, or an account that is signed in, make only so many requests in a minute (<see cref="ApiOptions.RequestsPerMinute"/>). Each process counts by itself.</summary>
internal sealed class ApiLimit(IOptions<ApiOptions> options) : IDisposable
{
    private readonly RequestWindow _window = new(options.Value.RequestsPerMinute, TimeSpan.FromMinutes(1));

    /// <inheritdoc cref="RequestWindow.Admit"/>
    public bool Admit(HttpContext context) => _window.Admit(context, NameOf(context));

    /// <inheritdoc />
    public void Dispose() => _window.Dispose();

    private static string NameOf(HttpContext context) =>
        context.User.FindFirst(ApiKeyAuthentication.KeyClaim)?.Value is { } key ? "key:" + key : "account:" + context.User.Identity?.Name;
}
