using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Selections;

/// <summary>Lets an address change selections only so often in a minute (<see cref="SelectionOptions.WritesPerMinute"/>). Each process counts by itself.</summary>
internal sealed class SelectionLimit(IOptions<SelectionOptions> options) : IDisposable
{
    private readonly RequestWindow _window = new(options.Value.WritesPerMinute, TimeSpan.FromMinutes(1));

    /// <inheritdoc cref="RequestWindow.Admit"/>
    public bool Admit(HttpContext context) => _window.Admit(context, SignInThrottle.Network(context.Connection.RemoteIpAddress));

    /// <inheritdoc />
    public void Dispose() => _window.Dispose();
}
