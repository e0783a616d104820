using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Core.Capturing;

/// <summary>What a <see cref="PoliteFetcher"/> is to fetch.</summary>
/// <param name="Url">The address.</param>
internal sealed record PageRequest(string Url)
{
    /// <summary>Judges the address of each hop before it is asked: why it is not to be, or null; and the gap that its host asks for.</summary>
    public Func<Uri, CancellationToken, Task<(PageReading? Instead, TimeSpan Gap)>>? Judge { get; init; }

    /// <summary>The settings of the source for a hop's address.</summary>
    public Func<Uri, FetchSettings?> SettingsFor { get; init; } = static _ => null;

    /// <summary>What is accepted.</summary>
    public required string Accept { get; init; }

    /// <summary>The largest body after decompression, in bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Whether of a larger body the beginning is taken.</summary>
    public bool TakesBeginning { get; init; }

    /// <summary>The most redirects.</summary>
    public required int MaxRedirects { get; init; }

    /// <summary>What the last answer let us ask with: for the first hop only.</summary>
    public Validators? Validators { get; init; }

    /// <summary>Whether it follows on a request that has just been made for the same article, so that the host's whole gap is waited for.</summary>
    public bool IsFurther { get; init; }

    /// <summary>Where the body's memory comes from.</summary>
    public required ByteLease Lease { get; init; }
}
