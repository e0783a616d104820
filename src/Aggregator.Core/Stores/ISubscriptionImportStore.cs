namespace Aggregator.Core.Stores;

/// <summary>Subscription lists that are being imported, and what came of the last ones.</summary>
public interface ISubscriptionImportStore
{
    /// <summary>How many imports are remembered; older ones go when another begins.</summary>
    const int MaxKept = 20;

    /// <summary>Keeps a list until it is imported. Returns its number.</summary>
    /// <param name="name">What the admin called it: a file's name or an address.</param>
    /// <param name="document">The list as it came.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    Task<long> AddAsync(string name, ReadOnlyMemory<byte> document, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The list that waits under this number, or null when it is imported already or unknown.</summary>
    Task<byte[]?> FindDocumentAsync(long importId, CancellationToken cancellationToken);

    /// <summary>Says how far an import is.</summary>
    Task ReportAsync(long importId, int done, int total, CancellationToken cancellationToken);

    /// <summary>Keeps the report of an import that ended, and lets its document go.</summary>
    /// <param name="importId">Its number.</param>
    /// <param name="report">What came of it, in the writer's own format.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    Task FinishAsync(long importId, string report, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One import, or null.</summary>
    Task<ImportState?> FindAsync(long importId, CancellationToken cancellationToken);

    /// <summary>The last imports without their reports, newest first.</summary>
    Task<IReadOnlyList<ImportState>> ListAsync(CancellationToken cancellationToken);
}
