using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>The categories.</summary>
public interface ICategoryStore
{
    /// <summary>All categories by position, then title.</summary>
    Task<IReadOnlyList<Category>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The category with that slug, or null.</summary>
    Task<Category?> FindAsync(string slug, CancellationToken cancellationToken);

    /// <summary>Adds a category (its <see cref="Category.Id"/> is ignored), or finds the one with that slug and leaves it as it is.</summary>
    /// <exception cref="ArgumentException">The slug is not valid.</exception>
    Task<Category> AddAsync(Category category, CancellationToken cancellationToken);

    /// <summary>Switches the visible attribution line of a category's feeds and raises its version. False when there is no such category.</summary>
    Task<bool> SetShowAttributionAsync(string slug, bool show, DateTimeOffset now, CancellationToken cancellationToken);
}
