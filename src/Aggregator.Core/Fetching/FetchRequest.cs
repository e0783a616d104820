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

    /// <summary>What is accepted (RFC 9110 §12.5.1), or null for feeds.</summary>
    public string? Accept { get; init; }

    /// <summary>Whether redirects are followed; when not, one ends the fetch with <see cref="FetchResult.Redirected"/>.</summary>
    public bool FollowsRedirects { get; init; } = true;

    /// <summary>The largest body after decompression, in bytes, where it is less than <see cref="FetchingOptions.MaxBodyBytes"/>; null for that.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Whether of a larger body the beginning is taken, instead of nothing.</summary>
    public bool TakesBeginning { get; init; }

    /// <summary>The turn at the address's host, which redirects move along; null when nobody keeps order.</summary>
    public IHostTurn? Turn { get; init; }

    /// <summary>Written to while the fetch runs, or null.</summary>
    public FetchTrace? Trace { get; init; }
}
