using System.Net;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Takedown;

/// <summary>Lets an address send only so many requests in an hour (<see cref="TakedownOptions.RequestsPerHour"/>). Each process counts by itself.</summary>
internal sealed class TakedownLimit(IOptions<TakedownOptions> options) : IDisposable
{
    private readonly RequestWindow _window = new(options.Value.RequestsPerHour, TimeSpan.FromHours(1));

    /// <summary>Counts a request. Null when it may go on, else how long to wait.</summary>
    public TimeSpan? Begin(IPAddress? address) => _window.Begin(SignInThrottle.Network(address));

    /// <inheritdoc />
    public void Dispose() => _window.Dispose();
}
