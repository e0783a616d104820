namespace Aggregator.Core.Stores;

/// <summary>The keys with which all nodes that share the store protect cookies and forms. Whoever can read the store can read them.</summary>
public interface IKeyStore
{
    /// <summary>The most keys that are read: a key is made every 90 days.</summary>
    const int MaxKeys = 1_000;

    /// <summary>All keys as XML, the oldest first, at most <see cref="MaxKeys"/> of the newest.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key.</summary>
    Task AddAsync(string name, string xml, DateTimeOffset now, CancellationToken cancellationToken);
}
