namespace Aggregator.Core.Stores;

/// <summary>Small facts that the program has to remember about itself, by name.</summary>
public interface IMarkStore
{
    /// <summary>The value of a mark, or null.</summary>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets a mark.</summary>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);
}
