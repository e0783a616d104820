using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>What to fetch.</summary>
/// <param name="Url">The address; see <see cref="Source.Url"/>. User name and password in it are sent as basic authentication, to its own origin only.</param>
/// <param name="Validators">What the last answer let us ask with, or none for an unconditional request.</param>
public sealed record FetchRequest(string Url, Validators? Validators = null)
{
    /// <summary>What an admin wants of this source's requests, or null.</summary>
    public FetchSettings? Settings { get; init; }

    /// <summary>
    /// Where the body's memory comes from; the body is valid until it is disposed of, by whoever opened it. Null for a body
    /// that is the garbage collector's.
    /// </summary>
    public ByteLease? Lease { get; init; }

    /// <summary>The turn at the address's host, which redirects move along; null when nobody keeps order.</summary>
    public IHostTurn? Turn { get; init; }

    /// <summary>Written to while the fetch runs, or null.</summary>
    public FetchTrace? Trace { get; init; }
}
