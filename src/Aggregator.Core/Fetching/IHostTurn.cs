namespace Aggregator.Core.Fetching;

/// <summary>A fetch's turn at a host, which moves along with its redirects.</summary>
public interface IHostTurn
{
    /// <summary>
    /// Gives up the turn at the host that was asked, so that nobody who waits holds anything, and waits for one at the host
    /// of <paramref name="url"/>, which may be the same again.
    /// </summary>
    /// <returns>Null when the next request may start; else when it is worth trying again, for no turn came in time.</returns>
    ValueTask<DateTimeOffset?> MoveToAsync(Uri url, CancellationToken cancellationToken);

    /// <summary>Keeps everybody from the host of <paramref name="url"/>, because its operator said until when (<c>Retry-After</c>).</summary>
    Task CloseAsync(Uri url, DateTimeOffset until, CancellationToken cancellationToken);
}
