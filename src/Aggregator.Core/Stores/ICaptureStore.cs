namespace Aggregator.Core.Stores;

/// <summary>
/// The pages that are to be captured, with their schedule and the leases on them. They come in with the refresh that stores their
/// entries (<see cref="RefreshWrite.Captures"/>), in its transaction, so that a crash loses none.
/// </summary>
public interface ICaptureStore
{
    /// <summary>How many are due and unleased at <paramref name="now"/>, those of hosts left out that are closed until later and of sources that are paused.</summary>
    Task<int> CountDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Leases up to <paramref name="limit"/> due captures to <paramref name="owner"/> until <paramref name="until"/>, longest due first.
    /// None is ever leased to two owners at once, over all processes.
    /// </summary>
    Task<IReadOnlyList<DueCapture>> ClaimDueAsync(string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>Writes a look and ends its lease in one transaction: the page as a version of its entry, and the capture's state.</summary>
    Task<CaptureSaved> SaveAsync(CaptureWrite write, CancellationToken cancellationToken);

    /// <summary>Gives leases back and makes these captures due at the times given. Leases of others are left alone.</summary>
    Task DeferAsync(IReadOnlyCollection<(long EntryId, DateTimeOffset DueAt)> captures, string owner, CancellationToken cancellationToken);

    /// <summary>Ends every lease: for a start that knows itself to be the only process on the store. Returns how many there were.</summary>
    Task<int> ReleaseAllAsync(CancellationToken cancellationToken);

    /// <summary>How it stands with the captures of these sources; a source without any is left out.</summary>
    Task<IReadOnlyDictionary<long, CaptureHealth>> HealthAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken);
}
