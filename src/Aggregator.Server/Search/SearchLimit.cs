using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Search;

/// <summary>Lets an address make only so many searches in a minute (<see cref="SearchOptions.RequestsPerMinute"/>). Each process counts by itself.</summary>
internal sealed class SearchLimit(IOptions<SearchOptions> options) : IDisposable
{
    private readonly RequestWindow _window = new(options.Value.RequestsPerMinute, TimeSpan.FromMinutes(1));

    /// <inheritdoc cref="RequestWindow.Admit"/>
    public bool Admit(HttpContext context) => _window.Admit(context, SignInThrottle.Network(context.Connection.RemoteIpAddress));

    /// <inheritdoc />
    public void Dispose() => _window.Dispose();
}
