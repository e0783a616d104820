namespace Aggregator.Core.Stores;

/// <summary>The list of what was changed, by whom and when. It only grows.</summary>
public interface IAuditStore
{
    /// <summary>The most records of one list.</summary>
    const int MaxListed = 500;

    /// <summary>Adds a change; its number.</summary>
    /// <exception cref="ArgumentException">A text of it is empty or too long.</exception>
    Task<long> AddAsync(AuditedChange change, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The newest changes.</summary>
    /// <param name="subject">Only changes to this <see cref="AuditedChange.Subject"/>; null for all.</param>
    /// <param name="before">Only those with a lower number; null for the first page.</param>
    /// <param name="limit">1 to <see cref="MaxListed"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<AuditRecord>> ListAsync(string? subject, long? before, int limit, CancellationToken cancellationToken);
}
