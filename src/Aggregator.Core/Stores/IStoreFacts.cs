namespace Aggregator.Core.Stores;

/// <summary>Tells what the store is.</summary>
public interface IStoreFacts
{
    /// <summary>Reads it from the database.</summary>
    Task<StoreFacts> ReadAsync(CancellationToken cancellationToken);
}
